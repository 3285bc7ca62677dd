import { expect, test } from 'vitest'
import { ProgramMap } from './program-map'

const origin = Date.parse('2026-11-23T02:00:00Z')
// Two files end to end on the media time, 8 s apart on the wall clock.
const twoFiles = new ProgramMap(
  [
    { start: 0, duration: 2, programDateTime: origin + 500 },
    { start: 2, duration: 2, programDateTime: origin + 2500 },
    { start: 4, duration: 2, programDateTime: origin + 12_500 },
  ],
  origin,
)

test('recording time and media time are each other’s inverse inside the files', () => {
  for (const at_ms of [500, 1234, 3999, 12_500, 14_499]) {
    const place = twoFiles.place(at_ms)
    expect(place.is).toBe('inside')
    if (place.is === 'inside') expect(twoFiles.at(place.mediaS)).toBeCloseTo(at_ms, 6)
  }
})

test('between two files there is nothing, and it says where it goes on', () => {
  expect(twoFiles.place(100)).toEqual({ is: 'outside', next_ms: 500 })
  expect(twoFiles.place(4500)).toEqual({ is: 'outside', next_ms: 12_500 })
  expect(twoFiles.place(14_500)).toEqual({ is: 'outside', next_ms: null })
  expect(twoFiles.end_ms).toBe(14_500)
})

test('a hole of rounding size is no hole', () => {
  const map = new ProgramMap(
    [
      { start: 0, duration: 0.48, programDateTime: origin },
      { start: 0.48, duration: 0.5, programDateTime: origin + 500 },
    ],
    origin,
  )
  expect(map.place(490).is).toBe('inside')
})

test('without segments nothing is anywhere', () => {
  const map = new ProgramMap([], origin)
  expect(map.place(0)).toEqual({ is: 'outside', next_ms: null })
  expect(map.at(1)).toBeNull()
  expect(map.end_ms).toBe(0)
})
