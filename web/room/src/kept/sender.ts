import { sha256 } from '@noble/hashes/sha2.js'
import { Live, type Readable } from '../live.ts'
import { Scope } from '../scope.ts'
import type { KeptTake, Shelf } from './shelf.ts'

export type Sending =
  /** Its sum is being computed. */
  | { status: 'reading' }
  | { status: 'sending'; sent: number; total: number }
  /** The server cannot be reached; it is tried again by itself. */
  | { status: 'waiting'; sent: number; total: number }
  | { status: 'done' }
  /** The server does not take it; `message` is its sentence. The bytes stay. */
  | { status: 'refused'; message: string }

export interface SenderOptions {
  shelf: Shelf
  take: KeptTake
  /** What every request carries besides: the page's token. */
  headers: () => Record<string, string>
  /** Where uploads are announced. */
  address?: string
  fetch?: typeof fetch
  piece_bytes?: number
  /** Waits between two tries, in milliseconds. */
  retry_after_ms?: number[]
}

const PIECE_BYTES = 2 << 20
const RETRY_AFTER_MS = [1_000, 2_000, 5_000, 10_000, 30_000]
/** A whole that came out wrong is sent anew so often. */
const ANEW = 2

/** Sends a take that this browser kept, piece by piece, by tus 1.0; what was sent before stays sent. */
export class Sender {
  readonly #options: SenderOptions
  readonly #state: Live<Sending>
  readonly #scope = new Scope()
  readonly #fetch: typeof fetch
  #take: KeptTake
  #sent = 0
  #anew = 0
  #wake: (() => void) | null = null
  readonly #abort = new AbortController()
  /** Resolves when it is done, refused or closed. */
  readonly finished: Promise<void>

