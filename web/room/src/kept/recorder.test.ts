import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeRecorder } from '../fakes/recorder.ts'
import { FakeShelf } from '../fakes/shelf.ts'
import { LocalRecorder, recordingType } from './recorder.ts'

const about = { business_no: 'A1', video_type: '风控面谈', reason: null }
let now = Date.parse('2026-11-23T12:00:00Z')

beforeEach(() => {
  FakeRecorder.install()
  vi.stubGlobal('navigator', { storage: { persist: async () => true } })
  now = Date.parse('2026-11-23T12:00:00Z')
})
afterEach(() => vi.unstubAllGlobals())

async function started(shelf = new FakeShelf()) {
  const recorder = await LocalRecorder.start({} as MediaStream, about, shelf, () => now)
  const machine = FakeRecorder.made[0]
  if (!machine) throw new Error('nothing was made')
  return { recorder, machine, shelf }
}

/** Lets what was begun come to its end. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

it('prefers MP4, then WebM, and says where neither is possible', () => {
  expect(recordingType()).toBe('video/webm;codecs=vp8,opus')
  FakeRecorder.supported = ['video/webm', 'video/mp4']
  expect(recordingType()).toBe('video/mp4')
  FakeRecorder.supported = []
  expect(recordingType()).toBeNull()
})

it('has every second on the shelf before the next one', async () => {
  const { recorder, machine, shelf } = await started()
  expect(machine.timeslice).toBe(1_000)
  now += 1_000
  machine.hand(1, 2)
  machine.hand(3)
  await settled()
  const [take] = await shelf.list()
  expect(take).toMatchObject({ ...about, type: 'video/webm', bytes: 3, duration_ms: 1_000, ended: false })
  expect(take?.touched_at).toBe(now)
  expect([...(await shelf.read(take?.id ?? '', 0, 9))]).toEqual([1, 2, 3])
  expect(recorder.state.value.status).toBe('recording')
})

it('ends with the last piece on the shelf', async () => {
  const { recorder, machine, shelf } = await started()
  machine.hand(1)
  machine.last = new Blob([Uint8Array.of(2)])
  now += 2_500
  const take = await recorder.stop()
  expect(take).toMatchObject({ bytes: 2, duration_ms: 2_500, ended: true })
  expect(await shelf.list()).toEqual([take])
  expect(await recorder.stop(), 'a second time changes nothing').toEqual(take)
})

it('stops at a full disk, tells so, and keeps what it has', async () => {
  const { recorder, machine, shelf } = await started()
  machine.hand(1)
  await settled()
  shelf.full = true
  machine.hand(2)
  await settled()
  expect(recorder.state.value).toMatchObject({
    status: 'failed',
    full: true,
    take: { bytes: 1, ended: true },
  })
  expect(machine.state).toBe('inactive')
  expect([...(shelf.bytes.values().next().value ?? [])]).toEqual([1])
})

it('does not begin where the browser cannot record', async () => {
  FakeRecorder.supported = []
  await expect(started()).rejects.toThrow('cannot record')
})
