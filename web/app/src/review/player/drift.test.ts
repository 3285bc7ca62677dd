import { expect, test } from 'vitest'
import { commonDrift, correctionOf } from './drift'

test('up to 20 ms nothing is touched', () => {
  expect(correctionOf(20, false)).toEqual({ is: 'rate', factor: 1 })
  expect(correctionOf(-20, false)).toEqual({ is: 'rate', factor: 1 })
})

test('beyond it, who is ahead slows down and who is behind hurries, but never audibly', () => {
  const ahead = correctionOf(60, false)
  const behind = correctionOf(-500, false)
  expect(ahead.is === 'rate' && ahead.factor).toBeLessThan(1)
  expect(behind.is === 'rate' && behind.factor).toBeGreaterThan(1)
  expect(behind.is === 'rate' && behind.factor).toBeLessThanOrEqual(1.08)
})

test('a correction that has begun goes on below the tolerance', () => {
  expect(correctionOf(-15, true)).not.toEqual({ is: 'rate', factor: 1 })
  expect(correctionOf(-4, true)).toEqual({ is: 'rate', factor: 1 })
})

test('what is far off is seeked', () => {
  expect(correctionOf(2000, false)).toEqual({ is: 'seek' })
  expect(correctionOf(-2000, true)).toEqual({ is: 'seek' })
})

test('what all pictures have in common is the clock’s to give', () => {
  expect(commonDrift([-30, -80])).toBe(-30)
  expect(commonDrift([12, 5])).toBe(5)
  expect(commonDrift([-30, 5])).toBe(0)
  expect(commonDrift([-5000])).toBe(0)
  expect(commonDrift([])).toBe(0)
})
