import { vi } from 'vitest'

/** Stands in for MediaStreamTrack. */
export class FakeTrack extends EventTarget {
  static made: FakeTrack[] = []
  /** Tells tracks apart where a test compares them by value. */
  readonly id = FakeTrack.made.length
  readyState: 'live' | 'ended' = 'live'
  enabled = true
  contentHint = ''
  onended: (() => void) | null = null

  constructor(
    readonly kind: 'audio' | 'video',
    readonly settings: { deviceId?: string; facingMode?: string } = {},
  ) {
    super()
    FakeTrack.made.push(this)
  }

  getSettings() {
    return this.settings
  }

  stop(): void {
    this.readyState = 'ended'
  }

  /** The system ends it, as when a cable is pulled. */
  unplug(): void {
    this.readyState = 'ended'
    this.onended?.()
  }
}

/** Stands in for MediaStream. */
export class FakeStream extends EventTarget {
  readonly #tracks: FakeTrack[]

  constructor(tracks: FakeTrack[] = []) {
    super()
    this.#tracks = [...tracks]
  }

  getTracks() {
    return [...this.#tracks]
  }
  getVideoTracks() {
    return this.#tracks.filter((track) => track.kind === 'video')
  }
  getAudioTracks() {
    return this.#tracks.filter((track) => track.kind === 'audio')
  }
  addTrack(track: FakeTrack) {
    this.#tracks.push(track)
  }
  removeTrack(track: FakeTrack) {
    this.#tracks.splice(this.#tracks.indexOf(track), 1)
  }
}

/** The machine's devices: `broken` names what getUserMedia throws for a kind. */
export class FakeMachine extends EventTarget {
  broken: { video?: string; audio?: string } = {}
  devices = [
    { kind: 'videoinput', deviceId: 'front', label: 'front' },
    { kind: 'audioinput', deviceId: 'mic', label: 'mic' },
  ]
  asked: MediaStreamConstraints[] = []

  getUserMedia = async (constraints: MediaStreamConstraints): Promise<FakeStream> => {
    this.asked.push(constraints)
    const tracks: FakeTrack[] = []
    for (const kind of ['video', 'audio'] as const) {
      const wanted = constraints[kind]
      if (!wanted) continue
      const error = this.broken[kind]
      if (error) throw new DOMException('broken', error)
      const { deviceId, facingMode } = wanted as {
        deviceId?: { ideal: string }
        facingMode?: { ideal: string }
      }
      tracks.push(new FakeTrack(kind, { deviceId: deviceId?.ideal, facingMode: facingMode?.ideal }))
    }
    return new FakeStream(tracks)
  }

  enumerateDevices = async () => this.devices

  /** Makes this machine the one that the code under test runs on. */
  install(): void {
    FakeTrack.made = []
    const store = new Map<string, string>()
    vi.stubGlobal('window', Object.assign(new EventTarget(), { isSecureContext: true }))
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
    vi.stubGlobal('navigator', { mediaDevices: this })
    vi.stubGlobal('MediaStream', FakeStream)
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
      removeItem: (key: string) => void store.delete(key),
    })
  }
}
