import { causeOf, type DeviceCause } from './fault.ts'
import { Live, type Readable } from './live.ts'
import { Scope } from './scope.ts'

export type DeviceKind = 'camera' | 'microphone'
export type Facing = 'user' | 'environment'

/** What we hold of one kind of device: its track, or why there is none. Both null: not opened, or turned off. */
export interface Holding {
  track: MediaStreamTrack | null
  cause: DeviceCause | null
  opening: boolean
}

/** Devices one may choose from; labels are empty until a permission was given. */
export interface Choices {
  cameras: MediaDeviceInfo[]
  microphones: MediaDeviceInfo[]
}

const NOTHING: Holding = { track: null, cause: null, opening: false }
const OPENING: Holding = { track: null, cause: null, opening: true }

/** Where a remembered choice of device is kept, by kind; cookies of the page's own machine, never sent anywhere. */
const REMEMBERED = { camera: 'mingjian.camera', microphone: 'mingjian.microphone' } as const

/**
 * The camera and the microphone of this machine, opened once and used by check and call alike, so that a person is
 * asked for permission once. Whoever shows or sends a track follows `camera` and `microphone`.
 */
export class Devices {
  readonly #camera = new Live<Holding>(NOTHING)
  readonly #microphone = new Live<Holding>(NOTHING)
  readonly #choices = new Live<Choices>({ cameras: [], microphones: [] })
  readonly #facing = new Live<Facing>('user')
  readonly #scope = new Scope()
  /** Counts per kind what was asked last, so that an answer that comes too late is given back. */
  readonly #asked = { camera: 0, microphone: 0 }

