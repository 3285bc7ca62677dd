// The archive of image material: accounts, deposits, materials, codes, and who may deposit.

import { get, post, put, remove } from './http'
import type { Page } from './page'

export interface Account {
  id: string
  account_no: string
  account_biz_type: string
  status: 'valid' | 'closed'
  name: string
  customer_type: string
  dept_code: string
  dept_name: string
  opened_on: string
  written_off_on: string | null
  src_type: string | null
  customer: { id_type: string; id_no: string; name: string; aml_risk_name: string | null }
}

export interface AccountPage extends Page<Account> {
  total: number
}

/** What a search asks for; an empty text does not narrow. */
export interface AccountSearch {
  q: string
  material_codes: string[]
  excluded_material_codes: string[]
  biz_types: string[]
  opened_from: string
  opened_to: string
}

export interface ArchiveFile {
  id: string
  name: string
  content_type: string
  size_bytes: number
  url: string
}

export interface Material {
  id: number
  deposit_id: string
  filed_at_place: 'account' | 'customer'
  code: string
  name: string
  files: ArchiveFile[]
  service_name: string | null
  recording_id: string | null
  title: string | null
  submitter: string | null
  filed_at: string
  history_since: string | null
  discard_reason: string | null
}

export interface Deposit {
  id: string
  account_no: string | null
  account_biz_type: string | null
  customer_name: string
  service_id: string | null
  service_name: string | null
  recording_id: string | null
  title: string | null
  business_id: string | null
  material_codes: string[]
  filed_at: string
  discarded_at: string | null
  discard_employee: string | null
  discard_reason: string | null
}

export interface Code {
  code: string
  name: string
}

export type TableName = 'ACCT_BIZ_TYP' | 'ACCT_CUST_TYP' | 'ID_TYP' | 'MATERIAL'

export interface CodeTable {
  name: TableName
  items: Code[]
}

export interface Client {
  number: string
  name: string
  issued_at: string
  revoked_at: string | null
}

/** Accounts, the oldest first, with how many there are in all. */
export function searchAccounts(search: AccountSearch, cursor: string | null): Promise<AccountPage> {
  return get('/api/v1/accounts', {
    q: search.q.trim(),
    material_codes: search.material_codes.join(','),
    excluded_material_codes: search.excluded_material_codes.join(','),
    biz_types: search.biz_types.join(','),
    opened_from: search.opened_from,
    opened_to: search.opened_to,
    cursor,
  })
}

/** What is filed at an account and its customer. */
export async function listMaterials(account: string, history: boolean): Promise<Material[]> {
  const path = `/api/v1/accounts/${encodeURIComponent(account)}/materials`
  const answer = await get<{ items: Material[] }>(path, { customer: 'true', history: String(history) })
  return answer.items
}

/** Where a file is shown. */
export const previewOf = (file: ArchiveFile) => `${file.url}?preview=true`

/** Deposits, newest first. */
export function listDeposits(cursor: string | null): Promise<Page<Deposit>> {
  return get('/api/v1/deposits', { cursor })
}

/** Takes a deposit back. */
export function discardDeposit(id: string, reason: string): Promise<void> {
  return post(`/api/v1/deposits/${encodeURIComponent(id)}/discard`, { reason })
}

/** Every code table. */
export async function listCodeTables(): Promise<CodeTable[]> {
  return (await get<{ items: CodeTable[] }>('/api/v1/code-tables')).items
}

const codes = (table: TableName) => `/api/v1/code-tables/${table}/codes`

/** Adds a code. */
export function addCode(table: TableName, code: Code): Promise<Code> {
  return post(codes(table), code)
}

/** Gives a code another name. */
export function renameCode(table: TableName, code: Code): Promise<Code> {
  return put(`${codes(table)}/${encodeURIComponent(code.code)}`, { name: code.name })
}

/** Takes a code out of use. */
export function removeCode(table: TableName, code: string): Promise<void> {
  return remove(`${codes(table)}/${encodeURIComponent(code)}`)
}

/** Who may deposit, in one page. */
export async function listClients(): Promise<Page<Client>> {
  return { items: (await get<{ items: Client[] }>('/api/v1/archive-clients')).items, next: null }
}

/** Issues a system number. */
export function issueClient(number: string, name: string): Promise<Client> {
  return post('/api/v1/archive-clients', { number, name })
}

/** Revokes a system number. */
export function revokeClient(number: string): Promise<void> {
  return remove(`/api/v1/archive-clients/${encodeURIComponent(number)}`)
}
