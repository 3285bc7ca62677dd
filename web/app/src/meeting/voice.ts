// Whose voice the speaker layout follows. Time and loudness come in, so that nothing here waits.

/** From here on a meter of 0 to 1 shows speech rather than a room: -45 dBFS. */
export const AUDIBLE = 1 / 3
/** Whoever is the loudest for so long takes over. */
export const TAKES_OVER_MS = 1_000
/** A breath between words does not end a turn. */
export const BREATH_MS = 600

export interface Voice {
  /** Who is followed; null until somebody has spoken. */
  speaker: string | null
  /** Who is about to take over, since when, and when last heard. */
  rival: { participant: string; since: number; heard_at: number } | null
}

export const SILENCE: Voice = { speaker: null, rival: null }

/** Who is followed after a look at how loud everybody is, at `now` in milliseconds. */
export function follow(before: Voice, levels: ReadonlyMap<string, number>, now: number): Voice {
  const speaker = before.speaker !== null && levels.has(before.speaker) ? before.speaker : null
  const loudest = loudestOf(levels)
  const { rival } = before
  if (loudest === null) return { speaker, rival: rival && now - rival.heard_at <= BREATH_MS ? rival : null }
  if (loudest === speaker) return { speaker, rival: null }
  const since = rival?.participant === loudest && now - rival.heard_at <= BREATH_MS ? rival.since : now
  if (now - since >= TAKES_OVER_MS) return { speaker: loudest, rival: null }
  return { speaker, rival: { participant: loudest, since, heard_at: now } }
}

function loudestOf(levels: ReadonlyMap<string, number>): string | null {
  let loudest: { participant: string; level: number } | null = null
  for (const [participant, level] of levels)
    if (level >= AUDIBLE && level > (loudest?.level ?? 0)) loudest = { participant, level }
  return loudest?.participant ?? null
}
