/** Pictures are drawn at this shape when their places are counted. */
const SHAPE = 4 / 3

/** In how many columns so many equal pictures are largest in a place of this size. */
export function columnsFor(count: number, width: number, height: number): number {
  let best = { columns: 1, area: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const wide = Math.min(width / columns, (height / rows) * SHAPE)
    const area = wide * (wide / SHAPE)
    if (area > best.area) best = { columns, area }
  }
  return best.columns
}

/** Whom the speaker layout shows large: who was chosen, else who shares a screen, else who speaks, else who hosts, else the first. */
export function largeOf<P extends { participant: string; role: string; off?: string[] }>(
  people: readonly P[],
  chosen: string | null,
  sharing: (participant: string) => boolean,
  speaker: string | null = null,
): P | undefined {
  return (
    people.find((one) => one.participant === chosen) ??
    people.find((one) => sharing(one.participant) && !one.off?.includes('screen')) ??
    people.find((one) => one.participant === speaker) ??
    people.find((one) => one.role === 'host') ??
    people[0]
  )
}
