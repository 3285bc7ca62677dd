// What a customer's page may know of an invitation before it joins.

import type { Schema } from '@mingjian/api'
import { get } from './http'

export type Invitation = Schema<'Invitation'>
export type Consent = Schema<'Consent'>

/** The invitation behind a link. `ApiError` 404 `link-unknown`, 410 `link-expired` or `link-used`. */
export function findInvitation(code: string): Promise<Invitation> {
  return get(`/api/v1/invitations/${encodeURIComponent(code)}`)
}
