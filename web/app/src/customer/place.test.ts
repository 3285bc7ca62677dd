import { describe, expect, it } from 'vitest'
import type { ClosedWhy, CustomerState, EndState, Link } from '@mingjian/room'
import type { Invitation } from '@/api/invitations'
import { placeOf, type Situation } from './place'

const invitation: Invitation = {
  tenant_name: '示例银行',
  product_name: '华楼通',
  business_no: 'A3239239',
  name: '张*',
  state: 'open',
  expires_at: '2026-11-30T00:00:00Z',
  queue: { name: '个贷面签', open: true, opens_at: null },
  consents: { recording: { version: '1', text: '' }, face: { version: '1', text: '' } },
  identity_check: false,
  return_url: null,
}

function state(phase: CustomerState['phase']): CustomerState {
  return {
    type: 'state',
    phase,
    me: { participant: 'me', name: '张三' },
    consent: { recording_at: null, face_at: null },
    ice_servers: [],
    queue: null,
    call: null,
    end: null,
  }
}

function placed(change: Partial<Situation>) {
  return placeOf({
    support: { ok: true },
    link: { status: 'open', since: 0 },
    state: state('welcome'),
    invitation,
    invitation_problem: null,
    step: 'welcome',
    ended: null,
    closed: null,
    ...change,
  })
}

const ended: EndState = {
  why: 'verdict',
  verdict: 'pass',
  reason: null,
  number: '20261123-000017',
  ended_at: '2026-11-23T02:00:00Z',
  may_return: false,
}

const closed = (why: ClosedWhy): Link => ({ status: 'closed', since: 0, why, message: null })

describe('the way of an interview', () => {
  it('opens, welcomes and checks', () => {
    expect(placed({ state: null }).page).toBe('opening')
    expect(placed({ invitation: null }).page).toBe('opening')
    expect(placed({}).page).toBe('welcome')
    expect(placed({ step: 'check' }).page).toBe('check')
  })

  it.each([
    ['waiting', 'queue'],
    ['call', 'call'],
  ] as const)('follows the server into %s, whatever the page thought', (phase, page) => {
    expect(placed({ state: state(phase), step: 'check', invitation: null }).page).toBe(page)
  })

  it('stays where it is while the connection is made again', () => {
    const link: Link = { status: 'reconnecting', since: 0, attempt: 9 }
    expect(placed({ link, state: state('call') }).page).toBe('call')
    expect(placed({ link, state: state('waiting') }).page).toBe('queue')
  })

  it('shows how it ended, also after a reload, when the server begins anew or the link is used up', () => {
    expect(placed({ state: state('ended'), ended }).page).toBe('end')
    expect(placed({ state: state('welcome'), ended }).page).toBe('end')
    expect(placed({ state: null, ended, link: closed('link_used') }).page).toBe('end')
  })

  it('begins again from the end when the customer wants to', () => {
    expect(placed({ state: state('ended'), ended: null }).page).toBe('welcome')
  })

  it('leaves the end when the seat calls back', () => {
    expect(placed({ state: state('call'), ended }).page).toBe('call')
  })
})

describe('trouble', () => {
  const kind = (change: Partial<Situation>) => {
    const place = placed(change)
    return place.page === 'trouble' ? place.trouble.kind : place.page
  }

  it.each([
    ['link_unknown', 'link_unknown'],
    ['link_expired', 'link_expired'],
    ['link_used', 'link_used'],
    ['in_use', 'elsewhere'],
    ['taken_over', 'elsewhere'],
    ['protocol', 'page_old'],
  ] as const)('shows a connection closed by %s as %s', (why, expected) => {
    expect(kind({ link: closed(why) })).toBe(expected)
    expect(kind({ link: closed(why), state: null, invitation: null })).toBe(expected)
  })

  it('shows being taken over even in the middle of a call', () => {
    expect(kind({ link: closed('taken_over'), state: state('call') })).toBe('elsewhere')
    expect(kind({ link: closed('taken_over'), state: state('ended'), ended })).toBe('elsewhere')
  })

  it('says that the network is down only after a few attempts', () => {
    const after = (attempt: number) =>
      kind({ state: null, link: { status: 'reconnecting', since: 0, attempt } })
    expect(after(2)).toBe('opening')
    expect(after(4)).toBe('network')
  })

  it.each([
    ['link-expired', 'link_expired'],
    ['network', 'network'],
    ['about:blank', 'unexpected'],
  ])('shows the problem %s of the invitation as %s', (problem, expected) => {
    expect(kind({ invitation: null, invitation_problem: problem })).toBe(expected)
  })

  it('shows a closed queue before the customer does anything, and when joining is refused', () => {
    const queue = { name: '个贷面签', open: false, opens_at: '2026-11-24T01:00:00Z' }
    expect(placed({ invitation: { ...invitation, queue } })).toEqual({
      page: 'trouble',
      trouble: { kind: 'queue_closed', opens_at: '2026-11-24T01:00:00Z' },
    })
    expect(kind({ step: 'check', closed: { opens_at: null } })).toBe('queue_closed')
  })

  it('puts an unfit browser before everything else', () => {
    expect(kind({ support: { ok: false, why: 'insecure' }, state: null, link: closed('by_page') })).toBe(
      'browser',
    )
  })
})
