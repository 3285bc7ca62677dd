// Whether sound and picture of a recording belong together as they did at camera and microphone.
//
// Flash and beep are made for the same moment, but two fake devices are never opened at quite the same one, so the
// distance from flash to beep in the recording is compared with the distance at the page, before anything was encoded.
// On a busy machine a single picture is filmed late, so the flash's time is the middle one of what the pictures around it
// say.
import { RATE } from '../media/code.ts'
import type { Timed } from '../harness/probe.ts'
import { middle } from './statistics.ts'

export interface Heard {
  /** When each numbered picture was there, on any clock of its own. */
  frames: { at_ms: number; code: number | null }[]
  /** When each beep began, on the same clock. */
  beeps: number[]
}

export interface Synchrony {
  /** Seconds that could be compared. */
  seconds: number
  /** By how much the recording's sound came later than its picture, compared with the page, in milliseconds. */
  median_ms: number
  /** The greatest distance, early or late. */
  max_ms: number
  /** Every second's, in order. */
  shifts_ms: number[]
}

export function synchrony(captured: Heard, recorded: Heard): Synchrony {
  // Devices that were opened half a second apart would make it a toss-up which second a beep belongs to.
  const usual = middle([...distances(captured, 0).values()])
  const before = distances(captured, usual)
  const shifts = [...distances(recorded, usual)].flatMap(([second, distance]) => {
    const then = before.get(second)
    return then === undefined ? [] : [distance - then]
  })
  return {
    seconds: shifts.length,
    median_ms: middle(shifts),
    max_ms: Math.max(0, ...shifts.map(Math.abs)),
    shifts_ms: shifts.map((shift) => Math.round(shift)),
  }
}

/** How far around a moment the two clocks of a stream are compared, in milliseconds. */
const AROUND_MS = 2000

/**
 * The moment, in milliseconds since the epoch, of something that says its own time: by how much the two clocks differ is
 * the middle one of what the notes around it say, since a note is written late when the machine is busy.
 */
export function placed(media_ms: number, notes: readonly Timed[]): number {
  const near = notes.filter((note) => Math.abs(note.media_ms - media_ms) <= AROUND_MS)
  return media_ms + middle(near.map((note) => note.at - note.media_ms))
}

/** Milliseconds from flash to beep by the second of the fake camera's film; beeps come about `usual` after the flash. */
function distances({ frames, beeps }: Heard, usual: number): Map<number, number> {
  // When the film's first picture would have been there, as each picture tells it.
  const begins = frames.flatMap(({ at_ms, code }) =>
    code === null ? [] : [{ second: code / RATE, at_ms: at_ms - (code / RATE) * 1000 }],
  )
  const begin = middle(begins.map(({ at_ms }) => at_ms))
  const found = new Map<number, number>()
  for (const beep of beeps) {
    const second = Math.round((beep - begin - usual) / 1000)
    const near = begins.filter((one) => Math.abs(one.second - second) <= 0.5)
    if (near.length > 0) found.set(second, beep - second * 1000 - middle(near.map(({ at_ms }) => at_ms)))
  }
  return found
}
