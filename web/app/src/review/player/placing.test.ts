import { expect, test } from 'vitest'
import { pathOf, placed } from './placing'

const origin = Date.parse('2026-11-23T02:00:00Z')
const segment = (start: number, cc: number, file: string, date_ms: number | null) => ({
  start,
  duration: 2,
  cc,
  url: `https://bank.example/d/r/${file}?sig=1`,
  programDateTime: date_ms === null ? null : origin + date_ms,
})
const zeroOf = (path: string) => ({ '/d/r/a.mp4': 300, '/d/r/b.mp4': 20_000 })[path]

test('the file’s own clock wins over the date of the first picture', () => {
  // The first sound lies at the file's zero, the first picture, which is dated, 180 ms later.
  const [first] = placed([segment(0, 0, 'a.mp4', 480)], new Map([[0, 0]]), zeroOf, origin)
  expect(first?.programDateTime).toBe(origin + 300)
})

test('each file is placed by its own shift', () => {
  const [, second] = placed(
    [segment(0, 0, 'a.mp4', 300), segment(2, 1, 'b.mp4', 20_000)],
    new Map([
      [0, 0],
      [1, -2],
    ]),
    zeroOf,
    origin,
  )
  expect(second?.programDateTime).toBe(origin + 20_000)
})

test('a file that has not been loaded yet, or is not known yet, is placed by its date', () => {
  const dated = placed(
    [segment(0, 0, 'a.mp4', 480), segment(2, 1, 'new.mp4', 9000)],
    new Map([[1, -2]]),
    zeroOf,
    origin,
  )
  expect(dated.map((one) => one.programDateTime - origin)).toEqual([480, 9000])
})

test('what has neither date nor place, or no media, is left out', () => {
  expect(placed([segment(0, 0, 'new.mp4', null)], new Map(), zeroOf, origin)).toEqual([])
  expect(placed([{ ...segment(0, 0, 'a.mp4', 480), gap: true }], new Map(), zeroOf, origin)).toEqual([])
})

test('links to one file are the same whatever their signature', () => {
  expect(pathOf('https://bank.example/d/r/a.mp4?e=1&s=2')).toBe(pathOf('/d/r/a.mp4?e=9&s=8'))
})
