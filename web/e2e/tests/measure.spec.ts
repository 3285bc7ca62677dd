// The measuring itself: what it must find, it finds.
import { expect, test } from '@playwright/test'
import type { SentFrame } from '../harness/probe.ts'
import { BLOCKS, readCode } from '../media/code.ts'
import { digest, digestOfPicture } from '../measure/digest.ts'
import { comparePictures, compareSounds } from '../measure/proof.ts'
import { synchrony } from '../measure/synchrony.ts'

const sent = (kind: 'audio' | 'video', hash: (index: number) => number): SentFrame[] =>
  Array.from({ length: 100 }, (_, index) => ({
    ...{ at: index * 40, connection: 0, kind, mimeType: '', rtpTimestamp: index * 3600, size: 500 },
    hash: hash(index),
  }))
const kept = (frames: SentFrame[]) => frames.map(({ at, size, hash }) => ({ at_ms: at, size, hash }))

test('a picture that is missing, altered or late is found', () => {
  const frames = sent('video', (index) => (index * 37) % 91)
  const whole = kept(frames)
  expect(comparePictures(frames, whole, 4000)).toMatchObject({ missing: 0, timing_ms: 0, head_ms: 0 })
  expect(comparePictures(frames, whole.slice(10), 4000)).toMatchObject({ missing: 0, head_ms: 400 })
  expect(comparePictures(frames, whole.toSpliced(50, 1), 4000)).toMatchObject({ missing: 1, foreign: 0 })
  expect(comparePictures(frames, whole.toSpliced(50, 0, whole[50]!), 4000)).toMatchObject({
    missing: 0,
    foreign: 1,
  })
  expect(comparePictures(frames, whole.slice(0, 90), 4000).missing).toBe(10)
  expect(comparePictures(frames, whole.slice(0, 90), 3560).missing).toBe(0)
  expect(comparePictures(frames, whole.with(7, { ...whole[7]!, hash: 999 }), 4000)).toMatchObject({
    missing: 1,
    foreign: 1,
  })
  expect(comparePictures(frames, whole.with(7, { ...whole[7]!, at_ms: 330 }), 4000).timing_ms).toBeCloseTo(50)
})

test('sound that is missing is found, silence in its place is no sound', () => {
  const packets = sent('audio', (index) => (index * 29) % 43)
  const whole = kept(packets)
  expect(compareSounds(packets, whole, 4000)).toMatchObject({ missing: 0, foreign: 0 })
  const alike = packets.map((packet, index) => (index > 90 ? { ...packet, hash: 81 } : packet))
  const early = kept(alike).slice(0, 96)
  expect(compareSounds(alike, early, 3600).missing).toBe(0)
  expect(compareSounds(packets, whole.toSpliced(20, 2), 4000).missing).toBe(2)
  expect(compareSounds(packets, whole.with(20, { at_ms: 800, size: 3, hash: 1 }), 4000).missing).toBe(1)
})

test('sound that comes later than its picture is found', () => {
  const frames = Array.from({ length: 100 }, (_, code) => ({ at_ms: 320 + code * 40, code }))
  const beeps = [1000, 2000, 3000].map((at) => at + 335)
  const moved = (by: number) => ({
    frames: frames.map(({ at_ms, code }) => ({ at_ms: at_ms - 300, code })),
    beeps: beeps.map((at) => at - 300 + by),
  })
  expect(synchrony({ frames, beeps }, moved(0))).toMatchObject({ seconds: 3, median_ms: 0, max_ms: 0 })
  expect(synchrony({ frames, beeps }, moved(-60)).median_ms).toBeCloseTo(-60)
  const late = beeps.map((beep) => beep + 485)
  expect(synchrony({ frames, beeps: late }, moved(515)).median_ms).toBeCloseTo(30)
})

test('a number is read only from the right person’s picture', () => {
  const write = (number: number, salt: number) => {
    const check = ((number & 15) + ((number >> 4) & 15) + ((number >> 8) & 15) + (number >> 12) + salt) % 16
    return Array.from(
      { length: BLOCKS },
      (_, bit) => (bit < 16 ? (number >> bit) & 1 : (check >> (bit - 16)) & 1) * 235,
    )
  }
  expect(readCode(write(1234, 9), 9)).toBe(1234)
  expect(readCode(write(1234, 9), 5)).toBeNull()
  expect(readCode(new Array(BLOCKS).fill(16), 9)).toBeNull()
  expect(readCode(new Array(BLOCKS).fill(235), 9)).toBeNull()
})

test('a picture that differs in one bit is another picture', () => {
  const unit = Buffer.from([0x41, 0x9a, 0x24, 0x6c])
  const sample = Buffer.concat([Buffer.from([0, 0, 0, 4]), unit])
  expect(digestOfPicture(sample)).toBe(digest(unit))
  sample[6]! ^= 1
  expect(digestOfPicture(sample)).not.toBe(digest(unit))
})
