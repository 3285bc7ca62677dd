import { expect, test } from 'vitest'
import { bytesOf, entriesOf, gigabytesOf, linesOf } from './lines'

test('lists survive being typed', () => {
  expect(entriesOf(' 10.1.0.0/16 \n\n::1\r\n')).toEqual(['10.1.0.0/16', '::1'])
  expect(entriesOf(linesOf(['a', 'b']))).toEqual(['a', 'b'])
  expect(linesOf(null)).toBe('')
})

test('a quota survives being shown', () => {
  expect(bytesOf(gigabytesOf(5 * 1024 ** 3))).toBe(5 * 1024 ** 3)
  expect(bytesOf(gigabytesOf(1))).toBe(1)
  expect(bytesOf(null)).toBeNull()
  expect(gigabytesOf(null)).toBeNull()
})
