// How a picture that runs ahead or behind the common clock is brought back.

/** What to do about a drift. `rate` is a factor on the playing speed, 1 when all is well. */
export type Correction = { is: 'rate'; factor: number } | { is: 'seek' }

/** Two pictures, each this far from the clock on opposite sides, are just within the product's bar of 40 ms. */
export const TOLERATED_MS = 20
/** A correction goes on until the drift is below this, so that it does not start and stop at the border. */
const SETTLED_MS = 5
/** Beyond this a jump is less disturbing than seconds of wrong pitch. */
const JUMP_MS = 600
/** The drift is worked off over about this time, if that is not too fast. */
const OVER_MS = 800
/** Speech at eight per cent more or less still sounds like itself. */
const MOST = 0.08
const STEP = 0.01

/** What all drifts have in common, with its sign: the smallest where they agree on the side, else 0. */
export function commonDrift(drifts_ms: number[]): number {
  const least = Math.min(...drifts_ms)
  const most = Math.max(...drifts_ms)
  const common = least > 0 ? least : most < 0 ? most : 0
  // A picture that is lost altogether must not drag the clock along.
  return drifts_ms.length > 0 && Math.abs(common) <= JUMP_MS ? common : 0
}

/**
 * `drift_ms` is the picture's position less the clock's: positive when it runs ahead. `correcting` tells whether the
 * last correction was a rate other than 1.
 */
export function correctionOf(drift_ms: number, correcting: boolean): Correction {
  const size = Math.abs(drift_ms)
  if (size > JUMP_MS) return { is: 'seek' }
  if (size <= (correcting ? SETTLED_MS : TOLERATED_MS)) return { is: 'rate', factor: 1 }
  // In steps, so that the speed is not set anew at every look.
  const nudge = Math.min(MOST, Math.max(STEP, Math.round(size / OVER_MS / STEP) * STEP))
  return { is: 'rate', factor: drift_ms > 0 ? 1 - nudge : 1 + nudge }
}
