import type { KeptTake } from '@mingjian/room'
import { expect, test } from 'vitest'
import type { Take, VideoStatus } from '@/api/counter'
import { markOf } from './marks'

const take = (videoStatus: VideoStatus, change: Partial<Take> = {}) =>
  ({ businessNo: 'A1', videoType: '面谈', videoStatus, newest: false, voided: null, ...change }) as Take
const kept = { business_no: 'A1', video_type: '面谈', ended: true } as KeptTake
const mark = (takes: Take[], waiting: KeptTake[] = []) => markOf(takes, waiting, 'A1', '面谈')

test('a tab tells what counts', () => {
  expect(mark([])).toBe('none')
  expect(mark([take('4'), take('3', { newest: true })])).toBe('3')
  expect(mark([take('3', { newest: true, businessNo: 'A2' })])).toBe('none')
})

test('what is being recorded wins over what counts', () => {
  expect(mark([take('3', { newest: true }), take('1')], [kept])).toBe('1')
})

test('what is being recorded on this machine is told as what it is', () => {
  const writing = { ...kept, ended: false, touched_at: Date.now() } as KeptTake
  expect(mark([], [kept, writing])).toBe('1')
})

test('a take that waits on this machine is told', () => {
  expect(mark([take('3', { newest: true })], [kept])).toBe('local')
  expect(mark([], [{ ...kept, business_no: 'A2' } as KeptTake])).toBe('none')
})
