// What this tab keeps of a meeting over a reload: the ticket, which is worth nothing on another device.

const KEY = 'mingjian.meeting'

/** What the tab came in with. */
export interface Entry {
  ticket: string
  name: string
}

export function recallEntry(number: string): Entry | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as (Entry & { number: string }) | null
    return kept?.number === number ? { ticket: kept.ticket, name: kept.name } : null
  } catch {
    return null
  }
}

/** Keeps it until the tab is closed; null forgets it. Where storage is forbidden a reload begins at the door. */
export function rememberEntry(number: string, entry: Entry | null): void {
  try {
    if (entry) sessionStorage.setItem(KEY, JSON.stringify({ number, ...entry }))
    else sessionStorage.removeItem(KEY)
  } catch {
    return
  }
}
