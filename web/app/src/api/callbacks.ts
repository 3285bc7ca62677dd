// The outbox: results on their way to the business system.

import { get, post } from './http'
import type { Page } from './page'

export interface Callback {
  id: string
  business_no: string
  url: string
  state: 'pending' | 'delivered' | 'failed'
  attempts: number
  next_attempt_at: string | null
  last_status: number | null
  last_error: string | null
  created_at: string
}

/** Callbacks, newest first. */
export function listCallbacks(cursor: string | null): Promise<Page<Callback>> {
  return get('/api/v1/callbacks', { cursor })
}

/** Sends one again as soon as possible. */
export function retryCallback(id: string): Promise<void> {
  return post(`/api/v1/callbacks/${encodeURIComponent(id)}/retry`)
}
