import type { EndState } from '@mingjian/room'

/** What this tab keeps over a reload, for one link: the step before the queue, and how the interview ended. */
export interface Remembered {
  step: 'welcome' | 'check'
  ended: { end: EndState; tenant: string | null; back: string | null } | null
}

const KEY = 'mingjian.visit'
const NOTHING: Remembered = { step: 'welcome', ended: null }

/** What the tab kept for this link; the beginning where it kept nothing, or cannot. */
export function recall(code: string): Remembered {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as (Remembered & { code: string }) | null
    return kept?.code === code ? { step: kept.step, ended: kept.ended } : NOTHING
  } catch {
    return NOTHING
  }
}

/** Keeps it until the tab is closed. Where storage is forbidden a reload begins at the beginning. */
export function remember(code: string, what: Remembered): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ code, ...what }))
  } catch {
    return
  }
}
