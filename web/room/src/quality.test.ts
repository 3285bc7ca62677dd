import { expect, it } from 'vitest'
import { grade } from './quality.ts'

const fine = { round_trip_ms: 40, loss: 0, up_kbps: 5_000, down_kbps: 20_000 }

it('calls a fast line good', () => {
  expect(grade(fine)).toBe('good')
})

it.each([
  [{ round_trip_ms: 301 }, 'fair'],
  [{ round_trip_ms: 801 }, 'poor'],
  [{ loss: 0.03 }, 'fair'],
  [{ loss: 0.1 }, 'poor'],
  [{ up_kbps: 700 }, 'fair'],
  [{ up_kbps: 300 }, 'poor'],
  [{ down_kbps: 700 }, 'fair'],
  [{ down_kbps: 100 }, 'poor'],
] as const)('lets the worst figure decide: %o is %s', (worse, expected) => {
  expect(grade({ ...fine, ...worse })).toBe(expected)
})

it('does not hold against a line what could not be measured', () => {
  expect(grade({ round_trip_ms: null, loss: null })).toBe('good')
})
