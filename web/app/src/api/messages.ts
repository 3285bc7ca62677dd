// The outbox of text messages.

import { get, post } from './http'
import type { Page } from './page'

export interface Message {
  id: string
  business_no: string
  /** The phone, masked. */
  to: string
  state: 'pending' | 'sent' | 'failed'
  attempts: number
  next_attempt_at: string | null
  last_error: string | null
  created_at: string
}

/** Messages, newest first. */
export function listMessages(cursor: string | null): Promise<Page<Message>> {
  return get('/api/v1/messages', { cursor })
}

/** What the phone shows; that it was read is in the audit log. */
export async function readMessage(id: string): Promise<string> {
  return (await get<{ text: string }>(`/api/v1/messages/${encodeURIComponent(id)}`)).text
}

/** Sends one again as soon as possible. */
export function retryMessage(id: string): Promise<void> {
  return post(`/api/v1/messages/${encodeURIComponent(id)}/retry`)
}
