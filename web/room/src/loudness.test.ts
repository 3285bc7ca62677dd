import { expect, test } from 'vitest'
import { Loudness } from './loudness.ts'
import type { Received } from './watch.ts'

/** Somebody whose browser said it was so loud, in a packet that came at `timestamp`. */
function somebody(participant: string, audioLevel: number | undefined, timestamp = 1) {
  const track = { kind: 'audio' } as MediaStreamTrack
  const stream = { getAudioTracks: () => [track] } as unknown as MediaStream
  const sources = [{ timestamp, audioLevel, source: 1, rtpTimestamp: 1 }]
  return {
    sources,
    received: { participant, stream, screen: null } as Received,
    receiver: { track, getSynchronizationSources: () => sources } as unknown as RTCRtpReceiver,
  }
}

test('loudness is laid on a meter, and what has no level is silent', () => {
  const [loud, quiet, unknown] = [somebody('a', 0.2), somebody('b', 0), somebody('c', undefined)]
  const all = [loud, quiet, unknown]
  const levels = new Loudness().read(
    all.map(({ receiver }) => receiver),
    all.map(({ received }) => received),
  )
  expect([...levels]).toEqual([
    ['a', 1],
    ['b', 0],
    ['c', 0],
  ])
})

test('who has sent nothing since the last reading is silent', () => {
  const loudness = new Loudness()
  const { receiver, received, sources } = somebody('a', 0.2)
  expect(loudness.read([receiver], [received]).get('a')).toBe(1)
  expect(loudness.read([receiver], [received]).get('a')).toBe(0)
  sources[0]!.timestamp = 2
  expect(loudness.read([receiver], [received]).get('a')).toBe(1)
})

test('a browser that cannot tell hears nobody', () => {
  const { receiver, received } = somebody('a', 0.2)
  const old = { track: receiver.track } as RTCRtpReceiver
  expect(new Loudness().read([old], [received]).get('a')).toBe(0)
})
