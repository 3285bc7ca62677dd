// One take at a time: through the server where it can be reached, else into this browser. Plain logic; the page draws it.

import type { KeptTake, Readable, RecorderState } from '@mingjian/room'
import { Live, Scope } from '@mingjian/room'
import type { Begun, Take } from '@/api/counter'
import { ApiError } from '@/api/problem'

/** What is wanted. */
export interface Wish {
  businessNo: string
  videoType: string
  reason: string | null
}

export type Phase =
  | { is: 'idle' }
  | { is: 'starting'; wish: Wish }
  /** `lost_since` while the connection is being made again. Epoch milliseconds. */
  | { is: 'live'; wish: Wish; take: string; since: number; lost_since: number | null }
  | { is: 'local'; wish: Wish; since: number }
  | { is: 'stopping'; wish: Wish }

/** How the way into a room does. */
export type Way = 'joining' | 'on' | 'lost' | 'over'

/** A connection into the room of a take. */
export interface Room {
  readonly way: Readable<Way>
  close(): void
}

/** A recording into this browser. */
export interface Local {
  readonly state: Readable<RecorderState>
  stop(): Promise<KeptTake>
}

export type Trouble =
  | { is: 'said'; sentence: string }
  | { is: 'full' | 'recorder' | 'cannot_keep' | 'server_stopped' | 'unreachable' }

export interface StudioOptions {
  begin: (wish: Wish) => Promise<Begun>
  join: (take: string) => Promise<Begun>
  stop: (take: string) => Promise<Take>
  enter: (ticket: string) => Room
  record: (wish: Wish) => Promise<Local>
  /** Something is on the shelf that was not there before. */
  onKept: (take: KeptTake) => void
  /** The server knows something new of its takes. */
  onChanged: () => void
  now?: () => number
  /** How long the server may take to answer, and the media to flow, before this browser records by itself. */
  patience_ms?: { answer: number; media: number }
}

const PATIENCE_MS = { answer: 8_000, media: 10_000 }

/** Records takes, one at a time. */
export class Studio {
  readonly #options: StudioOptions
  readonly #phase = new Live<Phase>({ is: 'idle' })
  readonly #trouble = new Live<Trouble | null>(null)
  readonly #now: () => number
  #room: Room | null = null
  #local: Local | null = null
  #unfollow: (() => void) | null = null

