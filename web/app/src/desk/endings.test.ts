import type { Ringing, SeatCall } from '@mingjian/room'
import { expect, test } from 'vitest'
import { ringEnding, ringSeconds, summaryOf } from './endings'

const now = Date.parse('2026-11-23T02:10:00Z')
const call: SeatCall = {
  interview: 'i1',
  room: 'r1',
  number: '20261123-000017',
  state: 'in_call',
  recording: 'on',
  connected_at: '2026-11-23T02:00:00Z',
  people: [
    { participant: 's', name: '王敏', role: 'seat', presence: 'here' },
    { participant: 'c', name: '张三', role: 'customer', presence: 'here' },
  ],
  order: { business_no: 'A3239239', product_name: '华楼通', people: [], details: [] },
  check: null,
}
const ringing: Ringing = {
  interview: 'i1',
  queue: '个贷面签',
  name: '张三',
  product: '华楼通',
  business_no: 'A3239239',
  waiting_since: '2026-11-23T02:09:00Z',
  rings_until: '2026-11-23T02:10:30Z',
}

test('a verdict of this seat is the reason why its call ended', () => {
  const summary = summaryOf(
    call,
    { is: 'verdict', interview: 'i1', verdict: 'refuse', reason: '身份信息不符' },
    now,
  )
  expect(summary).toEqual({
    why: 'verdict',
    verdict: 'refuse',
    reason: '身份信息不符',
    number: '20261123-000017',
    business_no: 'A3239239',
    customer: '张三',
    duration_ms: 600_000,
  })
})

test('a call that ends without the seat’s doing was ended by the other side', () => {
  expect(summaryOf(call, null, now).why).toBe('customer_left')
  expect(summaryOf(call, { is: 'hang_up', interview: 'i1' }, now).why).toBe('hung_up')
})

test('what the seat did to an earlier call explains nothing', () => {
  const earlier = { is: 'verdict', interview: 'i0', verdict: 'pass', reason: null } as const
  expect(summaryOf(call, earlier, now)).toMatchObject({ why: 'customer_left', verdict: null })
})

test('a failed recording is the reason even if the seat hung up meanwhile', () => {
  const failed: SeatCall = { ...call, recording: 'failed' }
  expect(summaryOf(failed, { is: 'hang_up', interview: 'i1' }, now).why).toBe('recording_failed')
})

test('a ring that ends at its deadline was missed, an earlier end was not the seat’s', () => {
  expect(ringEnding(ringing, Date.parse('2026-11-23T02:10:29Z'))).toBe('timed_out')
  expect(ringEnding(ringing, Date.parse('2026-11-23T02:10:12Z'))).toBe('withdrawn')
})

test('the seconds of a ring are whole and end at zero', () => {
  expect(ringSeconds(ringing, now)).toBe(30)
  expect(ringSeconds(ringing, now + 100)).toBe(30)
  expect(ringSeconds(ringing, now + 60_000)).toBe(0)
})
