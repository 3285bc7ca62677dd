import { expect, it } from 'vitest'
import words from '@/texts/zh-CN/customer'
import { minutesOf, openingOf, secondsSince } from './moments'

const now = new Date(2026, 10, 23, 20, 0)

it.each([
  [new Date(2026, 10, 23, 21, 5), '今天 21:05'],
  [new Date(2026, 10, 24, 9, 0), '明天 09:00'],
  [new Date(2026, 11, 1, 9, 0), '12 月 1 日 09:00'],
])('says when a queue opens: %s', (at, said) => {
  expect(openingOf(at.toISOString(), now, words.time)).toBe(said)
})

it('says nothing about a moment that it cannot read', () => {
  expect(openingOf('soon', now, words.time)).toBeNull()
})

it('rounds a wait up to minutes and promises none below one', () => {
  expect([0, 59, 60, 61, 240].map(minutesOf)).toEqual([null, null, 1, 2, 4])
})

it('never counts backwards when two clocks differ', () => {
  expect(secondsSince(5_000, 3_000)).toBe(0)
  expect(secondsSince(1_000, 8_900)).toBe(7)
})