  constructor(options: SenderOptions) {
    this.#options = options
    this.#take = options.take
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init))
    this.#state = new Live<Sending>({ status: 'reading' })
    this.#scope.add(() => this.#abort.abort())
    this.#scope.add(() => this.#wake?.())
    if (typeof window !== 'undefined') this.#scope.listen(window, 'online', () => this.#wake?.())
    this.finished = this.#run()
  }

  get state(): Readable<Sending> {
    return this.#state
  }

  get take(): KeptTake {
    return this.#take
  }

  /** Stops sending; the bytes stay on the shelf. */
  close(): void {
    this.#scope.close()
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#scope.closed;) {
      try {
        await this.#once()
        return
      } catch (error) {
        if (this.#scope.closed) return
        if (error instanceof Refusal && error.final) {
          this.#state.set({ status: 'refused', message: error.message })
          return
        }
        if (error instanceof Progressed) failures = 0
        this.#state.set({ status: 'waiting', sent: this.#sent, total: this.#take.bytes })
        await this.#rest(failures++)
      }
    }
  }

  /** From wherever it stands to the end. */
  async #once(): Promise<void> {
    const { shelf } = this.#options
    if (this.#take.sha256 === null) {
      this.#state.set({ status: 'reading' })
      await this.#change({ sha256: await sumOf(shelf, this.#take) })
    }
    if (this.#take.upload === null) await this.#announce()
    let offset = await this.#ask()
    const begun = offset
    while (offset < this.#take.bytes) {
      this.#tell(offset)
      try {
        offset = await this.#send(offset)
      } catch (error) {
        throw offset > begun && !(error instanceof Refusal) ? new Progressed() : error
      }
    }
    await shelf.remove(this.#take.id)
    this.#state.set({ status: 'done' })
  }

  async #announce(): Promise<void> {
    const take = this.#take
    const about: Record<string, string> = {
      localId: take.id,
      businessNo: take.business_no,
      videoType: take.video_type,
      filetype: take.type,
      startedAt: take.started_at,
      durationMs: String(Math.round(take.duration_ms)),
      sha256: take.sha256 ?? '',
      reason: take.reason ?? '',
    }
    const metadata = Object.entries(about)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`)
      .join(',')
    const response = await this.#ask_for('POST', this.#options.address ?? '/video/upload', {
      'Upload-Length': String(take.bytes),
      'Upload-Metadata': metadata,
    })
    const upload = response.headers.get('Location')
    if (!upload) throw new Refusal(false, '')
    await this.#change({ upload })
  }

  /** How much of it the server has. */
  async #ask(): Promise<number> {
    try {
      const response = await this.#ask_for('HEAD', this.#take.upload ?? '', {})
      return offsetOf(response)
    } catch (error) {
      // An upload that is not there any more is announced anew.
      if (error instanceof Refusal && error.gone) await this.#change({ upload: null })
      throw error
    }
  }

  async #send(offset: number): Promise<number> {
    const { shelf, piece_bytes = PIECE_BYTES } = this.#options
    const piece = await shelf.read(this.#take.id, offset, piece_bytes)
    if (piece.length === 0) throw new Refusal(true, '')
    const sum = base64(new Uint8Array(await crypto.subtle.digest('SHA-256', piece)))
    const headers = {
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
      'Upload-Checksum': `sha256 ${sum}`,
    }
    const response = await this.#ask_for('PATCH', this.#take.upload ?? '', headers, piece)
    const now = offsetOf(response)
    this.#tell(now)
    return now
  }

  async #ask_for(
    method: string,
    address: string,
    headers: Record<string, string>,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const response = await this.#fetch(address, {
      method,
      headers: { 'Tus-Resumable': '1.0.0', ...this.#options.headers(), ...headers },
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: this.#abort.signal,
    })
    if (response.ok) return response
    const said = (await response.json().catch(() => null)) as { msg?: string } | null
    throw this.#refusal(response.status, said?.msg ?? '')
  }

  #refusal(status: number, message: string): Refusal {
    switch (status) {
      // Somebody else is sending, too much is asked, the disk is full for now, or the server is not well.
      case 408:
      case 409:
      case 423:
      case 429:
      case 507:
        return new Refusal(false, message)
      case 404:
      case 410:
        return new Refusal(this.#take.upload === null, message, true)
      // A piece went wrong on the way, or the whole did and is sent anew from the first byte.
      case 460:
        return new Refusal(this.#anew++ >= ANEW, message)
      default:
        return new Refusal(status < 500, message)
    }
  }

  #tell(sent: number): void {
    this.#sent = sent
    this.#state.set({ status: 'sending', sent, total: this.#take.bytes })
  }

  async #change(change: Partial<KeptTake>): Promise<void> {
    this.#take = { ...this.#take, ...change }
    await this.#options.shelf.put(this.#take)
  }

  #rest(failures: number): Promise<void> {
    const waits = this.#options.retry_after_ms ?? RETRY_AFTER_MS
    const wait = waits[Math.min(failures, waits.length - 1)] ?? 0
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** The server said no; `final` when trying again cannot help, `gone` when there is no such upload (any more). */
class Refusal extends Error {
  constructor(
    readonly final: boolean,
    message: string,
    readonly gone = false,
  ) {
    super(message)
  }
}

/** It broke, but after something had got through. */
class Progressed extends Error {}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get('Upload-Offset') ?? NaN)
  if (!Number.isSafeInteger(offset)) throw new Refusal(false, '')
  return offset
}

/** Enough at a time to be quick, little enough for a phone. */
const READ_BYTES = 4 << 20

/** SHA-256 of a take in hex. WebCrypto wants it in one piece, which an hour of video is not. */
async function sumOf(shelf: Shelf, take: KeptTake): Promise<string> {
  const sum = sha256.create()
  for (let at = 0; at < take.bytes;) {
    const piece = await shelf.read(take.id, at, READ_BYTES)
    if (piece.length === 0) break
    sum.update(piece)
    at += piece.length
  }
  return Array.from(sum.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
