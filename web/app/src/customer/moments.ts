import type texts from '@/texts/zh-CN/customer'

type TimeTexts = (typeof texts)['time']

/** When a queue opens, as one says it: `今天 09:00`, `明天 09:00`, `11 月 25 日 09:00`; null for unreadable text. */
export function openingOf(opens_at: string, now: Date, words: TimeTexts): string | null {
  const at = new Date(opens_at)
  if (Number.isNaN(at.getTime())) return null
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000)
  if (days === 0) return words.moment(words.today, clock)
  if (days === 1) return words.moment(words.tomorrow, clock)
  return words.moment(words.day(at.getMonth() + 1, at.getDate()), clock)
}

/** Whole minutes to wait, rounded up, or null for less than one. */
export function minutesOf(wait_s: number): number | null {
  return wait_s < 60 ? null : Math.ceil(wait_s / 60)
}

/** Whole seconds since a moment in milliseconds since the epoch, never negative. */
export function secondsSince(since_ms: number, now_ms: number): number {
  return Math.max(0, Math.floor((now_ms - since_ms) / 1000))
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
