import { connectionState, newConnection, offerOf, onConnectionState } from './connection.ts'
import type { Devices, Holding } from './devices.ts'
import { Live, type Readable } from './live.ts'
import { Loudness } from './loudness.ts'
import { Publish } from './publish.ts'
import { Refused } from './replies.ts'
import { Scope } from './scope.ts'
import type { Screen } from './screen.ts'
import type { Signal } from './signal.ts'
import { Watch, type Received } from './watch.ts'
import type { CustomerState, GuestState, PersonQuality, SeatState, SourceName } from './words.ts'

/** How the media connection does; `since` is in milliseconds since the epoch. */
export type MediaLink =
  | { status: 'connecting'; since: number }
  | { status: 'connected'; since: number }
  | { status: 'reconnecting'; since: number }
  /** Trying again will not help; `message` is the server's sentence. */
  | { status: 'failed'; since: number; code: string; message: string }

export interface CallOptions {
  signal: Signal<CustomerState> | Signal<SeatState> | Signal<GuestState>
  devices: Devices
  screen?: Screen
}

const RETRY_AFTER_MS = [0, 1_000, 2_000, 4_000, 5_000]
/** ICE often finds back by itself within a second or two; longer is a network that has changed. */
const DISCONNECTED_MS = 3_000
const CONNECT_WITHIN_MS = 8_000
/** The server sends reports at least once a second, so this long without a byte is a dead connection. */
const VERIFY_MS = 2_500
/** Refusals of an offer that a second one will meet again. */
const FINAL_CODES = ['no_h264', 'no_opus', 'room_full', 'malformed']

/**
 * The media of one call, from the first offer to the end: publishes our sources, receives everybody else's, and makes
 * the connection anew whenever the network, the server or the phone has broken it.
 */
