import { Live, type Readable } from './live.ts'
import { Refused, Replies, Unreachable } from './replies.ts'
import { Scope } from './scope.ts'
import { every } from './ticker.ts'
import type {
  CustomerState,
  ErrorReply,
  GuestState,
  Hello,
  Reply,
  Requests,
  SeatState,
  ServerFrames,
} from './words.ts'

/** Why a connection is closed for good, until the page asks for it anew. */
export type ClosedWhy =
  | 'link_unknown'
  | 'link_expired'
  | 'link_used'
  /** The ticket is another device's, or the room is closed. */
  | 'ticket_void'
  /** The link is open on another device: `takeOver()` closes that one. */
  | 'in_use'
  /** Another device or tab has taken over. */
  | 'taken_over'
  | 'not_logged_in'
  /** Page and server do not understand each other: most likely the page is older than the server. */
  | 'protocol'
  | 'by_page'

/** `since` is in milliseconds since the epoch; `attempt` counts from 1. */
export type Link =
  | { status: 'connecting'; since: number }
  | { status: 'open'; since: number }
  | { status: 'reconnecting'; since: number; attempt: number }
  | { status: 'closed'; since: number; why: ClosedWhy; message: string | null }

export interface SignalOptions {
  /** `ws:` or `wss:` address; by default `/api/v1/signal` of the page's own host. */
  url?: string
  hello: Hello
  /** Makes the socket; the browser's WebSocket by default. */
  open?: (url: string) => WebSocket
}

/** docs/protocol.md, Ground rules. */
const PING_EVERY_MS = 5_000
const SILENCE_MS = 15_000
const RECONNECT_AFTER_MS = [0, 1_000, 2_000, 4_000, 5_000]
const PROOF_WITHIN_MS = 2_000
const HELLO_WITHIN_MS = 8_000
const REQUEST_WITHIN_MS = 10_000
/** A connection that lived this long was a good one: the next loss starts again with "at once". */
const SETTLED_MS = 5_000

/**
 * One side of the signalling connection. It says hello, keeps the connection alive, comes back when it is lost, and
 * shows the newest `state`; what is in the state is nobody's business here.
 */
export class Signal<S extends CustomerState | SeatState | GuestState> {
  readonly #state = new Live<S | null>(null)
  readonly #link: Live<Link>
  readonly #replies = new Replies()
  readonly #listeners = new Map<keyof ServerFrames, Set<(frame: never) => void>>()
  readonly #scope = new Scope()
  readonly #url: string
  readonly #open: (url: string) => WebSocket
  #hello: Hello
  #socket: WebSocket | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #proof: ReturnType<typeof setTimeout> | undefined
  #heard_at = 0
  #opened_at = 0
  #attempt = 0

