import type { Readable } from './live.ts'
import { Scope } from './scope.ts'

/** What is to be sent, each changing as devices are opened, switched and turned off. */
export interface Sources {
  microphone: Readable<MediaStreamTrack | null>
  camera: Readable<MediaStreamTrack | null>
  screen: Readable<MediaStreamTrack | null>
}

/** Enough for 640x480 at 25 frames; more would only be lost on a phone's uplink. */
const CAMERA_MAX_BPS = 900_000
/** A page of small print at 15 frames a second. */
const SCREEN_MAX_BPS = 1_500_000

/**
 * Lays the three send lines of a connection, in the order that the protocol fixes (microphone, camera, screen), and
 * keeps them fed: a source that is turned off leaves its line empty, the line itself stays.
 */
export class Publish {
  readonly #scope = new Scope()
  readonly #video: RTCRtpSender[] = []

  constructor(pc: RTCPeerConnection, sources: Sources) {
    const microphone = pc.addTransceiver('audio', { direction: 'sendonly' })
    const camera = videoLine(pc, CAMERA_MAX_BPS)
    const screen = videoLine(pc, SCREEN_MAX_BPS)
    this.#video.push(camera.sender, screen.sender)
    this.#feed(microphone.sender, sources.microphone)
    this.#feed(camera.sender, sources.camera)
    this.#feed(screen.sender, sources.screen)
  }

  /**
   * To be called once the answer is in. A recording wants one picture size: rather fewer frames than a smaller picture
   * when the network is slow, since each new size begins a new file.
   */
  async keepResolution(): Promise<void> {
    for (const sender of this.#video) {
      const parameters = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string }
      parameters.degradationPreference = 'maintain-resolution'
      try {
        await sender.setParameters(parameters)
      } catch {
        // Firefox and Safari may know no preference; they send what they think best.
      }
    }
  }

  close(): void {
    this.#scope.close()
  }

  #feed(sender: RTCRtpSender, source: Readable<MediaStreamTrack | null>): void {
    this.#scope.add(
      source.subscribe((track) => {
        // Replacing on a closed connection throws; the next connection is fed anew.
        void sender.replaceTrack(track).catch(() => {})
      }),
    )
  }
}

function videoLine(pc: RTCPeerConnection, max_bps: number): RTCRtpTransceiver {
  const line = pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ maxBitrate: max_bps }] })
  preferH264(line)
  return line
}

/** Puts H.264 in front, Constrained Baseline first: the recording keeps the very bytes that are sent. */
function preferH264(line: RTCRtpTransceiver): void {
  const codecs = RTCRtpSender.getCapabilities?.('video')?.codecs
  if (!codecs || typeof line.setCodecPreferences !== 'function') return
  const sorted = [...codecs].sort((a, b) => rank(a) - rank(b))
  try {
    line.setCodecPreferences(sorted)
  } catch {
    // A browser that refuses the list still offers H.264; the server picks it.
  }
}

/** 0 is best; the sort is stable, so the browser's own order stays within a rank. */
export function rank(codec: Pick<RTCRtpCodec, 'mimeType' | 'sdpFmtpLine'>): number {
  if (codec.mimeType.toLowerCase() !== 'video/h264') return 3
  const parameters = codec.sdpFmtpLine ?? ''
  if (!parameters.includes('packetization-mode=1')) return 2
  return /profile-level-id=42e0/i.test(parameters) ? 0 : 1
}
