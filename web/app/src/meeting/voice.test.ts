import { expect, test } from 'vitest'
import { follow, SILENCE, type Voice } from './voice'

const STEP_MS = 200

/** Lets time pass in steps with everybody as loud as that, and tells who is followed at the end. */
function hear(before: Voice, from: number, lasts_ms: number, levels: Record<string, number>) {
  let voice = before
  let now = from
  for (; now <= from + lasts_ms; now += STEP_MS) voice = follow(voice, new Map(Object.entries(levels)), now)
  return { voice, now }
}

test('who speaks for a second is followed, and stays so through silence', () => {
  const early = hear(SILENCE, 0, 800, { a: 0.8, b: 0.1 })
  expect(early.voice.speaker).toBeNull()
  const { voice, now } = hear(early.voice, early.now, 0, { a: 0.8, b: 0.1 })
  expect(voice.speaker).toBe('a')
  expect(hear(voice, now, 60_000, { a: 0, b: 0 }).voice.speaker).toBe('a')
})

test('a cough does not take over, and a breath does not cost the turn', () => {
  const { voice, now } = hear(SILENCE, 0, 1_000, { a: 0.8, b: 0 })
  const cough = hear(voice, now, 400, { a: 0, b: 0.9 })
  const after = hear(cough.voice, cough.now, 800, { a: 0, b: 0 })
  const again = hear(after.voice, after.now, 600, { a: 0, b: 0.9 })
  expect(again.voice.speaker).toBe('a')
  const breath = hear(again.voice, again.now, 0, { a: 0, b: 0 })
  expect(hear(breath.voice, breath.now, 200, { a: 0, b: 0.9 }).voice.speaker).toBe('b')
})

test('whoever talks over somebody louder does not take over', () => {
  const { voice, now } = hear(SILENCE, 0, 1_000, { a: 0.8, b: 0.6 })
  expect(hear(voice, now, 5_000, { a: 0.8, b: 0.6 }).voice.speaker).toBe('a')
  expect(hear(voice, now, 1_200, { a: 0.6, b: 0.8 }).voice.speaker).toBe('b')
})

test('the hum of a room is nobody’s voice', () => {
  expect(hear(SILENCE, 0, 5_000, { a: 0.2, b: 0.1 }).voice).toEqual(SILENCE)
})

test('nobody is followed who is not there any more', () => {
  const { voice, now } = hear(SILENCE, 0, 1_000, { a: 0.8 })
  expect(follow(voice, new Map([['b', 0]]), now).speaker).toBeNull()
})
