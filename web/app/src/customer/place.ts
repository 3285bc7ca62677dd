import type { ClosedWhy, CustomerState, EndState, Link, Support } from '@mingjian/room'
import type { Invitation } from '@/api/invitations'

/** What keeps a customer from going on; each has a page that says what to do. */
export type Trouble =
  | { kind: 'browser'; support: Exclude<Support, { ok: true }> }
  | {
      kind:
        'link_unknown' | 'link_expired' | 'link_used' | 'elsewhere' | 'network' | 'page_old' | 'unexpected'
    }
  | { kind: 'queue_closed'; opens_at: string | null }

/** The one screen that a customer sees now. */
export type Place =
  | { page: 'opening' }
  | { page: 'trouble'; trouble: Trouble }
  | { page: 'welcome'; invitation: Invitation }
  | { page: 'check' }
  | { page: 'queue'; state: CustomerState }
  | { page: 'call'; state: CustomerState }
  | { page: 'end'; end: EndState }

/** Everything the choice depends on. */
export interface Situation {
  support: Support
  link: Link
  state: CustomerState | null
  invitation: Invitation | null
  /** The `type` of the problem that asking for the invitation met. */
  invitation_problem: string | null
  /** The step that is the page's own, between the link and the queue. */
  step: 'welcome' | 'check'
  /** How the interview of this link ended as far as this tab knows, until the customer begins again. */
  ended: EndState | null
  /** Set when joining the queue was refused because it is closed. */
  closed: { opens_at: string | null } | null
}

/** So many attempts to connect in vain are told as an outage rather than as "opening". */
const HOPELESS_ATTEMPTS = 3

export function placeOf(now: Situation): Place {
  const { support, link, state, ended } = now
  if (!support.ok) return trouble({ kind: 'browser', support })
  if (link.status === 'closed') {
    // A verdict uses the link up; whoever reloads the result wants to see the result.
    const over = link.why === 'link_used' || link.why === 'link_expired'
    return over && ended ? { page: 'end', end: ended } : trouble(closedBy(link.why))
  }
  if (!state) {
    const hopeless = link.status === 'reconnecting' && link.attempt > HOPELESS_ATTEMPTS
    return hopeless ? trouble({ kind: 'network' }) : { page: 'opening' }
  }
  switch (state.phase) {
    case 'waiting':
      return { page: 'queue', state }
    case 'call':
      return { page: 'call', state }
    case 'ended':
    case 'welcome':
      // The server forgets how it ended before the tab does.
      return ended ? { page: 'end', end: ended } : beforeTheQueue(now)
  }
}

function beforeTheQueue(now: Situation): Place {
  const { invitation, invitation_problem, closed } = now
  if (closed) return trouble({ kind: 'queue_closed', opens_at: closed.opens_at })
  if (!invitation) return invitation_problem ? trouble(problem(invitation_problem)) : { page: 'opening' }
  if (!invitation.queue.open) return trouble({ kind: 'queue_closed', opens_at: invitation.queue.opens_at })
  return now.step === 'check' ? { page: 'check' } : { page: 'welcome', invitation }
}

function trouble(what: Trouble): Place {
  return { page: 'trouble', trouble: what }
}

function closedBy(why: ClosedWhy): Trouble {
  switch (why) {
    case 'link_unknown':
    case 'link_expired':
    case 'link_used':
      return { kind: why }
    case 'in_use':
    case 'taken_over':
      return { kind: 'elsewhere' }
    case 'protocol':
      return { kind: 'page_old' }
    case 'not_logged_in':
    case 'ticket_void':
    case 'by_page':
      return { kind: 'unexpected' }
  }
}

function problem(type: string): Trouble {
  switch (type) {
    case 'link-unknown':
      return { kind: 'link_unknown' }
    case 'link-expired':
      return { kind: 'link_expired' }
    case 'link-used':
      return { kind: 'link_used' }
    case 'network':
      return { kind: 'network' }
    default:
      return { kind: 'unexpected' }
  }
}
