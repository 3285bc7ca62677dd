import { expect, it } from 'vitest'
import { readTrip } from './check.ts'

it('reads the round trip of the pair in use and the worst loss reported', () => {
  const stats: [string, unknown][] = [
    ['p1', { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 0.9 }],
    ['p2', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.031 }],
    ['r1', { type: 'remote-inbound-rtp', roundTripTime: 0.2, fractionLost: 0.01 }],
    ['r2', { type: 'remote-inbound-rtp', roundTripTime: 0.2, fractionLost: 0.04 }],
  ]
  expect(readTrip(stats)).toEqual({ round_trip_ms: 31, loss: 0.04 })
})

it('falls back to the round trip of the reports', () => {
  expect(readTrip([['r1', { type: 'remote-inbound-rtp', roundTripTime: 0.2 }]])).toEqual({
    round_trip_ms: 200,
    loss: null,
  })
})

it('says that it does not know when nothing was reported', () => {
  expect(readTrip([])).toEqual({ round_trip_ms: null, loss: null })
})
