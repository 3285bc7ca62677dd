// Whether sound and picture of a recording belong together as they did at camera and microphone.
//
// Flash and beep are made for the same moment, but two fake devices are never opened at quite the same one, and a busy
// machine hands a picture over late. Both shows in what the page itself captured. So each second's distance from flash
// to beep in the recording is compared with the same second's distance at the page, before anything was encoded.
import { RATE } from '../media/code.ts'
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
}

export function synchrony(captured: Heard, recorded: Heard): Synchrony {
  const before = distances(captured)
  const shifts = [...distances(recorded)].flatMap(([second, distance]) => {
    const then = before.get(second)
    return then === undefined ? [] : [distance - then]
  })
  return { seconds: shifts.length, median_ms: middle(shifts), max_ms: Math.max(0, ...shifts.map(Math.abs)) }
}

/** Milliseconds from flash to beep by the second of the fake camera's film. */
function distances({ frames, beeps }: Heard): Map<number, number> {
  const known = frames.flatMap(({ at_ms, code }) => (code === null ? [] : [{ at_ms, code }]))
  const zero = middle(known.map(({ at_ms, code }) => at_ms - (code / RATE) * 1000))
  const found = new Map<number, number>()
  for (const beep of beeps) {
    const second = Math.round((beep - zero) / 1000)
    const flash = known
      .filter(({ code }) => Math.abs(code - second * RATE) <= 3)
      .sort((a, b) => Math.abs(a.code - second * RATE) - Math.abs(b.code - second * RATE))[0]
    if (flash) found.set(second, beep - (flash.at_ms + (second - flash.code / RATE) * 1000))
  }
  return found
}
