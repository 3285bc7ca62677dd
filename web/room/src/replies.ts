import type { ErrorReply, Reply } from './words.ts'

/** The server understood and said no; `message` is its sentence and may be shown as it is. */
export class Refused extends Error {
  readonly code: string
  /** When the queue opens, where the refusal is `queue_closed`. */
  readonly opens_at: string | null

  constructor(reply: Pick<ErrorReply, 'code' | 'message' | 'opens_at'>) {
    super(reply.message)
    this.name = 'Refused'
    this.code = reply.code
    this.opens_at = reply.opens_at ?? null
  }
}

/** No answer came: the connection was lost, or the time was up. Whether the server did it is unknown. */
export class Unreachable extends Error {
  constructor(what: string) {
    super(`no answer to ${what}`)
    this.name = 'Unreachable'
  }
}

interface Waiting {
  what: string
  resolve: (reply: Reply) => void
  reject: (error: Error) => void
  timer: ReturnType<typeof setTimeout>
}

/** Requests that wait for their reply, by id. */
export class Replies {
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  /** Takes the next id and promises its reply within `timeout_ms`. */
  expect(what: string, timeout_ms: number): { id: number; reply: Promise<Reply> } {
    const id = ++this.#last
    const reply = new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(new Unreachable(what))
      }, timeout_ms)
      this.#waiting.set(id, { what, resolve, reject, timer })
    })
    return { id, reply }
  }

  /** Hands a frame to the request it answers; a frame that answers none is dropped. */
  settle(frame: Reply | ErrorReply): void {
    if (frame.re === undefined) return
    const waiting = this.#waiting.get(frame.re)
    if (!waiting) return
    this.#waiting.delete(frame.re)
    clearTimeout(waiting.timer)
    if (frame.type === 'error') waiting.reject(new Refused(frame))
    else waiting.resolve(frame)
  }

  /** The connection is gone: nothing that waits will be answered. */
  abandon(): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer)
      waiting.reject(new Unreachable(waiting.what))
    }
    this.#waiting.clear()
  }
}
