// From recording time to the media time of a <video> and back.
//
// Every segment of a playlist carries its wall clock (EXT-X-PROGRAM-DATE-TIME). The media time of the segment is the
// player's own affair: where a person has several files the player lays them end to end, so a second of media time is
// not always the same second of the recording. This map is rebuilt whenever the player learns more of its segments.

/** One segment as the player holds it. */
export interface Segment {
  /** Position on the player's media time, in seconds. */
  start: number
  duration: number
  /** Wall clock of the segment's first sample, epoch milliseconds. */
  programDateTime: number
}

/** Where a recording moment lies in a track. */
export type Place =
  | { is: 'inside'; mediaS: number }
  /** Nothing there; `next_ms` is where it goes on, null after the end. */
  | { is: 'outside'; next_ms: number | null }

/** Segments whose times meet within this are one stretch: clocks and durations are rounded to milliseconds. */
const SEAM_MS = 120

export class ProgramMap {
  readonly #pieces: { from_ms: number; to_ms: number; mediaS: number }[]

  /** `origin` is the wall clock of the recording's start, epoch milliseconds. */
  constructor(segments: Segment[], origin: number) {
    this.#pieces = segments
      .map((segment) => {
        const from_ms = segment.programDateTime - origin
        return { from_ms, to_ms: from_ms + segment.duration * 1000, mediaS: segment.start }
      })
      .sort((a, b) => a.from_ms - b.from_ms)
    // A tiny hole between two segments is rounding, and no place to stop at.
    this.#pieces.forEach((piece, index) => {
      const next = this.#pieces[index + 1]
      if (next && next.from_ms > piece.to_ms && next.from_ms - piece.to_ms < SEAM_MS)
        piece.to_ms = next.from_ms
    })
  }

  /** End of the last segment, in recording time; 0 without segments. */
  get end_ms(): number {
    return this.#pieces[this.#pieces.length - 1]?.to_ms ?? 0
  }

  place(at_ms: number): Place {
    // Hours of half-second segments: halve, do not walk.
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pieces[middle]?.to_ms ?? 0) <= at_ms) low = middle + 1
      else high = middle
    }
    const piece = this.#pieces[low]
    if (!piece) return { is: 'outside', next_ms: null }
    if (at_ms < piece.from_ms) return { is: 'outside', next_ms: piece.from_ms }
    return { is: 'inside', mediaS: piece.mediaS + (at_ms - piece.from_ms) / 1000 }
  }

  /** The recording time that `mediaS` shows; null where no segment is. */
  at(mediaS: number): number | null {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pieces[middle]?.mediaS ?? 0) <= mediaS) low = middle + 1
      else high = middle
    }
    const piece = this.#pieces[low - 1]
    return piece ? piece.from_ms + (mediaS - piece.mediaS) * 1000 : null
  }
}
