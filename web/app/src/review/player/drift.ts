// How a picture that runs ahead or behind the common clock is brought back.

/** What to do about a drift. `rate` is a factor on the playing speed, 1 when all is well. */
export type Correction = { is: 'rate'; factor: number } | { is: 'seek' }

/** Two pictures, each this far from the clock on opposite sides, are just within the product's bar of 40 ms. */
export const TOLERATED_MS = 20
/** A correction goes on until the drift is below this, so that it does not start and stop at the border. */
const SETTLED_MS = 5
/** Beyond this a jump is less disturbing than seconds of wrong pitch. */
const JUMP_MS = 600
/** The drift is worked off over about this time. */
const OVER_MS = 1500
/** Speech at six per cent more or less still sounds like itself. */
const MOST = 0.06

/**
 * `drift_ms` is the picture's position less the clock's: positive when it runs ahead. `correcting` tells whether the
 * last correction was a rate other than 1.
 */
export function correctionOf(drift_ms: number, correcting: boolean): Correction {
  const size = Math.abs(drift_ms)
  if (size > JUMP_MS) return { is: 'seek' }
  if (size <= (correcting ? SETTLED_MS : TOLERATED_MS)) return { is: 'rate', factor: 1 }
  const nudge = Math.min(MOST, Math.max(0.01, size / OVER_MS))
  return { is: 'rate', factor: drift_ms > 0 ? 1 - nudge : 1 + nudge }
}
