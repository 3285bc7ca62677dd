// One film of each recording: what is still to be drawn, and what could not be.

import type { Schema } from '@mingjian/api'
import { get, post } from './http'
import type { Page } from './page'

export type Composition = Schema<'Composition'>

/** Compositions, newest first. */
export function listCompositions(cursor: string | null): Promise<Page<Composition>> {
  return get('/api/v1/compositions', { cursor })
}

/** Draws one again as soon as possible. */
export function retryComposition(id: string): Promise<void> {
  return post(`/api/v1/compositions/${encodeURIComponent(id)}/retry`)
}