  constructor() {
    this.#scope.listen(media(), 'devicechange', () => void this.#devicesChanged())
    this.#scope.add(() => {
      this.turnOff('camera')
      this.turnOff('microphone')
    })
  }

  get camera(): Readable<Holding> {
    return this.#camera
  }

  get microphone(): Readable<Holding> {
    return this.#microphone
  }

  get choices(): Readable<Choices> {
    return this.#choices
  }

  get facing(): Readable<Facing> {
    return this.#facing
  }

  /** Opens both with one question to the person; what fails says so in its `cause` and does not hinder the other. */
  async open(): Promise<void> {
    const impossible = whyNoDevices()
    if (impossible) {
      this.#camera.set({ ...NOTHING, cause: impossible })
      this.#microphone.set({ ...NOTHING, cause: impossible })
      return
    }
    const asked = { camera: this.#ask('camera'), microphone: this.#ask('microphone') }
    try {
      const stream = await getUserMedia({ video: this.#video(), audio: this.#audio() })
      this.#keep('camera', asked.camera, stream.getVideoTracks()[0])
      this.#keep('microphone', asked.microphone, stream.getAudioTracks()[0])
    } catch {
      // The error does not say which of the two it is about; asked for alone, each gives its own reason.
      await this.#openAlone('microphone', asked.microphone, { audio: this.#audio() })
      await this.#openAlone('camera', asked.camera, { video: this.#video() })
    }
    await this.#list()
  }

  /** Opens one kind, with the remembered or the given device. */
  async turnOn(kind: DeviceKind, device_id?: string): Promise<void> {
    const impossible = whyNoDevices()
    if (impossible) {
      this.#of(kind).set({ ...NOTHING, cause: impossible })
      return
    }
    if (device_id) remember(kind, device_id)
    this.#release(kind)
    const asked = this.#ask(kind)
    const constraints =
      kind === 'camera' ? { video: this.#video(device_id) } : { audio: this.#audio(device_id) }
    await this.#openAlone(kind, asked, constraints)
    await this.#list()
  }

  /** Gives a device back; its light goes out. */
  turnOff(kind: DeviceKind): void {
    this.#asked[kind]++
    this.#release(kind)
    this.#of(kind).set(NOTHING)
  }

  /** From the front camera to the back one and again; with several cameras on a PC, to the next. */
  async flip(): Promise<void> {
    const { cameras } = this.#choices.value
    const current = this.#camera.value.track?.getSettings()
    if (current?.facingMode || cameras.length === 0) {
      this.#facing.set(this.#facing.value === 'user' ? 'environment' : 'user')
      forget('camera')
      await this.turnOn('camera')
      return
    }
    const at = cameras.findIndex((camera) => camera.deviceId === current?.deviceId)
    const next = cameras[(at + 1) % cameras.length]
    if (next) await this.turnOn('camera', next.deviceId)
  }

  /** Opens again what the system has ended meanwhile, for a page that comes back to the front. */
  async revive(): Promise<void> {
    for (const kind of ['microphone', 'camera'] as const) {
      const { track, cause } = this.#of(kind).value
      if (track?.readyState === 'ended' || cause === 'lost') await this.turnOn(kind)
    }
  }

  close(): void {
    this.#scope.close()
  }

  #of(kind: DeviceKind): Live<Holding> {
    return kind === 'camera' ? this.#camera : this.#microphone
  }

  #ask(kind: DeviceKind): number {
    this.#release(kind)
    this.#of(kind).set(OPENING)
    return ++this.#asked[kind]
  }

  #release(kind: DeviceKind): void {
    // Many phones open a second camera only after the first is closed, so the old track goes first.
    const track = this.#of(kind).value.track
    if (!track) return
    track.onended = null
    track.stop()
  }

  async #openAlone(kind: DeviceKind, asked: number, constraints: MediaStreamConstraints): Promise<void> {
    try {
      const stream = await getUserMedia(constraints)
      this.#keep(kind, asked, stream.getTracks()[0])
    } catch (error) {
      if (this.#asked[kind] === asked) this.#of(kind).set({ ...NOTHING, cause: causeOf(error) })
    }
  }

  #keep(kind: DeviceKind, asked: number, track: MediaStreamTrack | undefined): void {
    if (!track || this.#asked[kind] !== asked || this.#scope.closed) {
      track?.stop()
      return
    }
    track.onended = () => {
      if (this.#of(kind).value.track === track) this.#of(kind).set({ ...NOTHING, cause: 'lost' })
    }
    this.#of(kind).set({ track, cause: null, opening: false })
  }

  async #devicesChanged(): Promise<void> {
    await this.#list()
    const { cameras, microphones } = this.#choices.value
    const back = (cause: DeviceCause | null) => cause === 'lost' || cause === 'none'
    if (cameras.length > 0 && back(this.#camera.value.cause)) await this.turnOn('camera')
    if (microphones.length > 0 && back(this.#microphone.value.cause)) await this.turnOn('microphone')
  }

  async #list(): Promise<void> {
    try {
      const all = (await media()?.enumerateDevices()) ?? []
      if (this.#scope.closed) return
      this.#choices.set({
        cameras: all.filter((device) => device.kind === 'videoinput'),
        microphones: all.filter((device) => device.kind === 'audioinput'),
      })
    } catch {
      // Without a list there is no choice to offer; what is open stays open.
    }
  }

  /** 640x480 at 25 to 30 frames: what the recording is laid out for (bench and disk are counted with it). */
  #video(device_id = recall('camera')): MediaTrackConstraints {
    return {
      width: { ideal: 640 },
      height: { ideal: 480 },
      frameRate: { ideal: 25, max: 30 },
      ...(device_id ? { deviceId: { ideal: device_id } } : { facingMode: { ideal: this.#facing.value } }),
    }
  }

  #audio(device_id = recall('microphone')): MediaTrackConstraints {
    return {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      channelCount: { ideal: 1 },
      ...(device_id ? { deviceId: { ideal: device_id } } : {}),
    }
  }
}

/** Why no device can be opened by this page at all; null when one may try. */
export function whyNoDevices(): 'insecure' | 'unsupported' | null {
  if (typeof window !== 'undefined' && !window.isSecureContext) return 'insecure'
  return media()?.getUserMedia ? null : 'unsupported'
}

/** On a page without https browsers leave `mediaDevices` out, whatever the type says. */
function media(): MediaDevices | undefined {
  return typeof navigator === 'undefined' ? undefined : (navigator.mediaDevices as MediaDevices | undefined)
}

async function getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const devices = media()
  if (!devices) throw new DOMException('no media devices', 'NotSupportedError')
  return devices.getUserMedia(constraints)
}

// Storage may be forbidden (private windows, embedded pages); a forgotten choice is no reason to fail.
function remember(kind: DeviceKind, device_id: string): void {
  try {
    localStorage.setItem(REMEMBERED[kind], device_id)
  } catch {
    return
  }
}

function recall(kind: DeviceKind): string | undefined {
  try {
    return localStorage.getItem(REMEMBERED[kind]) ?? undefined
  } catch {
    return undefined
  }
}

function forget(kind: DeviceKind): void {
  try {
    localStorage.removeItem(REMEMBERED[kind])
  } catch {
    return
  }
}
