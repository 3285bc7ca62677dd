// The calls to the server. The session is a cookie that no script reads; writes carry the CSRF token, which lives in memory.

import { done, refused, type R } from './r.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export class Http {
  readonly #base: string
  readonly #fetch: Fetch
  #csrf: string | null = null

  /** `base` is scheme and host of the server; empty for the page's own. */
  constructor(base: string, fetch: Fetch) {
    this.#base = base.replace(/\/$/, '')
    this.#fetch = fetch
  }

  /** Keeps what writes must carry. */
  remember(csrf: string | null): void {
    this.#csrf = csrf
  }

  /** Asks and turns whatever comes into an R: a problem's sentence is its `msg`. */
  async call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<R<T>> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    if (method !== 'GET' && this.#csrf !== null) headers['X-CSRF-Token'] = this.#csrf
    try {
      const response = await this.#fetch(this.#base + path, {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      if (response.status === 204) return done(undefined as T)
      const json = (await response.json()) as T & { title?: string; detail?: string }
      if (response.ok) return done(json as T)
      return refused(response.status, json.detail ?? json.title ?? '请求没有成功，请稍后再试')
    } catch {
      return refused(500, '无法连接服务器，请检查网络后重试')
    }
  }
}

/** A part of a path. */
export const part = encodeURIComponent
