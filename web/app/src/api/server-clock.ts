// The server's clock, as far as the Date header of its answers tells: a desk whose own clock is wrong by minutes must
// still count waiting times and the seconds of a ring correctly.

/** Below this the difference is within the header's own precision of one second, and the local clock is as good. */
const WORTH_MS = 2000

let ahead_ms = 0

/** Learns from an answer's `Date` header (RFC 9110 section 6.6.1: whole seconds, so half a second is added). */
export function learnServerClock(date: string | null, now = Date.now()): void {
  const at = date === null ? NaN : Date.parse(date)
  if (Number.isNaN(at)) return
  const difference = at + 500 - now
  ahead_ms = Math.abs(difference) < WORTH_MS ? 0 : difference
}

/** Epoch milliseconds by the server's clock. */
export function serverNow(now = Date.now()): number {
  return now + ahead_ms
}
