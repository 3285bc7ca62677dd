// From when to when a recording shows each numbered picture.
import type { RecordedFrame } from './track.ts'

export interface Shown {
  code: number
  /** Milliseconds from the recording's start. */
  from_ms: number
  to_ms: number
}

/** `begins_ms` is where the file's time zero lies in the recording. */
export function showing(frames: RecordedFrame[], begins_ms: number): Shown[] {
  return frames.flatMap(({ at_ms, code }, index) => {
    const from_ms = begins_ms + at_ms
    const next = frames[index + 1]
    return code === null ? [] : [{ code, from_ms, to_ms: next ? begins_ms + next.at_ms : from_ms }]
  })
}
