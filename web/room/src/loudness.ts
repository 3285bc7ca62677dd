import { onMeter } from './level.ts'
import type { Received } from './watch.ts'

/**
 * How loud everybody is whose sound comes, as their own browsers measured it before sending (RFC 6464): nothing is
 * decoded for it here, and no AudioContext has to be allowed.
 */
export class Loudness {
  /** When the newest packet of a receiver came, as of the last reading. */
  readonly #heard = new WeakMap<RTCRtpReceiver, number>()

  /** 0 to 1 as a meter shows it, by participant id. Who has sent nothing since the last reading is silent. */
  read(receivers: readonly RTCRtpReceiver[], people: Iterable<Received>): Map<string, number> {
    const levels = new Map<string, number>()
    for (const { participant, stream } of people) {
      const [track] = stream.getAudioTracks()
      const receiver = receivers.find((one) => one.track === track)
      if (receiver) levels.set(participant, this.#of(receiver))
    }
    return levels
  }

  #of(receiver: RTCRtpReceiver): number {
    // Chrome 80 has it; where it is missing, nobody is heard, and whoever asks falls back.
    const [source] = receiver.getSynchronizationSources?.() ?? []
    if (!source || this.#heard.get(receiver) === source.timestamp) return 0
    this.#heard.set(receiver, source.timestamp)
    return onMeter(20 * Math.log10(source.audioLevel ?? 0))
  }
}