  constructor(options: SignalOptions) {
    this.#url = options.url ?? ownAddress()
    this.#hello = options.hello
    this.#open = options.open ?? ((url) => new WebSocket(url))
    this.#link = new Live<Link>({ status: 'connecting', since: Date.now() })
    this.#scope.add(every(PING_EVERY_MS, () => this.#beat()))
    if (typeof window !== 'undefined') {
      this.#scope.listen(window, 'online', () => this.nudge())
      this.#scope.listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'visible') this.nudge()
      })
    }
    this.#connect()
  }

  /** The newest snapshot; null until the first one came. It stays while reconnecting. */
  get state(): Readable<S | null> {
    return this.#state
  }

  get link(): Readable<Link> {
    return this.#link
  }

  /** Listens to frames that the server sends unasked, until the returned function is called. */
  on<K extends keyof ServerFrames>(type: K, listener: (frame: ServerFrames[K]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /**
   * Asks and waits for the answer. While the connection is being made again it waits for that first, all within
   * `within_ms`.
   *
   * @throws Refused the server said no
   * @throws Unreachable no answer in time, or the connection broke while waiting for it
   */
  async request<K extends keyof Requests>(
    type: K,
    words: Requests[K],
    within_ms = REQUEST_WITHIN_MS,
  ): Promise<Reply> {
    const until = Date.now() + within_ms
    await this.#opened(type, within_ms)
    const { id, reply } = this.#replies.expect(type, Math.max(1, until - Date.now()))
    this.#put({ type, id, ...words })
    return reply
  }

  /** Sends the answer to a server offer; it has no reply, and a lost connection makes it moot. */
  answer(sdp: string): void {
    this.#put({ type: 'answer', sdp })
  }

  /** Opens a link here that is open elsewhere, or comes back after having been taken over. */
  takeOver(): void {
    if (this.#hello.as === 'customer') this.#hello = { ...this.#hello, takeover: true }
    this.reopen()
  }

  /** Starts anew after the connection was closed for good. */
  reopen(): void {
    if (this.#scope.closed) return
    this.#drop()
    this.#attempt = 0
    this.#link.set({ status: 'connecting', since: Date.now() })
    this.#connect()
  }

  /**
   * Something suggests that the network has changed: connects at once where it was waiting to, and gives a connection
   * that looks open two seconds to prove it, since a dead one would be noticed only after the usual silence.
   */
  nudge(): void {
    const link = this.#link.value
    if (link.status === 'closed') return
    if (!this.#socket) {
      this.#connect()
      return
    }
    if (link.status !== 'open') return
    const socket = this.#socket
    const asked_at = Date.now()
    this.#put({ type: 'ping' })
    clearTimeout(this.#proof)
    this.#proof = setTimeout(() => {
      if (this.#socket === socket && this.#heard_at < asked_at) this.#lost()
    }, PROOF_WITHIN_MS)
  }

  /** Says nothing and goes; the server notices by itself. */
  close(): void {
    if (this.#scope.closed) return
    this.#scope.close()
    this.#finish('by_page', null)
  }

  #connect(): void {
    clearTimeout(this.#retry)
    this.#heard_at = Date.now()
    let socket: WebSocket
    try {
      socket = this.#open(this.#url)
    } catch {
      this.#lost()
      return
    }
    this.#socket = socket
    socket.onopen = () => void this.#greet(socket)
    socket.onmessage = (event: MessageEvent) => {
      if (this.#socket === socket) this.#hear(event.data)
    }
    socket.onclose = (event: CloseEvent) => {
      if (this.#socket === socket) this.#closed(event.code)
    }
  }

  async #greet(socket: WebSocket): Promise<void> {
    const { id, reply } = this.#replies.expect('hello', HELLO_WITHIN_MS)
    this.#put({ type: 'hello', id, ...this.#hello })
    try {
      await reply
    } catch (error) {
      if (this.#socket !== socket) return
      const why = error instanceof Refused ? closedWhy(error.code) : null
      if (why) this.#finish(why, (error as Refused).message)
      else this.#lost()
      return
    }
    if (this.#socket !== socket) return
    // Having taken over once, a later reconnect must not throw out whoever took over since.
    if (this.#hello.as === 'customer') this.#hello = { ...this.#hello, takeover: false }
    this.#opened_at = Date.now()
    this.#link.set({ status: 'open', since: this.#opened_at })
  }

  #hear(data: unknown): void {
    this.#heard_at = Date.now()
    if (typeof data !== 'string') return
    const frame = parse(data)
    if (!frame) return
    switch (frame.type) {
      case 'state':
        this.#state.set(frame as unknown as S)
        break
      case 'ok':
      case 'error':
      case 'answer':
      case 'check_answer':
        this.#replies.settle(frame as unknown as Reply | ErrorReply)
        break
      case 'offer':
      case 'quality':
      case 'limit':
      case 'mute':
        for (const listener of [...(this.#listeners.get(frame.type) ?? [])]) listener(frame as never)
        break
      default:
        // `pong` has done its work by being heard; anything else is from a newer server.
        break
    }
  }

  #beat(): void {
    if (this.#link.value.status === 'closed') return
    if (!this.#socket) {
      // The timer of the next attempt sleeps in a hidden tab; the tick does not.
      if (Date.now() - this.#heard_at >= SILENCE_MS) this.#connect()
      return
    }
    if (Date.now() - this.#heard_at >= SILENCE_MS) this.#lost()
    else this.#put({ type: 'ping' })
  }

  #closed(code: number): void {
    const why = whyOfCode(code, this.#hello.as)
    if (why) this.#finish(why, null)
    else this.#lost()
  }

  /** The connection is gone and will be made again. */
  #lost(): void {
    const was = this.#link.value
    if (was.status === 'closed') return
    const settled = was.status === 'open' && Date.now() - this.#opened_at >= SETTLED_MS
    this.#attempt = settled ? 1 : this.#attempt + 1
    this.#drop()
    const since = was.status === 'open' ? Date.now() : was.since
    this.#link.set({ status: 'reconnecting', since, attempt: this.#attempt })
    const after = RECONNECT_AFTER_MS[Math.min(this.#attempt, RECONNECT_AFTER_MS.length) - 1] ?? 0
    // At once means at once: a hidden tab may hold even a timer of 0 ms back for a minute.
    if (after === 0) this.#connect()
    else this.#retry = setTimeout(() => this.#connect(), after)
  }

  #finish(why: ClosedWhy, message: string | null): void {
    this.#drop()
    this.#link.set({ status: 'closed', since: Date.now(), why, message })
  }

  #drop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#proof)
    const socket = this.#socket
    this.#socket = null
    this.#replies.abandon()
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  #put(frame: object): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame))
  }

  #opened(what: string, within_ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const scope = new Scope()
      const timer = setTimeout(() => end(() => reject(new Unreachable(what))), within_ms)
      const end = (settle: () => void) => {
        clearTimeout(timer)
        scope.close()
        settle()
      }
      scope.add(
        this.#link.subscribe((link) => {
          if (link.status === 'open') end(resolve)
          else if (link.status === 'closed') end(() => reject(new Unreachable(what)))
        }),
      )
    })
  }
}

function ownAddress(): string {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/api/v1/signal`
}

function parse(data: string): { type: string } | null {
  try {
    const frame: unknown = JSON.parse(data)
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as { type: string }) : null
  } catch {
    return null
  }
}

/** Refusals of a hello that trying again will not change; null for the rest, a server that is too busy, say. */
function closedWhy(code: string): ClosedWhy | null {
  switch (code) {
    case 'link_unknown':
    case 'link_expired':
    case 'link_used':
    case 'in_use':
    case 'not_logged_in':
      return code
    case 'ticket_used':
    case 'room_not_open':
      return 'ticket_void'
    case 'login_expired':
    case 'not_entitled':
      return 'not_logged_in'
    case 'malformed':
      return 'protocol'
    default:
      return null
  }
}

function whyOfCode(code: number, as: Hello['as']): ClosedWhy | null {
  switch (code) {
    case 4001:
      return as === 'seat' ? 'not_logged_in' : as === 'guest' ? 'ticket_void' : 'link_unknown'
    case 4003:
      return 'taken_over'
    case 4004:
      return as === 'guest' ? 'ticket_void' : 'link_expired'
    case 1008:
      return 'protocol'
    default:
      return null
  }
}
