// What the counter's page asks of the server: the face of 双录系统 1.0 answers `{code, msg, data}`.

import { ApiError, unreachable } from './problem'
import { learnServerClock } from './server-clock'

/** 0 waiting, 1 recording, 2 uploading, 3 uploaded, 4 failed. */
export type VideoStatus = '0' | '1' | '2' | '3' | '4'

export interface Sitter {
  name: string
  /** Masked. */
  idNo: string
  /** Masked; may be empty. */
  mobile: string
  others: string[]
}

export interface CounterOrder {
  businessNo: string
  productName: string
  people: Sitter[]
}

export interface CounterTab {
  videoType: string
  /** Whether it may record; else it may only play. */
  record: boolean
}

export interface Take {
  id: string
  businessNo: string
  videoType: string
  videoStatus: VideoStatus
  /** Whether it is the one that counts. */
  newest: boolean
  source: 'server' | 'local'
  operator: string
  again: string | null
  beganAt: string
  durationMs: number | null
  failure: string | null
  voided: { at: string; reason: string; by: string } | null
  playUrl: string | null
}

export interface Visit {
  visit: string
  csrfToken: string
  operator: { userId: string; userName: string }
  orders: CounterOrder[]
  tabs: CounterTab[]
  /** By video type. */
  scripts: Record<string, string>
  takes: Take[]
}

/** A take that is being recorded, and what to say `hello` with. */
export interface Begun {
  take: Take
  ticket: string
}

/** The calls of one page. The session is in a cookie; which one, and the token of writes, travel in headers. */
export class CounterApi {
  #visit: string | null
  #csrf: string | null = null

  /** `visit` names the session of this tab, where there is one already. */
  constructor(visit: string | null = null) {
    this.#visit = visit
  }

  get visit(): string | null {
    return this.#visit
  }

  /** Headers of every request of this page. */
  headers(): Record<string, string> {
    return {
      ...(this.#visit === null ? {} : { 'X-Visit': this.#visit }),
      ...(this.#csrf === null ? {} : { 'X-CSRF-Token': this.#csrf }),
    }
  }

  /** Uses a ticket. `ApiError` 410 when it was used or is too old. */
  async open(ticket: string): Promise<Visit> {
    return this.#enter(await this.#call<Visit>('POST', '/video/session', { ticket }))
  }

  /** The session of this tab. `ApiError` 401 when there is none any more. */
  async find(): Promise<Visit> {
    return this.#enter(await this.#call<Visit>('GET', '/video/session'))
  }

  async takes(): Promise<Take[]> {
    return (await this.#call<{ takes: Take[] }>('GET', '/video/takes')).takes
  }

  /** Begins a take; the recorder runs when this resolves. */
  begin(wish: {
    businessNo: string
    videoType: string
    reason: string | null
    device: string
  }): Promise<Begun> {
    return this.#call('POST', '/video/takes', wish)
  }

  /** Goes back into a take that is being recorded. */
  join(take: string, device: string): Promise<Begun> {
    return this.#call('POST', `/video/takes/${encodeURIComponent(take)}/join`, { device })
  }

  /** Ends a take; it can be played when this resolves. */
  async stop(take: string): Promise<Take> {
    const address = `/video/takes/${encodeURIComponent(take)}/stop`
    return (await this.#call<{ take: Take }>('POST', address, {})).take
  }

  #enter(visit: Visit): Visit {
    this.#visit = visit.visit
    this.#csrf = visit.csrfToken
    return visit
  }

  async #call<T>(method: string, address: string, body?: unknown): Promise<T> {
    let response: Response
    try {
      response = await fetch(address, {
        method,
        headers: {
          ...this.headers(),
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        credentials: 'same-origin',
        cache: 'no-store',
        body: body === undefined ? undefined : JSON.stringify(body),
      })
    } catch {
      throw unreachable()
    }
    learnServerClock(response.headers.get('Date'))
    const said = (await response.json().catch(() => null)) as { code?: string; msg?: string; data?: T } | null
    // Something between us and the server answers for it.
    if (said?.code === undefined && response.status >= 500) throw unreachable()
    if (!response.ok || said?.code !== '0' || said.data === undefined)
      throw new ApiError(response.status, 'video', said?.msg ?? '', '')
    return said.data
  }
}
