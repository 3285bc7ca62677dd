// Where the segments of a playlist lie in the recording, as exactly as can be known.
//
// The playlist dates a segment by its first picture, while a player anchors it at its first sample, sound or picture,
// whichever comes first: up to a fragment's length apart, and different for every person. What is exact is the file's
// own clock: it starts at the file's `from_ms`, and the player tells by how much it has shifted it (`offset`).

import type { Segment } from './program-map'

/** What a player knows of a segment; times in seconds. */
export interface PlayerSegment {
  start: number
  duration: number
  /** Number of the stretch between two discontinuities. */
  cc: number
  url: string
  programDateTime: number | null
  /** Listed without media. */
  gap?: boolean
}

/**
 * The segments with the wall clock of their start. `offsets` holds, by stretch, what the player has taken from a file's
 * time to get media time, in seconds; `zeroOf` gives the recording time of a file's own zero by the file's path.
 * Until both are known the playlist's date has to do; a segment without either is left out.
 */
export function placed(
  segments: PlayerSegment[],
  offsets: ReadonlyMap<number, number>,
  zeroOf: (path: string) => number | undefined,
  origin: number,
): Segment[] {
  const found: Segment[] = []
  for (const { start, duration, cc, url, programDateTime, gap } of segments) {
    if (gap) continue
    const offset = offsets.get(cc)
    const zero_ms = zeroOf(pathOf(url))
    const exact =
      offset === undefined || zero_ms === undefined ? null : origin + zero_ms + (start + offset) * 1000
    const at = exact ?? programDateTime
    if (at !== null) found.push({ start, duration, programDateTime: at })
  }
  return found
}

/** The path of an address, without host and signature: two links to one file differ in how long they are good. */
export function pathOf(url: string): string {
  try {
    return new URL(url, location.href).pathname
  } catch {
    return url
  }
}