export class Call {
  readonly #link = new Live<MediaLink>({ status: 'connecting', since: Date.now() })
  readonly #quality = new Live<ReadonlyMap<string, PersonQuality>>(new Map())
  readonly #watch = new Watch()
  readonly #loudness = new Loudness()
  readonly #scope = new Scope()
  readonly #signal: CallOptions['signal']
  readonly #devices: Devices
  readonly #screen: Screen | undefined
  readonly #sources = {
    microphone: new Live<MediaStreamTrack | null>(null),
    camera: new Live<MediaStreamTrack | null>(null),
    screen: new Live<MediaStreamTrack | null>(null),
  }
  /** Whether the owner wants to be heard; the microphone stays open while muted, so that it is back at once. */
  readonly #speaking = new Live(true)
  /** What the server was last told about each source. */
  readonly #told = new Map<SourceName, boolean>()
  #current: { pc: RTCPeerConnection; scope: Scope; publish: Publish } | null = null
  #offering = false
  #attempt = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  /** Descriptions are applied one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: CallOptions) {
    this.#signal = options.signal
    this.#devices = options.devices
    this.#screen = options.screen
    this.#scope.add(() => {
      clearTimeout(this.#retry)
      this.#current?.scope.close()
      this.#current = null
    })
    this.#follow()
    this.#scope.add(options.signal.on('offer', (frame) => this.#offered(frame.sdp)))
    this.#scope.add(
      options.signal.on('quality', (frame) =>
        this.#quality.set(new Map(frame.people.map((one) => [one.participant, one]))),
      ),
    )
    this.#scope.add(
      // It is about the connection that stands; the server tells a new one anew.
      options.signal.on('limit', (frame) => void this.#current?.publish.limit(frame.video_kbps)),
    )
    this.#scope.add(
      options.signal.on('mute', ({ source }) => {
        if (source === 'microphone') this.setSpeaking(false)
      }),
    )
    let first = true
    this.#scope.add(
      options.signal.link.subscribe((link) => {
        // Whoever says hello again in a call offers again: the server may have restarted meanwhile.
        if (link.status === 'open' && !first && !this.#offering) this.#restart()
        first = false
      }),
    )
    this.#scope.listen(window, 'online', () => this.#restart())
    this.#scope.listen(
      (navigator as { connection?: EventTarget }).connection,
      'change',
      () => void this.#verify(),
    )
    this.#scope.listen(document, 'visibilitychange', () => {
      if (document.visibilityState !== 'visible') return
      void this.#devices.revive()
      void this.#verify()
    })
    void this.#connect()
  }

  get link(): Readable<MediaLink> {
    return this.#link
  }

  /** Everybody whose sound or picture comes, by participant id. */
  get people(): Readable<ReadonlyMap<string, Received>> {
    return this.#watch.people
  }

  /** The newest measurement of each participant, by participant id. */
  get quality(): Readable<ReadonlyMap<string, PersonQuality>> {
    return this.#quality
  }

  /** How loud everybody else is since the last call of this, 0 to 1 as a meter shows it, by participant id. */
  levels(): Map<string, number> {
    return this.#loudness.read(this.#current?.pc.getReceivers() ?? [], this.people.value.values())
  }

  get speaking(): Readable<boolean> {
    return this.#speaking
  }

  /** Mutes and unmutes without closing the microphone. */
  setSpeaking(on: boolean): void {
    this.#speaking.set(on)
  }

  /** Turns the camera on or off; off gives the device back. */
  async setCamera(on: boolean): Promise<void> {
    if (on) await this.#devices.turnOn('camera')
    else this.#devices.turnOff('camera')
  }

  /** Tries again after a failure that was final, once its cause is gone. */
  again(): void {
    this.#restart()
  }

  /** Ends our side of the media; devices and screen stay with their owners. */
  close(): void {
    this.#scope.close()
  }

  /** Keeps sources and the server's knowledge of them equal to what devices and wishes say. */
  #follow(): void {
    const microphone = (holding: Holding) => {
      if (holding.track) holding.track.enabled = this.#speaking.value
      this.#sources.microphone.set(holding.track)
      // A device that is just being opened, or exchanged for another, is not off.
      if (!holding.opening) this.#tell('microphone', holding.track !== null && this.#speaking.value)
    }
    this.#scope.add(this.#devices.microphone.subscribe(microphone))
    this.#scope.add(this.#speaking.subscribe(() => microphone(this.#devices.microphone.value)))
    this.#scope.add(
      this.#devices.camera.subscribe((holding) => {
        this.#sources.camera.set(holding.track)
        if (!holding.opening) this.#tell('camera', holding.track !== null)
      }),
    )
    if (this.#screen)
      this.#scope.add(
        this.#screen.shared.subscribe(({ track }) => {
          this.#sources.screen.set(track)
          this.#tell('screen', track !== null)
        }),
      )
  }

  #tell(source: SourceName, on: boolean): void {
    if (!this.#current || this.#offering) return
    if ((this.#told.get(source) ?? this.#serverThinks(source)) === on) return
    this.#told.set(source, on)
    // Lost with the connection, it is told again with the next one.
    this.#signal.request('switch', { source, on }).catch(() => this.#told.delete(source))
  }

  #serverThinks(source: SourceName): boolean {
    if (source === 'screen') return false
    const state = this.#signal.state.value
    if (!state) return true
    const people = 'room' in state ? state.room?.people : state.call?.people
    const person = people?.find((one) => one.participant === state.me.participant)
    return !person?.off?.includes(source)
  }

  /** After a new connection, which may be to a server that has restarted and knows nothing of before. */
  #tellAll(): void {
    this.#told.clear()
    const { microphone, camera } = this.#devices
    if (!microphone.value.opening)
      this.#tell('microphone', microphone.value.track !== null && this.#speaking.value)
    if (!camera.value.opening) this.#tell('camera', camera.value.track !== null)
    this.#tell('screen', this.#sources.screen.value !== null)
  }

  async #connect(): Promise<void> {
    if (this.#offering || this.#scope.closed) return
    clearTimeout(this.#retry)
    this.#offering = true
    const scope = new Scope()
    try {
      const pc = newConnection(this.#signal.state.value?.ice_servers ?? [])
      scope.add(() => pc.close())
      const publish = new Publish(pc, this.#sources)
      scope.add(() => publish.close())
      const sdp = await offerOf(pc)
      const reply = await this.#signal.request('offer', { sdp })
      if (this.#scope.closed) {
        scope.close()
        return
      }
      // The server has let go of the old connection by now; until here it may still have carried the call.
      this.#current?.scope.close()
      this.#current = { pc, scope, publish }
      this.#offering = false
      this.#guard(pc, scope)
      this.#tellAll()
      await this.#inTurn(() => pc.setRemoteDescription({ type: 'answer', sdp: reply.sdp ?? '' }))
      await publish.keepResolution()
    } catch (error) {
      if (this.#current?.scope === scope) this.#current = null
      scope.close()
      this.#offering = false
      if (!this.#scope.closed) this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    if (error instanceof Refused && FINAL_CODES.includes(error.code))
      this.#link.set({ status: 'failed', since: Date.now(), code: error.code, message: error.message })
    else this.#later()
  }

  #later(): void {
    this.#broken(Date.now())
    const after = RETRY_AFTER_MS[Math.min(this.#attempt, RETRY_AFTER_MS.length - 1)] ?? 0
    this.#attempt++
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.#connect(), after)
  }

  #restart(): void {
    this.#attempt = 0
    void this.#connect()
  }

  #broken(since: number): void {
    const { status } = this.#link.value
    if (status === 'connected' || status === 'failed') this.#link.set({ status: 'reconnecting', since })
  }

  /** Watches over one connection until it is replaced. */
  #guard(pc: RTCPeerConnection, scope: Scope): void {
    let timer = setTimeout(() => this.#later(), CONNECT_WITHIN_MS)
    scope.add(() => clearTimeout(timer))
    const look = (state: RTCPeerConnectionState) => {
      if (this.#current?.pc !== pc) return
      switch (state) {
        case 'connected':
          clearTimeout(timer)
          this.#attempt = 0
          if (this.#link.value.status !== 'connected')
            this.#link.set({ status: 'connected', since: Date.now() })
          break
        case 'disconnected': {
          const since = Date.now()
          clearTimeout(timer)
          // Both run over the same network: if this one is gone, the other is worth a look.
          this.#signal.nudge()
          timer = setTimeout(() => {
            this.#broken(since)
            this.#restart()
          }, DISCONNECTED_MS)
          break
        }
        case 'failed':
          clearTimeout(timer)
          this.#later()
          break
        case 'new':
        case 'connecting':
        case 'closed':
          break
      }
    }
    scope.add(onConnectionState(pc, look))
  }

  /** A connection may claim to live after its network is gone; whether bytes come tells. */
  async #verify(): Promise<void> {
    const pc = this.#current?.pc
    if (!pc || connectionState(pc) !== 'connected') {
      if (this.#link.value.status !== 'connecting') this.#restart()
      return
    }
    const before = await bytesReceived(pc)
    await new Promise((resolve) => setTimeout(resolve, VERIFY_MS))
    if (this.#current?.pc !== pc || this.#scope.closed) return
    if ((await bytesReceived(pc)) === before) this.#restart()
  }

  #offered(sdp: string): void {
    // An offer that arrives while ours is open belongs to the connection that ours replaces.
    const current = this.#current
    if (!current || this.#offering) return
    void this.#inTurn(async () => {
      if (this.#current !== current) return
      const answer = await this.#watch.answer(current.pc, sdp)
      if (this.#current === current) this.#signal.answer(answer)
    }).catch(() => {
      // A description that does not apply leaves both sides apart; a new connection joins them again.
      if (this.#current === current) this.#later()
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }
}

async function bytesReceived(pc: RTCPeerConnection): Promise<number> {
  let sum = 0
  try {
    for (const report of (await pc.getStats()).values())
      if (report.type === 'candidate-pair') sum += (report as { bytesReceived?: number }).bytesReceived ?? 0
  } catch {
    return sum
  }
  return sum
}
