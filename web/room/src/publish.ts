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
  readonly #camera: RTCRtpSender
  readonly #screen: RTCRtpSender
  readonly #sharing: Readable<MediaStreamTrack | null>
  #limit_bps: number | null = null
  #settled = false
  /** A sender's parameters are read and written as one: two who do so at a time would undo each other's change. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(pc: RTCPeerConnection, sources: Sources) {
    const microphone = pc.addTransceiver('audio', { direction: 'sendonly' })
    const camera = videoLine(pc, CAMERA_MAX_BPS)
    const screen = videoLine(pc, SCREEN_MAX_BPS)
    this.#camera = camera.sender
    this.#screen = screen.sender
    this.#sharing = sources.screen
    this.#feed(microphone.sender, sources.microphone)
    this.#feed(camera.sender, sources.camera)
    this.#feed(screen.sender, sources.screen)
    // A screen takes its part of what is allowed, and gives it back.
    this.#scope.add(sources.screen.subscribe(() => void this.#apply()))
  }

  /**
   * To be called once the answer is in. A recording wants one picture size: rather fewer frames than a smaller picture
   * when the network is slow, since each new size begins a new file.
   */
  async keepResolution(): Promise<void> {
    for (const sender of [this.#camera, this.#screen])
      await this.#change(sender, (parameters) => {
        parameters.degradationPreference = 'maintain-resolution'
      })
    this.#settled = true
    if (this.#limit_bps !== null) await this.#apply()
  }

  /** Sends at most this much of all pictures together, or as much as ever again. */
  async limit(video_kbps: number | null): Promise<void> {
    this.#limit_bps = video_kbps === null ? null : video_kbps * 1_000
    await this.#apply()
  }

  async #apply(): Promise<void> {
    // Before the answer is in nothing is sent, and some browsers refuse to be told.
    if (!this.#settled) return
    const shares = sharesOf(this.#limit_bps, this.#sharing.value !== null)
    await this.#cap(this.#camera, shares.camera)
    await this.#cap(this.#screen, shares.screen)
  }

  #cap(sender: RTCRtpSender, max_bps: number): Promise<void> {
    return this.#change(sender, ({ encodings }) => {
      for (const encoding of encodings) encoding.maxBitrate = max_bps
    })
  }

  #change(sender: RTCRtpSender, change: (parameters: Parameters) => void): Promise<void> {
    const done = this.#turn.then(async () => {
      try {
        const parameters = sender.getParameters() as Parameters
        change(parameters)
        await sender.setParameters(parameters)
      } catch {
        // Firefox and Safari may not know what is asked for; they send what they think best.
      }
    })
    this.#turn = done
    return done
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

type Parameters = RTCRtpSendParameters & { degradationPreference?: string }

/** A shared screen is what is being talked about: it takes most of what is allowed. */
const SCREEN_SHARE = 0.6

/** How much camera and screen may be, given what both may be together. */
export function sharesOf(limit_bps: number | null, sharing: boolean): { camera: number; screen: number } {
  const all = limit_bps ?? Infinity
  const screen = Math.min(SCREEN_MAX_BPS, Math.round(all * SCREEN_SHARE))
  return { camera: Math.min(CAMERA_MAX_BPS, sharing ? all - screen : all), screen }
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
