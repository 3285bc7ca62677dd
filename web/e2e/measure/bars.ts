// What a recording must reach, in one place for the journeys and for the demo.
import type { Proof } from './proof.ts'

/** Sound against picture, either way. */
export const SYNC_MS = 40
/** What is sent while the connection is still being made reaches nobody. */
const HEAD_MS = 500
/** A frame's place in the file against its media time as it was sent: the sender's clock is found while the call runs. */
const TIMING_MS = 100
/** Twice what a busy encoder takes for a picture; a beep that is taken for the next one is a second away. */
const DRAWN_APART_MS = 300
/** The other person's tone is what a wrong or mixed sound would bring. */
const FOREIGN_TONE = 1 / 20
/** Where the recorder corrects its idea of the sender's clock it leaves out a packet of sound for as many milliseconds. */
const PACKET_MS = 20

/** What is wrong with a recording, in sentences; empty when it is as it must be. `seconds` is how long the call was at least. */
export function faultsOf({ pictures, sound, sync, drawn_apart_ms }: Proof, seconds: number): string[] {
  const rules: [boolean, string][] = [
    [
      pictures.head_ms < HEAD_MS,
      `the first picture was kept only after ${pictures.head_ms.toFixed(0)} ms of sending`,
    ],
    [
      pictures.missing === 0,
      `${pictures.missing} of ${pictures.sent} pictures that were sent are missing or altered`,
    ],
    [pictures.foreign === 0, `${pictures.foreign} pictures were never sent`],
    [pictures.unreadable === 0, `${pictures.unreadable} pictures do not show this person's camera`],
    [pictures.disordered === 0, `${pictures.disordered} pictures are doubled or out of order`],
    [pictures.timing_ms < TIMING_MS, `a picture lies ${pictures.timing_ms.toFixed(1)} ms from its time`],
    [pictures.recorded > seconds * 20, `only ${pictures.recorded} pictures in ${seconds} s`],
    [
      sound.missing <= 1 + pictures.timing_ms / PACKET_MS,
      `${sound.missing} of ${sound.sent} packets of sound are missing`,
    ],
    [sound.foreign === 0, `${sound.foreign} packets of sound were never sent`],
    [sound.recorded > seconds * 45, `only ${sound.recorded} packets of sound in ${seconds} s`],
    [sound.tone > 0.2, `this person's tone is too weak: ${sound.tone.toFixed(3)}`],
    [sound.other < sound.tone * FOREIGN_TONE, `another person's tone is heard: ${sound.other.toFixed(3)}`],
    [
      sync.seconds >= seconds - 3,
      `sound and picture could be compared in ${sync.seconds} of ${seconds} seconds only`,
    ],
    [
      Math.abs(sync.median_ms) < SYNC_MS && sync.max_ms < SYNC_MS,
      `sound is too far from the picture, in ms second by second: ${sync.shifts_ms.join(' ')}`,
    ],
    [
      Math.abs(drawn_apart_ms) < DRAWN_APART_MS,
      `sound and picture were sent together and lie ${drawn_apart_ms.toFixed(0)} ms apart`,
    ],
  ]
  return rules.flatMap(([kept, sentence]) => (kept ? [] : [sentence]))
}
