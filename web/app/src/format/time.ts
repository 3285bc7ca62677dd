// Times as people read them. Durations come in milliseconds; moments as RFC 3339 text or as epoch milliseconds.

const two = (value: number) => String(value).padStart(2, '0')

/** `1:02:03` or `02:03`: a position or a length. Negative counts as zero; parts of a second are cut, not rounded. */
export function clockOf(duration_ms: number): string {
  const seconds = Math.max(0, Math.floor(duration_ms / 1000))
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest
}

/** `2026-11-23 14:03:22`, in the time zone of the person who reads. Empty for null or unreadable text. */
export function momentOf(moment: string | number | null): string {
  const at = dateOf(moment)
  if (at === null) return ''
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${timeOfDay(at)}`
}

/** `2026-11-23`, in the time zone of the person who reads. Empty for null or unreadable text. */
export function dayOf(moment: string | number | null): string {
  return momentOf(moment).slice(0, 10)
}

/** `14:03:22`, in the time zone of the person who reads. Empty for null or unreadable text. */
export function timeOfDayOf(moment: string | number | null): string {
  const at = dateOf(moment)
  return at === null ? '' : timeOfDay(at)
}

/** Milliseconds from a moment until `now`, never negative; 0 for unreadable text. */
export function since(moment: string, now: number): number {
  const at = dateOf(moment)
  return at === null ? 0 : Math.max(0, now - at.getTime())
}

function dateOf(moment: string | number | null): Date | null {
  if (moment === null || moment === '') return null
  const at = new Date(moment)
  return Number.isNaN(at.getTime()) ? null : at
}

function timeOfDay(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
