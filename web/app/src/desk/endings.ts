// Why something on the desk ended, read from what the state was before and what the page itself has asked for.

import type { Ringing, SeatCall, Verdict } from '@mingjian/room'

/** What this seat did to its call last; null when it did nothing. */
export type Deed =
  | { is: 'verdict'; interview: string; verdict: Verdict; reason: string | null }
  | { is: 'hang_up'; interview: string }

/** How a call ended, for the card that is shown afterwards. */
export interface Summary {
  why: 'verdict' | 'hung_up' | 'customer_left' | 'recording_failed'
  verdict: Verdict | null
  reason: string | null
  number: string
  business_no: string
  customer: string
  /** Null for a call that never was connected. */
  duration_ms: number | null
}

/** The summary of a call that is over; `now` in epoch milliseconds by the server's clock. */
export function summaryOf(call: SeatCall, deed: Deed | null, now: number): Summary {
  const mine = deed?.interview === call.interview ? deed : null
  const customer = call.people.find((person) => person.role === 'customer')
  return {
    why:
      mine?.is === 'verdict'
        ? 'verdict'
        : call.recording === 'failed'
          ? 'recording_failed'
          : mine?.is === 'hang_up'
            ? 'hung_up'
            : 'customer_left',
    verdict: mine?.is === 'verdict' ? mine.verdict : null,
    reason: mine?.is === 'verdict' ? mine.reason : null,
    number: call.number,
    business_no: call.order.business_no,
    customer: customer?.name ?? call.order.people[0]?.name ?? '',
    duration_ms: call.connected_at === null ? null : Math.max(0, now - Date.parse(call.connected_at)),
  }
}

/** The server's deadline and our clock agree within this. */
const DEADLINE_MS = 1500

/** Why a ring stopped that this seat neither accepted nor refused. */
export function ringEnding(ringing: Ringing, now: number): 'timed_out' | 'withdrawn' {
  return now >= Date.parse(ringing.rings_until) - DEADLINE_MS ? 'timed_out' : 'withdrawn'
}

/** Whole seconds until a ring goes on to the next seat. */
export function ringSeconds(ringing: Ringing, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(ringing.rings_until) - now) / 1000))
}
