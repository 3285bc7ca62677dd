import { expect, test } from 'vitest'
import { sizeOf } from './size'

test('sizes climb the units and keep one decimal below ten', () => {
  expect(sizeOf(0)).toBe('0 B')
  expect(sizeOf(1023)).toBe('1023 B')
  expect(sizeOf(1536)).toBe('1.5 KB')
  expect(sizeOf(12 * 1024 * 1024)).toBe('12 MB')
})
