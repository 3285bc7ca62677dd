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
    /** Frames that the encoder gave out, from the first one kept to the last one or to `until`, whichever is later. */
    sent: number
    recorded: number
    /** How long the encoder had been at work before the first picture that is kept, in milliseconds. */
    head_ms: number
    /** Sent and not in the file, or in it with other bytes. */
    missing: number
    /** In the file and never sent. */
    foreign: number
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
    foreign: number
    /** Amplitude of this person's tone, and of the other one's, while the tone is loud. */
    tone: number
    other: number
  }
  sync: Synchrony
  /**
   * By how much sound is later than the picture in the file than it was when the encoders gave them out, in
   * milliseconds: coarse, since encoders take their time, but not deceived by beeps that sound alike.
   */
  drawn_apart_ms: number
}

/** What a sender gives out in its last moment may still be on its way when the recording ends. */
const ON_ITS_WAY_MS = 200
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

  const { delay_ms: pictureDelay, ...picture } = comparePictures(
    sent('video'),
    pictures,
    until - ON_ITS_WAY_MS,
  )
  const { delay_ms: soundDelay, ...sound } = compareSounds(sent('audio'), sounds, until - ON_ITS_WAY_MS)
  const loud = onsets(samples)
  const loudness = (hz: number) =>
    middle(loud.map((at_ms) => amplitude(samples.subarray((at_ms + 40) * 48, (at_ms + 90) * 48), hz)))
  return {
    pictures: {
      ...picture,
      unreadable: frames.length - codes.length,
      disordered: steps.filter((step) => step <= 0).length,
      skipped: steps.reduce((sum, step) => sum + Math.max(0, step - 1), 0),
    },
    sound: {
      ...sound,
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
    drawn_apart_ms: soundDelay - pictureDelay,
  }
}

/**
 * Picture by picture: the recorder keeps the very bytes that were sent. What is sent before the server has the keys of
 * the connection cannot be read and was shown to nobody; that is the head, and it is told apart.
 */
export function comparePictures(sent: SentFrame[], recorded: Packet[], until: number) {
  const pairs = align(sent, recorded)
  const head = pairs[0]?.[0] ?? 0
  const origin = recorded[0]?.at_ms ?? 0
  const rtp = (index: number) => sent[index]?.rtpTimestamp ?? 0
  const bent = pairs.map(([from, to]) => {
    const media = (rtp(from) - rtp(head)) >>> 0
    return (recorded[to]?.at_ms ?? 0) - origin - media / 90
  })
  return {
    ...counted(sent, recorded, pairs, until),
    delay_ms: delay(sent, recorded, pairs),
    head_ms: (sent[head]?.at ?? 0) - (sent[0]?.at ?? 0),
    timing_ms: Math.max(...bent) - Math.min(...bent),
  }
}

/** Packet by packet; the silence that the recorder writes where sound is missing is no sound. */
export function compareSounds(sent: SentFrame[], recorded: Packet[], until: number) {
  const kept = recorded.filter(({ size }) => size > SILENCE)
  const pairs = align(sent, kept)
  return { ...counted(sent, kept, pairs, until), delay_ms: delay(sent, kept, pairs) }
}

/** From the moment the encoder gave a packet out to its place in the file; the beginning of the file's time is arbitrary. */
function delay(sent: SentFrame[], recorded: Packet[], pairs: [number, number][]): number {
  return middle(pairs.map(([from, to]) => (recorded[to]?.at_ms ?? 0) - (sent[from]?.at ?? 0)))
}

function counted(sent: SentFrame[], recorded: Packet[], pairs: [number, number][], until: number) {
  const [head] = pairs[0] ?? [0]
  const [last] = pairs.at(-1) ?? [-1]
  const paired = new Set(pairs.map(([from]) => from))
  const due = sent.filter(({ at }, index) => index >= head && (at <= until || index <= last))
  const missing = due.filter((one) => !paired.has(sent.indexOf(one))).length
  return { sent: due.length, recorded: recorded.length, missing, foreign: recorded.length - pairs.length }
}

/** The longest common row of both, as pairs of places: what was sent, and where it is kept. */
function align(sent: SentFrame[], kept: Packet[]): [number, number][] {
  const same = (from: number, to: number) => sent[from]?.hash === kept[to]?.hash
  const width = kept.length + 1
  // What can still be paired from here on, for each pair of places.
  const left = new Uint16Array((sent.length + 1) * width)
  const at = (from: number, to: number) => left[from * width + to] ?? 0
  for (let from = sent.length - 1; from >= 0; from--)
    for (let to = kept.length - 1; to >= 0; to--)
      left[from * width + to] = same(from, to)
        ? at(from + 1, to + 1) + 1
        : Math.max(at(from + 1, to), at(from, to + 1))
  const pairs: [number, number][] = []
  for (let from = 0, to = 0; from < sent.length && to < kept.length;) {
    // Of equal rows the one that begins latest and then wastes nothing, since packets of silence are alike.
    const pairsHere = same(from, to) && at(from + 1, to + 1) + 1 === at(from, to)
    if (pairsHere && (pairs.length > 0 || at(from + 1, to) < at(from, to))) pairs.push([from++, to++])
    else if (at(from + 1, to) === at(from, to)) from++
    else to++
  }
  return pairs
}
