// What `probe/page.js` and `probe/worker.js` give, with its types.
import type { Page } from '@playwright/test'

export interface SentFrame {
  /** When the encoder gave it out, milliseconds since the epoch. */
  at: number
  /** Counts the page's connections: the network check's comes first. */
  connection: number
  kind: 'audio' | 'video'
  mimeType: string
  rtpTimestamp: number
  /** Of the slices of a picture, or of a packet of sound; see `measure/digest.ts`. */
  hash: number
  size: number
}

export interface Timed {
  /** When it was there, milliseconds since the epoch. */
  at: number
  /** Its own time, counted from somewhere of its own. */
  media_ms: number
}

export interface Notes {
  /** Camera pictures as the page got them. */
  frames: (Timed & { blocks: number[] })[]
  /** Blocks of the microphone's sound as the page got them. */
  sounds: Timed[]
  /** Beginnings of loud sounds as the page got them. */
  beeps: { media_ms: number }[]
  encoded: SentFrame[]
}

interface Seen {
  first: { at: number; label: string; recording: boolean }[]
}

declare global {
  interface Window {
    __probe: {
      seen: Seen
      notes(): Promise<Notes>
      moves(label: string, frames: number, patience_ms: number): Promise<void>
      hear(label: string, ms: number): Promise<{ level: number; hz: number }>
      blocks(labels: readonly string[]): (number[] | null)[]
    }
  }
}

export const notesOf = (page: Page): Promise<Notes> => page.evaluate(() => window.__probe.notes())

/** First frames of others, with whether the page said 录制中 when they were shown. */
export const firstFramesOf = (page: Page): Promise<Seen['first']> =>
  page.evaluate(() => window.__probe.seen.first)

/** The loudest frequency of what one party's video plays, listening for a little more than a second. */
export const hear = (page: Page, label: string): Promise<{ level: number; hz: number }> =>
  page.evaluate((name) => window.__probe.hear(name, 1300), label)

export const blocksOf = (page: Page, labels: readonly string[]): Promise<(number[] | null)[]> =>
  page.evaluate((names) => window.__probe.blocks(names), labels)
