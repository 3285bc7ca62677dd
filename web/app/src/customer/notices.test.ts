import { expect, it } from 'vitest'
import type { Holding, Person } from '@mingjian/room'
import words from '@/texts/zh-CN/customer'
import { noticesOf, type CallFacts } from './notices'

const open: Holding = { track: {} as MediaStreamTrack, cause: null, opening: false }
const seat: Person = { participant: 'seat', name: '王敏', role: 'seat', presence: 'here' }
const now = Date.parse('2026-11-23T02:00:10Z')

function facts(change: Partial<CallFacts> = {}): CallFacts {
  return {
    me: 'me',
    call: {
      interview: 'i',
      room: 'r',
      number: '20261123-000017',
      recording: 'on',
      connected_at: '2026-11-23T02:00:00Z',
      people: [seat],
    },
    signal: { status: 'open', since: 0 },
    media: { status: 'connected', since: 0 },
    quality: new Map(),
    camera: open,
    microphone: open,
    speaking: true,
    now,
    ...change,
  }
}

const keys = (change: Partial<CallFacts>) => noticesOf(facts(change), words).map((notice) => notice.key)

it('says nothing while all is well', () => {
  expect(keys({})).toEqual([])
})

it('counts the seconds since the first of the two lines broke', () => {
  const [notice] = noticesOf(
    facts({
      signal: { status: 'reconnecting', since: now - 7_000, attempt: 3 },
      media: { status: 'reconnecting', since: now - 2_000 },
    }),
    words,
  )
  expect(notice?.seconds).toBe(7)
})

it('counts the seconds since the other side was lost', () => {
  const call = {
    ...facts().call,
    people: [{ ...seat, presence: 'lost' as const, lost_at: '2026-11-23T02:00:02Z' }],
  }
  const [notice] = noticesOf(facts({ call }), words)
  expect(notice?.text).toContain('王敏')
  expect(notice?.seconds).toBe(8)
})

it('does not report oneself as the other side', () => {
  const me: Person = { ...seat, participant: 'me', presence: 'lost', lost_at: null }
  expect(keys({ call: { ...facts().call, people: [me] } })).toEqual([])
})

it('puts a failed recording before everything and says nothing beside it', () => {
  const call = { ...facts().call, recording: 'failed' as const }
  expect(keys({ call, speaking: false, signal: { status: 'reconnecting', since: 0, attempt: 1 } })).toEqual([
    'recording',
  ])
})

it('says that the line is weak only when our own is', () => {
  const poor = { participant: '', round_trip_ms: 1_200, loss_up: 0.2, loss_down: 0, down_kbps: 100 }
  expect(keys({ quality: new Map([['seat', { ...poor, participant: 'seat' }]]) })).toEqual([])
  expect(keys({ quality: new Map([['me', { ...poor, participant: 'me' }]]) })).toEqual(['weak'])
})

it('offers to open a device again that was lost, but not a camera that was turned off', () => {
  const off: Holding = { track: null, cause: null, opening: false }
  expect(keys({ camera: off })).toEqual([])
  const [notice] = noticesOf(facts({ camera: { ...off, cause: 'lost' } }), words)
  expect(notice).toMatchObject({ act: 'camera', button: '重新打开' })
})

it('reminds of being muted', () => {
  expect(keys({ speaking: false })).toEqual(['muted'])
})
