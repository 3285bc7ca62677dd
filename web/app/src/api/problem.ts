// One error for everything that can go wrong with an HTTP call, told in the words of RFC 9457.

import { useSharedTexts } from '@/texts/shared'

/** A call that failed. `title` and `detail` are sentences for people; `type` is for programs. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    /** HTTP status, 0 when no answer came at all. */
    readonly status: number,
    /** The problem's type, as `link-expired`; `about:blank` when the server named none, `network` without an answer. */
    readonly type: string,
    readonly title: string,
    /** What to do about it; may be empty. */
    readonly detail: string,
    /** Seconds after which a new try makes sense, from `Retry-After`. */
    readonly retryAfterS: number | null = null,
  ) {
    super(detail || title)
  }
}

/** True when nobody is logged in (any more). */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

/** What to show for whatever was thrown: what is wrong, and what to do about it. */
export function sentenceOf(error: unknown): string {
  const texts = useSharedTexts().errors
  if (!(error instanceof ApiError)) return texts.unexpected
  return error.detail === '' ? error.title : texts.both(error.title, error.detail)
}

/** Reads `Retry-After`: seconds, or a date as RFC 9110 section 10.2.3 allows. */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null || value.trim() === '') return null
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000))
}

/** Turns an answer that is not a success into the error; never throws itself, whatever the body is. */
export async function problemOf(response: Response): Promise<ApiError> {
  const texts = useSharedTexts().errors
  const body: unknown = await response.json().catch(() => null)
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : '')
  return new ApiError(
    response.status,
    text('type').replace(/^.*\/problems\//, '') || 'about:blank',
    text('title') || texts.status(response.status),
    text('detail'),
    readRetryAfter(response.headers.get('Retry-After'), Date.now()),
  )
}

/** The error for a call that got no answer. */
export function unreachable(): ApiError {
  const texts = useSharedTexts().errors
  return new ApiError(0, 'network', texts.networkTitle, texts.networkDetail)
}
