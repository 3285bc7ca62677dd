/** The middle one of some figures; NaN without any. */
export function middle(figures: number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}
