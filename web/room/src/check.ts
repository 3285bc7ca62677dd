import { connectionState, newConnection, offerOf, onConnectionState } from './connection.ts'
import type { Devices } from './devices.ts'
import { Live, type Readable } from './live.ts'
import { Publish } from './publish.ts'
import { grade, type Grade } from './quality.ts'
import { Refused } from './replies.ts'
import { Scope } from './scope.ts'
import type { Signal } from './signal.ts'
import { download, upload } from './throughput.ts'
import type { CheckReport, CustomerState } from './words.ts'

/** What the check of the network found. `blocked`: pages load, but sound and picture do not get through. */
export type NetworkFinding =
  | { status: 'running' }
  | { status: 'done'; grade: Grade; report: NetworkReport }
  | { status: 'blocked' }
  | { status: 'refused'; code: string; message: string }

export type NetworkReport = Pick<CheckReport, 'round_trip_ms' | 'loss' | 'up_kbps' | 'down_kbps'>

export interface NetworkCheckOptions {
  signal: Signal<CustomerState>
  devices: Devices
  /** Address of the throughput probe. */
  probe?: string
}

/** Together below the 10 s that a person is asked to wait. */
const CONNECT_WITHIN_MS = 4_000
const MEDIA_MS = 2_500
const THROUGHPUT_MS = 1_200
const DOWN_BYTES = 1_000_000
const UP_BYTES = 500_000

/**
 * Sends real sound and picture to the server for a moment, which throws them away, and reads how they fared; then
 * measures the throughput both ways. Takes at most about 9 seconds.
 */
export class NetworkCheck {
  readonly #finding = new Live<NetworkFinding>({ status: 'running' })
  readonly #scope = new Scope()

  constructor(options: NetworkCheckOptions) {
    void this.#run(options)
  }

  get finding(): Readable<NetworkFinding> {
    return this.#finding
  }

  close(): void {
    this.#scope.close()
  }

  async #run(options: NetworkCheckOptions): Promise<void> {
    let finding: NetworkFinding
    try {
      const media = await this.#media(options)
      const url = options.probe ?? '/api/v1/probe'
      // One after the other: on a thin line they would measure each other.
      const down_kbps = await download({ url, bytes: DOWN_BYTES, within_ms: THROUGHPUT_MS })
      const up_kbps = await upload({ url, bytes: UP_BYTES, within_ms: THROUGHPUT_MS })
      const report = { ...media, up_kbps, down_kbps }
      finding = { status: 'done', grade: grade(report), report }
    } catch (error) {
      finding =
        error instanceof Refused
          ? { status: 'refused', code: error.code, message: error.message }
          : { status: 'blocked' }
    }
    if (!this.#scope.closed) this.#finding.set(finding)
    this.#scope.close()
  }

  async #media(options: NetworkCheckOptions): Promise<Pick<NetworkReport, 'round_trip_ms' | 'loss'>> {
    const scope = new Scope()
    this.#scope.add(() => scope.close())
    try {
      const pc = newConnection(options.signal.state.value?.ice_servers ?? [])
      scope.add(() => pc.close())
      const publish = new Publish(pc, {
        microphone: new Live(options.devices.microphone.value.track),
        camera: new Live(options.devices.camera.value.track),
        screen: new Live<MediaStreamTrack | null>(null),
      })
      scope.add(() => publish.close())
      const sdp = await offerOf(pc)
      const reply = await options.signal.request('check_offer', { sdp }, CONNECT_WITHIN_MS)
      await pc.setRemoteDescription({ type: 'answer', sdp: reply.sdp ?? '' })
      await connected(pc)
      await new Promise((resolve) => setTimeout(resolve, MEDIA_MS))
      return readTrip(await pc.getStats())
    } finally {
      scope.close()
    }
  }
}

function connected(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const scope = new Scope()
    const end = (settle: () => void) => {
      scope.close()
      settle()
    }
    const timer = setTimeout(() => end(() => reject(new Error('no media connection'))), CONNECT_WITHIN_MS)
    scope.add(() => clearTimeout(timer))
    const look = (state: RTCPeerConnectionState) => {
      if (state === 'connected') end(resolve)
      else if (state === 'failed' || state === 'closed') end(() => reject(new Error(`media ${state}`)))
    }
    scope.add(onConnectionState(pc, look))
    look(connectionState(pc))
  })
}

/** The members of W3C webrtc-stats that matter here; the DOM types leave them open. */
interface Stat {
  type: string
  state?: string
  nominated?: boolean
  currentRoundTripTime?: number
  roundTripTime?: number
  fractionLost?: number
}

/** Round trip of the pair in use, else of the reports; loss as the receiver reported it, the worst line. */
export function readTrip(stats: Iterable<[string, unknown]>): Pick<NetworkReport, 'round_trip_ms' | 'loss'> {
  let trip_s: number | null = null
  let reported_s: number | null = null
  let loss: number | null = null
  for (const [, entry] of stats) {
    const stat = entry as Stat
    if (stat.type === 'candidate-pair' && stat.nominated && stat.state === 'succeeded')
      trip_s = stat.currentRoundTripTime ?? trip_s
    if (stat.type === 'remote-inbound-rtp') {
      reported_s = stat.roundTripTime ?? reported_s
      if (stat.fractionLost !== undefined) loss = Math.max(loss ?? 0, stat.fractionLost)
    }
  }
  const seconds = trip_s ?? reported_s
  return { round_trip_ms: seconds === null ? null : Math.round(seconds * 1000), loss }
}
