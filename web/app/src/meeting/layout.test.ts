import { expect, test } from 'vitest'
import { columnsFor, largeOf } from './layout'

test('nine pictures are three by three on a screen and two wide on a phone', () => {
  expect(columnsFor(9, 1440, 800)).toBe(3)
  expect(columnsFor(9, 390, 660)).toBe(2)
  expect(columnsFor(6, 390, 660)).toBe(2)
  expect(columnsFor(2, 390, 660)).toBe(1)
  expect(columnsFor(2, 844, 330)).toBe(2)
  expect(columnsFor(1, 390, 660)).toBe(1)
})

test('who was chosen is large, then who shares, then who speaks, then who hosts', () => {
  const people = [
    { participant: 'a', role: 'guest' },
    { participant: 'b', role: 'host' },
    { participant: 'c', role: 'guest', off: [] as string[] },
    { participant: 'd', role: 'guest', off: ['screen'] },
  ]
  const shares = (who: string) => who === 'c' || who === 'd'
  expect(largeOf(people, 'a', shares)?.participant).toBe('a')
  expect(largeOf(people, null, shares)?.participant).toBe('c')
  expect(largeOf(people, 'a', shares, 'd')?.participant).toBe('a')
  expect(largeOf(people, null, shares, 'd')?.participant).toBe('c')
  expect(largeOf(people, null, () => false, 'd')?.participant).toBe('d')
  expect(largeOf(people, null, () => false, 'gone')?.participant).toBe('b')
  expect(largeOf(people, 'gone', (who) => who === 'd')?.participant).toBe('b')
  expect(largeOf([people[0]!], null, () => false)?.participant).toBe('a')
  expect(largeOf([], null, () => false)).toBeUndefined()
})
