import { expect, test } from 'vitest'
import { learnServerClock, serverNow } from './server-clock'

const now = Date.parse('2026-11-23T10:00:00Z')

test('a clock that is minutes off is put right', () => {
  learnServerClock('Mon, 23 Nov 2026 10:05:00 GMT', now)
  expect(serverNow(now)).toBe(now + 300_500)
})

test('a difference within the precision of the header is left alone', () => {
  learnServerClock('Mon, 23 Nov 2026 10:00:01 GMT', now)
  expect(serverNow(now)).toBe(now)
})

test('an answer without a date teaches nothing', () => {
  learnServerClock('Mon, 23 Nov 2026 09:00:00 GMT', now)
  learnServerClock(null, now)
  learnServerClock('later', now)
  expect(serverNow(now)).toBe(now - 3_599_500)
})
