import { expect, test } from 'vitest'
import type { Recording, TrackFile } from '@/api/recordings'
import { coveredOf, figureAt, figuresOf, lengthOf, mergedGaps, showingAt, tracksOf } from './timeline'

const customer = { id: 'c', name: '张三', role: 'customer' }
const seat = { id: 's', name: '王敏', role: 'seat' }

function file(
  participant: typeof seat,
  from_ms: number,
  duration_ms: number,
  source: TrackFile['source'] = 'camera',
) {
  return {
    kind: 'track' as const,
    participant,
    source,
    from_ms,
    duration_ms,
    url: `/${participant.id}/${from_ms}.mp4`,
    size_bytes: 1,
    sha256: null,
    playlist_url: `/${participant.id}/${source}.m3u8`,
  }
}

const recording: Recording = {
  id: 'r',
  interview_id: 'i',
  number: '20261123-000017',
  business_no: 'A3239239',
  customer: '张三',
  seat: '王敏',
  state: 'stopped',
  started_at: '2026-11-23T02:00:00Z',
  stopped_at: '2026-11-23T02:00:30Z',
  duration_ms: 29_000,
  playlist_url: '/r.m3u8',
  gaps: [
    { participant: 'c', source: 'camera', from_ms: 4000, to_ms: 6000, reason: 'camera_off' },
    { participant: 'c', source: 'camera', from_ms: 10_000, to_ms: 18_000, reason: 'restart' },
  ],
  files: [
    file(seat, 0, 30_000),
    file(customer, 18_000, 12_000),
    file(customer, 200, 9800),
    file(customer, 20_000, 5000, 'screen'),
  ],
  marks: [],
  verdict: null,
  reason: null,
}
const [first, second, third] = tracksOf(recording)

test('the customer comes first, then the seat, then screens', () => {
  expect(tracksOf(recording).map((track) => track.key)).toEqual(['c/camera', 's/camera', 'c/screen'])
})

test('all files of one person and source are one track', () => {
  expect(first?.covered).toEqual([
    { from_ms: 200, to_ms: 10_000 },
    { from_ms: 18_000, to_ms: 30_000 },
  ])
  expect(second?.covered).toHaveLength(1)
})

test('a missing stretch is told with its reason, also where files are on both sides', () => {
  if (!first || !third) throw new Error('two tracks expected')
  expect(showingAt(first, 0, false).is).toBe('not_yet')
  expect(showingAt(first, 3000, false).is).toBe('picture')
  expect(showingAt(first, 4000, false)).toMatchObject({
    is: 'gap',
    frozen: true,
    gap: { reason: 'camera_off' },
  })
  expect(showingAt(first, 12_000, false)).toMatchObject({
    is: 'gap',
    frozen: false,
    gap: { reason: 'restart' },
  })
  expect(showingAt(third, 26_000, false).is).toBe('over')
})

test('a camera that is off is no gap of the screen, a restart is', () => {
  expect(third?.gaps.map((gap) => gap.reason)).toEqual(['restart'])
})

test('the end of a recording still being made is not called over', () => {
  if (!second) throw new Error('a second track expected')
  expect(showingAt(second, 31_000, true).is).toBe('picture')
  expect(showingAt({ ...second, finished: true }, 31_000, true).is).toBe('over')
  expect(showingAt(second, 31_000, false).is).toBe('over')
})

test('the length is that of the longest known file', () => {
  expect(lengthOf(recording)).toBe(30_000)
  expect(lengthOf({ ...recording, duration_ms: 31_000 })).toBe(31_000)
})

test('a gap that two have noticed is one gap, another reason is another gap', () => {
  const gap = { participant: 'c', source: 'camera', from_ms: 8000, to_ms: 15_700, reason: 'restart' } as const
  const merged = mergedGaps([
    { ...gap, from_ms: 8150, to_ms: 12_000 },
    gap,
    { ...gap, participant: 's' },
    { ...gap, from_ms: 9000, reason: 'loss' },
    { ...gap, from_ms: 20_000, to_ms: 21_000 },
  ])
  expect(merged.map((each) => [each.participant, each.reason, each.from_ms, each.to_ms])).toEqual([
    ['c', 'restart', 8000, 15_700],
    ['s', 'restart', 8000, 15_700],
    ['c', 'loss', 9000, 15_700],
    ['c', 'restart', 20_000, 21_000],
  ])
})

test('what somebody said before the first picture belongs to the same figure', () => {
  const early = {
    ...recording,
    gaps: [],
    files: [file(customer, 5000, 10_000), file(customer, 1000, 3900, 'microphone')],
  }
  const [figure, ...rest] = figuresOf(tracksOf(early))
  if (!figure) throw new Error('one figure expected')
  expect(rest).toEqual([])
  expect(coveredOf(figure)).toEqual([{ from_ms: 1000, to_ms: 15_000 }])
  expect(figureAt(figure, 500, false).is).toBe('not_yet')
  expect(figureAt(figure, 2000, false).is).toBe('voice_only')
  expect(figureAt(figure, 6000, false).is).toBe('picture')
  expect(figureAt(figure, 16_000, false).is).toBe('over')
})

test('somebody who never was seen is a figure too, and a screen is one apart', () => {
  const files = [file(customer, 0, 5000, 'microphone'), file(seat, 0, 5000, 'screen'), file(seat, 0, 5000)]
  const figures = figuresOf(tracksOf({ ...recording, gaps: [], files }))
  expect(figures.map((figure) => figure.key)).toEqual(['c/person', 's/person', 's/screen'])
  expect(figures.map((figure) => figureAt(figure, 1000, false).is)).toEqual([
    'voice_only',
    'picture',
    'picture',
  ])
})
