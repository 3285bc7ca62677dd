import { Live, type KeptTake, type RecorderState } from '@mingjian/room'
import { expect, test, vi } from 'vitest'
import type { Take } from '@/api/counter'
import { ApiError, unreachable } from '@/api/problem'
import { Studio, type Phase, type StudioOptions, type Way, type Wish } from './studio'

const wish: Wish = { businessNo: 'A1', videoType: '风控面谈', reason: null }
const take = { id: 't1', ...wish, beganAt: '2026-11-23T12:00:00Z', again: null } as unknown as Take
const kept = { id: 'k1' } as KeptTake

/** A world around the studio in which everything works, unless a test says otherwise. */
function world(change: Partial<StudioOptions> = {}) {
  const way = new Live<Way>('on')
  const recorder = new Live<RecorderState>({ status: 'recording', take: kept })
  const closed = vi.fn()
  const options: StudioOptions = {
    begin: vi.fn(async () => ({ take, ticket: 'ticket' })),
    join: vi.fn(async () => ({ take, ticket: 'ticket' })),
    stop: vi.fn(async () => take),
    enter: vi.fn(() => ({ way, close: closed })),
    record: vi.fn(async () => ({ state: recorder, stop: async () => kept })),
    onKept: vi.fn(),
    onChanged: vi.fn(),
    now: () => 7,
    patience_ms: { answer: 20, media: 20 },
    ...change,
  }
  const studio = new Studio(options)
  const phases: Phase['is'][] = []
  studio.phase.subscribe((phase) => phases.push(phase.is))
  return { studio, options, way, recorder, closed, phases }
}

test('a take goes through the server where that can be reached', async () => {
  const { studio, options, closed, phases } = world()
  await studio.start(wish)
  expect(studio.phase.value).toEqual({ is: 'live', wish, take: 't1', since: 7, lost_since: null })
  await studio.stop()
  expect(options.stop).toHaveBeenCalledWith('t1')
  expect(closed).toHaveBeenCalled()
  expect(options.record).not.toHaveBeenCalled()
  expect(phases).toEqual(['idle', 'starting', 'live', 'stopping', 'idle'])
})

test('without a server the take is recorded here', async () => {
  const { studio, options, phases } = world({ begin: () => Promise.reject(unreachable()) })
  await studio.start(wish)
  expect(studio.phase.value).toEqual({ is: 'local', wish, since: 7 })
  await studio.stop()
  expect(options.onKept).toHaveBeenCalledWith(kept)
  expect(phases).toEqual(['idle', 'starting', 'local', 'stopping', 'idle'])
})

test('a server that does not answer in time counts as none', async () => {
  const { studio } = world({ begin: () => new Promise(() => {}) })
  await studio.start(wish)
  expect(studio.phase.value.is).toBe('local')
})

test('a room without media in time is given up, told to the server, and the take recorded here', async () => {
  const { studio, options, way, closed } = world()
  way.set('joining')
  await studio.start(wish)
  expect(studio.phase.value.is).toBe('local')
  expect(options.stop).toHaveBeenCalledWith('t1')
  expect(closed).toHaveBeenCalled()
})

test('a refusal is told and nothing is recorded', async () => {
  const refusal = new ApiError(409, 'video', '请说明重录的原因', '')
  const { studio, options } = world({ begin: () => Promise.reject(refusal) })
  await studio.start(wish)
  expect(studio.trouble.value).toEqual({ is: 'said', sentence: '请说明重录的原因' })
  expect(studio.phase.value.is).toBe('idle')
  expect(options.record).not.toHaveBeenCalled()
})

test('a connection that breaks is shown until it is back', async () => {
  const { studio, way } = world()
  await studio.start(wish)
  way.set('lost')
  expect(studio.phase.value).toMatchObject({ is: 'live', lost_since: 7 })
  way.set('on')
  expect(studio.phase.value).toMatchObject({ is: 'live', lost_since: null })
})

test('a recording that the server ends is told, and the page is free again', async () => {
  const { studio, way, options } = world()
  await studio.start(wish)
  way.set('over')
  expect(studio.phase.value.is).toBe('idle')
  expect(studio.trouble.value).toEqual({ is: 'server_stopped' })
  expect(options.onChanged).toHaveBeenCalledTimes(2)
})

test('the end is said again while the server does not answer', async () => {
  const stop = vi.fn<() => Promise<Take>>().mockRejectedValueOnce(unreachable()).mockResolvedValue(take)
  const { studio } = world({ stop })
  await studio.start(wish)
  await studio.stop()
  expect(stop).toHaveBeenCalledTimes(2)
  expect(studio.trouble.value).toBeNull()
})

test('a full disk ends the recording, keeps what there is, and is told', async () => {
  const { studio, options, recorder } = world({ begin: () => Promise.reject(unreachable()) })
  await studio.start(wish)
  recorder.set({ status: 'failed', take: kept, full: true })
  expect(studio.trouble.value).toEqual({ is: 'full' })
  expect(studio.phase.value.is).toBe('idle')
  expect(options.onKept).toHaveBeenCalledWith(kept)
})

test('where neither is possible that is told', async () => {
  const { studio } = world({
    begin: () => Promise.reject(unreachable()),
    record: () => Promise.reject(new DOMException('no', 'NotSupportedError')),
  })
  await studio.start(wish)
  expect(studio.trouble.value).toEqual({ is: 'cannot_keep' })
  expect(studio.phase.value.is).toBe('idle')
})

test('after a reload the page goes back into its take', async () => {
  const { studio, options } = world()
  await studio.resume(take)
  expect(options.join).toHaveBeenCalledWith('t1')
  expect(studio.phase.value).toMatchObject({ is: 'live', take: 't1', since: Date.parse(take.beganAt) })
})

test('two are not recorded at once', async () => {
  const { studio, options } = world()
  await Promise.all([studio.start(wish), studio.start({ ...wish, videoType: '客服签约' })])
  expect(options.begin).toHaveBeenCalledTimes(1)
})
