/** How good a connection is, in three steps, and nothing between: 良好, 一般, 较差. */
export type Grade = 'good' | 'fair' | 'poor'

/** What is known of a connection; null is not known, which does not count against it. */
export interface Measured {
  round_trip_ms: number | null
  /** Share of packets lost, 0 to 1, the worse direction. */
  loss: number | null
  up_kbps?: number | null
  down_kbps?: number | null
}

/**
 * Where a grade ends. Delay: ITU-T G.114 calls one way up to 150 ms fine and above 400 ms not acceptable, a round trip
 * being twice that. Loss: repair by retransmission hides about 2 %, above 8 % speech breaks. Throughput: the picture is
 * sent with 900 kbit/s at most and still looks decent with 400.
 */
const GOOD = { round_trip_ms: 300, loss: 0.02, up_kbps: 1_000, down_kbps: 1_000 }
const FAIR = { round_trip_ms: 800, loss: 0.08, up_kbps: 400, down_kbps: 400 }

export function grade(measured: Measured): Grade {
  if (within(measured, GOOD)) return 'good'
  return within(measured, FAIR) ? 'fair' : 'poor'
}

function within(measured: Measured, bound: typeof GOOD): boolean {
  const { round_trip_ms, loss, up_kbps, down_kbps } = measured
  return (
    (round_trip_ms ?? 0) <= bound.round_trip_ms &&
    (loss ?? 0) <= bound.loss &&
    (up_kbps ?? Infinity) >= bound.up_kbps &&
    (down_kbps ?? Infinity) >= bound.down_kbps
  )
}
