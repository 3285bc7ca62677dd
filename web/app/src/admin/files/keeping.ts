// What keeps a file from being deleted, as the server sees it: a hold, and a date that is still to come.

import type { StoredFile } from '@/api/files'
import { dayOf } from '@/format/time'
import { useFilesTexts } from '@/texts/files'

type Kept = Pick<StoredFile, 'hold_reason' | 'retain_until' | 'retain_reason'>

/** One line each, nothing where nothing keeps it; `now` in epoch milliseconds. */
export function keepingOf(file: Kept, now: number): string[] {
  const texts = useFilesTexts()
  const lines: string[] = []
  if (file.hold_reason !== null) lines.push(texts.held(file.hold_reason))
  if (file.retain_until !== null) {
    const day = dayOf(file.retain_until)
    lines.push(
      Date.parse(file.retain_until) > now
        ? texts.retained(day, file.retain_reason ?? '')
        : texts.expired(day),
    )
  }
  return lines
}

/** Whether the server would refuse to delete it. */
export function isKept(file: Kept, now: number): boolean {
  return file.hold_reason !== null || (file.retain_until !== null && Date.parse(file.retain_until) > now)
}
