import { Live, type Readable } from '../live.ts'
import type { KeptTake, Shelf } from './shelf.ts'

/** A piece a second: what a tab that dies may lose. */
const PIECE_MS = 1_000
/** As the camera's own limit on the way to the server. */
const VIDEO_BPS = 1_200_000
const AUDIO_BPS = 64_000

/**
 * With the distance of key frames (MediaStream Recording, section 2.3): whole pieces end where one begins, and with the browser's
 * own distance the first would come after many seconds. A browser that does not know it ignores it.
 */
interface KeyedOptions extends MediaRecorderOptions {
  videoKeyFrameIntervalDuration: number
}

/** What the recorder is told of the take. */
export interface About {
  business_no: string
  video_type: string
  reason: string | null
}

export type RecorderState =
  | { status: 'recording'; take: KeptTake }
  | { status: 'ended'; take: KeptTake }
  /** The disk or the browser refused; what was kept before is whole. */
  | { status: 'failed'; take: KeptTake; full: boolean }

/** Of what this browser can record, what plays in most places. */
const TYPES = [
  'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/mp4;codecs=avc1.42E01E,opus',
  'video/mp4',
  'video/webm;codecs=h264,opus',
  'video/webm;codecs=vp8,opus',
  'video/webm',
]

/** The type to record as; null where the browser cannot record at all. */
export function recordingType(): string | null {
  if (typeof MediaRecorder === 'undefined') return null
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null
}

/** Records a camera and a microphone onto the shelf, without a server. */
export class LocalRecorder {
  readonly #shelf: Shelf
  readonly #recorder: MediaRecorder
  readonly #state: Live<RecorderState>
  readonly #now: () => number
  readonly #started: number
  /** Pieces are written one after the other. */
  #turn: Promise<void> = Promise.resolve()
  #ended: Promise<void>

  private constructor(shelf: Shelf, stream: MediaStream, type: string, take: KeptTake, now: () => number) {
    this.#shelf = shelf
    this.#now = now
    this.#started = now()
    this.#state = new Live<RecorderState>({ status: 'recording', take })
    const options: KeyedOptions = {
      mimeType: type,
      videoBitsPerSecond: VIDEO_BPS,
      audioBitsPerSecond: AUDIO_BPS,
      videoKeyFrameIntervalDuration: PIECE_MS,
    }
    this.#recorder = new MediaRecorder(stream, options)
    this.#recorder.ondataavailable = (event: BlobEvent) => this.#keep(event.data)
    this.#recorder.onerror = () => this.#fail(false)
    this.#ended = new Promise((resolve) => {
      this.#recorder.onstop = () => resolve()
    })
    this.#recorder.start(PIECE_MS)
  }

  /**
   * Begins. The browser is asked to keep what is on the shelf also when space runs short; it may say no.
   *
   * @throws DOMException when the browser cannot record, or nothing can be kept
   */
  static async start(
    stream: MediaStream,
    about: About,
    shelf: Shelf,
    now: () => number = Date.now,
  ): Promise<LocalRecorder> {
    const type = recordingType()
    if (!type) throw new DOMException('this browser cannot record', 'NotSupportedError')
    await navigator.storage?.persist?.().catch(() => false)
    const take: KeptTake = {
      ...about,
      id: newId(),
      type: type.split(';')[0] ?? type,
      started_at: new Date(now()).toISOString(),
      duration_ms: 0,
      bytes: 0,
      touched_at: now(),
      ended: false,
      sha256: null,
      upload: null,
    }
    await shelf.put(take)
    return new LocalRecorder(shelf, stream, type, take, now)
  }

  get state(): Readable<RecorderState> {
    return this.#state
  }

  /** Ends; resolves once the last piece is on disk. */
  async stop(): Promise<KeptTake> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop()
    await this.#ended
    await this.#turn
    const { status, take } = this.#state.value
    if (status !== 'recording') return take
    const ended = { ...take, ended: true, duration_ms: this.#now() - this.#started }
    await this.#shelf.put(ended)
    this.#state.set({ status: 'ended', take: ended })
    return ended
  }

  #keep(piece: Blob): void {
    this.#turn = this.#turn.then(async () => {
      const { status, take } = this.#state.value
      if (status === 'failed') return
      try {
        const bytes = await piece.arrayBuffer()
        const now = this.#now()
        const touched = { ...take, duration_ms: now - this.#started, touched_at: now }
        // An empty piece says no more than that the recording lives.
        const grown = bytes.byteLength > 0 ? await this.#shelf.append(touched, bytes) : touched
        if (bytes.byteLength === 0) await this.#shelf.put(touched)
        this.#state.set({ status: 'recording', take: grown })
      } catch (error) {
        this.#fail((error as { name?: string }).name === 'QuotaExceededError')
      }
    })
  }

  #fail(full: boolean): void {
    const { status, take } = this.#state.value
    if (status !== 'recording') return
    const ended = { ...take, ended: true }
    this.#state.set({ status: 'failed', take: ended, full })
    if (this.#recorder.state !== 'inactive') this.#recorder.stop()
    // If even this cannot be kept, the take is found as one whose recorder fell silent.
    void this.#shelf.put(ended).catch(() => {})
  }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
