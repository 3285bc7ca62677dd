// Holds a recorded file against what the person's browser captured and sent.
import type { Notes, SentFrame } from '../harness/probe.ts'
import type { Actor } from '../media/cast.ts'
import { readCode } from '../media/code.ts'
import { amplitude, onsets } from './sound.ts'
import { middle } from './statistics.ts'
import { placed, synchrony, type Synchrony } from './synchrony.ts'
import { decodeStrictly, framesOf, packetsOf, samplesOf, type Packet } from './track.ts'

export interface Proof {
  pictures: {
    /** Frames that the encoder gave out from the first one recorded up to the last one, or up to `until` when that is later. */
    sent: number
    recorded: number
    /** How long the encoder had been at work before the first picture that is kept, in milliseconds. */
    head_ms: number
    /** Sent up to `until` and not in the file, or in it with other bytes. */
    missing: number
    /** Frames of the file that do not show a number of this person. */
    unreadable: number
    /** Numbers that do not grow from one frame to the next: doubled or swapped pictures. */
    disordered: number
    /** Numbers that the camera showed and the encoder never gave out, on a machine that is too busy. */
    skipped: number
    /** The greatest difference between a frame's place in the file and its media time as sent, in milliseconds. */
    timing_ms: number
  }
  sound: {
    sent: number
    recorded: number
    missing: number
    /** Amplitude of this person's tone, and of the other one's, while the tone is loud. */
    tone: number
    other: number
  }
  sync: Synchrony
}

/** What a sender gives out in its last moment may still be on its way when the recording ends. */
const ON_ITS_WAY_MS = 200
/** Parameter sets travel with a key frame and are kept beside it: SPS and PPS with their start codes. */
const PARAMETER_SETS = 64
/** A packet of Opus silence, which the recorder writes where sound is missing. */
const SILENCE = 3

/**
 * Reads `file` whole and compares. `until` is when the recording was ended, in milliseconds since the epoch.
 * Throws when the file cannot be decoded without a complaint.
 */
export async function prove(
  file: string,
  actor: Actor,
  other: Actor,
  notes: Notes,
  until: number,
): Promise<Proof> {
  await decodeStrictly(file)
  const [pictures, sounds, frames, samples] = await Promise.all([
    packetsOf(file, 'v'),
    packetsOf(file, 'a'),
    framesOf(file, actor.salt),
    samplesOf(file),
  ])
  const newest = Math.max(...notes.encoded.map(({ connection }) => connection))
  const sent = (kind: string) =>
    notes.encoded.filter((one) => one.connection === newest && one.kind === kind && one.size > 0)
  const codes = frames.map(({ code }) => code).filter((code) => code !== null)
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0))

  const loud = onsets(samples)
  const loudness = (hz: number) =>
    middle(loud.map((at_ms) => amplitude(samples.subarray((at_ms + 40) * 48, (at_ms + 90) * 48), hz)))
  return {
    pictures: {
      ...comparePictures(sent('video'), pictures, until - ON_ITS_WAY_MS),
      unreadable: frames.length - codes.length,
      disordered: steps.filter((step) => step <= 0).length,
      skipped: steps.reduce((sum, step) => sum + Math.max(0, step - 1), 0),
    },
    sound: {
      ...compareSounds(sent('audio'), sounds, until - ON_ITS_WAY_MS),
      tone: loudness(actor.tone),
      other: loudness(other.tone),
    },
    sync: synchrony(
      {
        frames: notes.frames.map(({ media_ms, blocks }) => ({
          at_ms: placed(media_ms, notes.frames),
          code: readCode(blocks, actor.salt),
        })),
        beeps: notes.beeps.map(({ media_ms }) => placed(media_ms, notes.sounds)),
      },
      { frames, beeps: loud },
    ),
  }
}

/** As many in a row make sure that it is the same place. */
const SURE = 5

/**
 * How many at the beginning were sent in vain: what arrives before the server has the keys of the connection cannot be
 * read, and was shown to nobody. Without a common place it is 0, and everything will be found missing.
 */
function inVain<T>(sent: T[], recorded: Packet[], same: (one: T, packet: Packet) => boolean): number {
  const first = recorded.slice(0, SURE)
  const at = sent.findIndex((_, from) =>
    first.every((packet, index) => {
      const one = sent[from + index]
      return one !== undefined && same(one, packet)
    }),
  )
  return Math.max(0, at)
}

/** Picture by picture from the first one on: the recorder keeps the very bytes that were sent. */
export function comparePictures(all: SentFrame[], recorded: Packet[], until: number) {
  const same = (one: SentFrame, packet: Packet) =>
    one.key === packet.key &&
    one.size >= packet.size &&
    one.size - packet.size <= (one.key ? PARAMETER_SETS : 0)
  const sent = all.slice(inVain(all, recorded, same))
  const due = sent.filter(({ at }) => at <= until).length
  const kept = sent
    .slice(0, recorded.length)
    .filter((one, index) => same(one, recorded[index] as Packet)).length
  const [first] = sent
  const origin = recorded[0]?.at_ms ?? 0
  const bent = recorded.map(({ at_ms }, index) => {
    const media = ((sent[index]?.rtpTimestamp ?? 0) - (first?.rtpTimestamp ?? 0)) >>> 0
    return at_ms - origin - media / 90
  })
  return {
    sent: Math.max(due, recorded.length),
    recorded: recorded.length,
    head_ms: (first?.at ?? 0) - (all[0]?.at ?? 0),
    missing: Math.max(due, recorded.length) - kept,
    timing_ms: Math.max(...bent) - Math.min(...bent),
  }
}

/** Sound may be moved by single packets to follow the sender's clock, so the longest common row of packets counts. */
export function compareSounds(all: SentFrame[], recorded: Packet[], until: number) {
  const kept = recorded.filter(({ size }) => size > SILENCE)
  const sent = all.slice(inVain(all, kept, (one, packet) => one.size === packet.size))
  const due = sent.filter(({ at }) => at <= until)
  return {
    sent: Math.max(due.length, kept.length),
    recorded: kept.length,
    missing:
      due.length -
      commonRow(
        due.map(({ size }) => size),
        kept.map(({ size }) => size),
      ),
  }
}

/** The length of the longest common subsequence. */
function commonRow(a: number[], b: number[]): number {
  let row = new Uint32Array(b.length + 1)
  for (const left of a) {
    const next = new Uint32Array(b.length + 1)
    b.forEach((right, index) => {
      next[index + 1] =
        left === right ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0)
    })
    row = next
  }
  return row[b.length] ?? 0
}