  constructor(options: StudioOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  get phase(): Readable<Phase> {
    return this.#phase
  }

  /** What went wrong last; null when all is well. */
  get trouble(): Readable<Trouble | null> {
    return this.#trouble
  }

  forgive(): void {
    this.#trouble.set(null)
  }

  /** Begins a take, by the server if it answers in time and media flow in time, else by this browser alone. */
  async start(wish: Wish): Promise<void> {
    if (this.#phase.value.is !== 'idle') return
    this.#trouble.set(null)
    this.#phase.set({ is: 'starting', wish })
    let begun: Begun
    try {
      begun = await within(this.#options.begin(wish), this.#patience.answer)
    } catch (error) {
      if (isUnreachable(error)) await this.#keep(wish)
      else this.#refused(error)
      return
    }
    if (await this.#flows(begun.ticket)) {
      this.#follow(wish, begun.take.id, this.#now())
      return
    }
    // Lost before it began: what the server has of it is nothing, and it is told so if it can be.
    void this.#options.stop(begun.take.id).then(this.#options.onChanged, () => {})
    await this.#keep(wish)
  }

  /** Goes back into a take that is being recorded: after a reload, or from another computer. */
  async resume(take: Take): Promise<void> {
    if (this.#phase.value.is !== 'idle') return
    this.#trouble.set(null)
    const wish = { businessNo: take.businessNo, videoType: take.videoType, reason: take.again }
    this.#phase.set({ is: 'starting', wish })
    try {
      const begun = await within(this.#options.join(take.id), this.#patience.answer)
      if (await this.#flows(begun.ticket)) {
        this.#follow(wish, take.id, Date.parse(take.beganAt))
        return
      }
      this.#trouble.set({ is: 'unreachable' })
      this.#phase.set({ is: 'idle' })
    } catch (error) {
      this.#refused(error)
    }
  }

  /** Ends the take that is being recorded. */
  async stop(): Promise<void> {
    const phase = this.#phase.value
    if (phase.is === 'live') {
      this.#leave()
      this.#phase.set({ is: 'stopping', wish: phase.wish })
      await this.#stopAtServer(phase.take)
      this.#phase.set({ is: 'idle' })
      this.#options.onChanged()
    } else if (phase.is === 'local') {
      const local = this.#local
      this.#unfollow?.()
      this.#local = null
      this.#phase.set({ is: 'stopping', wish: phase.wish })
      try {
        if (local) this.#options.onKept(await local.stop())
      } catch {
        this.#trouble.set({ is: 'recorder' })
      }
      this.#phase.set({ is: 'idle' })
    }
  }

  /** Lets go of everything; a take that the server records goes on there. */
  close(): void {
    this.#leave()
    this.#unfollow?.()
    void this.#local?.stop().catch(() => {})
    this.#local = null
  }

  get #patience(): { answer: number; media: number } {
    return this.#options.patience_ms ?? PATIENCE_MS
  }

  /** Enters the room and waits until the server has picture and sound. */
  async #flows(ticket: string): Promise<boolean> {
    const room = this.#options.enter(ticket)
    this.#room = room
    const scope = new Scope()
    const flows = await new Promise<boolean>((resolve) => {
      const end = (flows: boolean) => {
        scope.close()
        resolve(flows)
      }
      const timer = setTimeout(() => end(false), this.#patience.media)
      scope.add(() => clearTimeout(timer))
      scope.add(
        room.way.subscribe((way) => {
          if (way === 'on') end(true)
          else if (way === 'over') end(false)
        }),
      )
    })
    if (!flows) this.#leave()
    return flows
  }

  #follow(wish: Wish, take: string, since: number): void {
    this.#phase.set({ is: 'live', wish, take, since, lost_since: null })
    this.#options.onChanged()
    this.#unfollow =
      this.#room?.way.subscribe((way) => {
        const phase = this.#phase.value
        if (phase.is !== 'live') return
        if (way === 'on') {
          if (phase.lost_since !== null) this.#phase.set({ ...phase, lost_since: null })
        } else if (way === 'lost') this.#phase.set({ ...phase, lost_since: phase.lost_since ?? this.#now() })
        else if (way === 'over') this.#overAtServer()
      }) ?? null
  }

  /** The server has ended the recording by itself: its disk refused, or another computer ended it. */
  #overAtServer(): void {
    this.#leave()
    this.#phase.set({ is: 'idle' })
    this.#trouble.set({ is: 'server_stopped' })
    this.#options.onChanged()
  }

  async #stopAtServer(take: string): Promise<void> {
    // The take is on the server's disk already; that it ends may have to be said twice.
    for (let tries = 0; ; tries++) {
      try {
        await this.#options.stop(take)
        return
      } catch (error) {
        if (!isUnreachable(error) || tries === 2) {
          this.#trouble.set(isUnreachable(error) ? { is: 'unreachable' } : said(error))
          return
        }
      }
    }
  }

  async #keep(wish: Wish): Promise<void> {
    try {
      const local = await this.#options.record(wish)
      this.#local = local
      this.#phase.set({ is: 'local', wish, since: this.#now() })
      this.#unfollow = local.state.subscribe((state) => {
        if (state.status !== 'failed') return
        this.#unfollow?.()
        this.#local = null
        this.#trouble.set({ is: state.full ? 'full' : 'recorder' })
        this.#phase.set({ is: 'idle' })
        this.#options.onKept(state.take)
      })
    } catch {
      this.#trouble.set({ is: 'cannot_keep' })
      this.#phase.set({ is: 'idle' })
    }
  }

  #refused(error: unknown): void {
    this.#trouble.set(isUnreachable(error) ? { is: 'unreachable' } : said(error))
    this.#phase.set({ is: 'idle' })
  }

  #leave(): void {
    this.#unfollow?.()
    this.#unfollow = null
    this.#room?.close()
    this.#room = null
  }
}

function said(error: unknown): Trouble {
  return { is: 'said', sentence: error instanceof Error ? error.message : '' }
}

/** No answer came, or none in time. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TimeOut || (error instanceof ApiError && error.status === 0)
}

class TimeOut extends Error {}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimeOut()), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
