// The one place that calls `fetch`. Cookies carry the session; the CSRF token travels in a header and lives in memory.

import { ApiError, problemOf, unreachable } from './problem'
import { learnServerClock } from './server-clock'

let csrfToken: string | null = null

/** Keeps the token that every write must carry; null after logging out. */
export function rememberCsrfToken(token: string | null): void {
  csrfToken = token
}

/** Values for a query string; empty ones are left out. */
export type Query = Record<string, string | number | null | undefined>

/** An address with its query, `path` unchanged when nothing is asked. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const asked = search.toString()
  return asked ? `${path}?${asked}` : path
}

async function call(method: string, address: string, body?: unknown, tag?: string | null): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (tag) headers['If-Match'] = tag
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET' && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken
  let response: Response
  try {
    response = await fetch(address, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw unreachable()
  }
  learnServerClock(response.headers.get('Date'))
  if (!response.ok) throw await problemOf(response)
  return response
}

/** Reads JSON. Throws `ApiError`. */
export async function get<T>(path: string, query?: Query): Promise<T> {
  return (await (await call('GET', addressOf(path, query))).json()) as T
}

/** Writes JSON and reads the answer; undefined for an answer without a body. Throws `ApiError`. */
export async function post<T = void>(path: string, body?: unknown): Promise<T> {
  const response = await call('POST', path, body)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Replaces with JSON and reads the answer. Throws `ApiError`. */
export async function put<T>(path: string, body: unknown): Promise<T> {
  return (await (await call('PUT', path, body)).json()) as T
}

/** Deletes. Throws `ApiError`. */
export async function remove(path: string): Promise<void> {
  await call('DELETE', path)
}

/** A resource with the `ETag` of its state. */
export interface Tagged<T> {
  value: T
  tag: string | null
}

const tagged = async <T>(response: Response): Promise<Tagged<T>> => ({
  value: (await response.json()) as T,
  tag: response.headers.get('ETag'),
})

/** Reads JSON with the name of its state. Throws `ApiError`. */
export async function getTagged<T>(path: string): Promise<Tagged<T>> {
  return tagged(await call('GET', path))
}

/** Replaces something that is still in the state `tag`, whatever its state without one. Throws `ApiError`. */
export async function putTagged<T>(path: string, body: unknown, tag: string | null): Promise<Tagged<T>> {
  return tagged(await call('PUT', path, body, tag))
}

/** Deletes with a body, such as a reason. Throws `ApiError`. */
export async function del(path: string, body: unknown): Promise<void> {
  await call('DELETE', path, body)
}

/** A form on its way. */
export interface Sending<T> {
  /** Throws `ApiError`; of type `cancelled` after `cancel()`. */
  answer: Promise<T>
  cancel(): void
}

/** Sends a form and tells how far it is, 0 to 1: `fetch` cannot tell, so this is the old way. */
export function sendForm<T>(path: string, form: FormData, progress: (share: number) => void): Sending<T> {
  const request = new XMLHttpRequest()
  const answer = new Promise<T>((resolve, reject) => {
    request.open('POST', path)
    request.setRequestHeader('Accept', 'application/json')
    if (csrfToken !== null) request.setRequestHeader('X-CSRF-Token', csrfToken)
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
    request.onabort = () => reject(new ApiError(0, 'cancelled', '', ''))
    request.onerror = () => reject(unreachable())
    request.onload = () => {
      // An answer of `fetch`'s kind, so that problems are read in one place.
      const response = new Response(request.status === 204 ? null : request.responseText, {
        status: request.status,
      })
      if (response.ok) resolve(response.json() as Promise<T>)
      else void problemOf(response).then(reject)
    }
  })
  request.send(form)
  return { answer, cancel: () => request.abort() }
}
