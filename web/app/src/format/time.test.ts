import { expect, test } from 'vitest'
import { clockOf, dayOf, momentOf, since, timeOfDayOf } from './time'

test('a length shows hours only when it has some', () => {
  expect(clockOf(0)).toBe('00:00')
  expect(clockOf(59_999)).toBe('00:59')
  expect(clockOf(754_000)).toBe('12:34')
  expect(clockOf(3_723_000)).toBe('1:02:03')
  expect(clockOf(-5)).toBe('00:00')
})

test('a moment is shown in the reader’s own zone', () => {
  const at = new Date(2026, 10, 23, 4, 3, 2)
  expect(momentOf(at.toISOString())).toBe('2026-11-23 04:03:02')
  expect(dayOf(at.toISOString())).toBe('2026-11-23')
  expect(timeOfDayOf(at.getTime())).toBe('04:03:02')
})

test('what is no moment shows as nothing', () => {
  expect(momentOf(null)).toBe('')
  expect(momentOf('yesterday')).toBe('')
  expect(dayOf(null)).toBe('')
})

test('time since a moment that the server dates ahead of us is zero', () => {
  const now = Date.parse('2026-11-23T00:00:10Z')
  expect(since('2026-11-23T00:00:00Z', now)).toBe(10_000)
  expect(since('2026-11-23T00:00:11Z', now)).toBe(0)
})
