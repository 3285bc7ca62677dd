// The tenant's interfaces: credentials, switches, native keys, the last calls. For tenant admins.

import type { Answer, Schema } from '@mingjian/api'
import { get, getTagged, post, putTagged, remove, type Tagged } from './http'
import type { Page } from './page'

export type Interface = Schema<'Interface'>
export type FaceName = Schema<'FaceName'>
export type Credential = Schema<'Credential'>
export type CredentialKind = Schema<'CredentialKind'>
export type NewSwitches = Schema<'NewSwitches'>
export type ResultsAs = Schema<'ResultsAs'>
export type FileKind = keyof Schema<'RetentionDays'>
export type NativeKey = Schema<'NativeKey'>
export type Call = Schema<'Call'>

/** Every kind of file that can have a date before which nobody deletes it. */
export const FILE_KINDS = [
  'upload',
  'interview',
  'self_service',
  'counter',
  'assistance',
  'meeting',
] as const satisfies readonly FileKind[]

const root = '/api/v1/interface'

/** The interface, and the name of the state of its switches. */
export function showInterface(): Promise<Tagged<Interface>> {
  return getTagged(root)
}

/** Sets the switches. `ApiError` 412 `changed-meanwhile` when somebody else did since `tag`. */
export function setSwitches(switches: NewSwitches, tag: string | null): Promise<Tagged<Interface>> {
  return putTagged(`${root}/switches`, switches, tag)
}

/** Makes a credential anew; its secret is told here and nowhere else. */
export function reissueCredential(kind: CredentialKind): Promise<Answer<'reissue_credential'>> {
  return post(`${root}/credentials/${kind}/reissue`)
}

export function listKeys(): Promise<Page<NativeKey>> {
  return get(`${root}/keys`)
}

/** Issues a native key; its secret is told here and nowhere else. */
export function issueKey(name: string): Promise<Answer<'issue_key'>> {
  return post(`${root}/keys`, { name })
}

export function revokeKey(id: string): Promise<void> {
  return remove(`${root}/keys/${encodeURIComponent(id)}`)
}

/** The last hundred calls of the tenant's systems, newest first. */
export function listCalls(): Promise<Page<Call>> {
  return get(`${root}/calls`)
}
