// What a customer's page may know of an invitation before it joins.

import { get } from './http'

export interface Invitation {
  tenant_name: string
  product_name: string
  business_no: string
  /** Masked, as `张*`. */
  name: string
  state: 'open'
  expires_at: string
  queue: { name: string; open: boolean; opens_at: string | null }
  consents: { recording: Consent; face: Consent }
  identity_check: boolean
}

export interface Consent {
  version: string
  text: string
}

/** The invitation behind a link. `ApiError` 404 `link-unknown`, 410 `link-expired` or `link-used`. */
export function findInvitation(code: string): Promise<Invitation> {
  return get(`/api/v1/invitations/${encodeURIComponent(code)}`)
}
