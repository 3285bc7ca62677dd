// The outbox: results on their way to the business system.

import type { Schema } from '@mingjian/api'
import { get, post } from './http'
import type { Page } from './page'

export type Callback = Schema<'Callback'>

/** Callbacks, newest first. */
export function listCallbacks(cursor: string | null): Promise<Page<Callback>> {
  return get('/api/v1/callbacks', { cursor })
}

/** Sends one again as soon as possible. */
export function retryCallback(id: string): Promise<void> {
  return post(`/api/v1/callbacks/${encodeURIComponent(id)}/retry`)
}
