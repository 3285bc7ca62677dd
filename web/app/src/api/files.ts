// Files and folders of the tenant.

import { del, get, post, sendForm, type Sending } from './http'

export interface StoredFile {
  id: number
  path: string
  name: string
  kind: 'upload' | 'interview' | 'self_service' | 'counter' | 'assistance' | 'meeting'
  state: 'awaited' | 'whole' | 'deleted'
  business_no: string | null
  size_bytes: number | null
  sha256: string | null
  media_type: string | null
  listed_at: string | null
  retain_until: string | null
  retain_reason: string | null
  held_since: string | null
  hold_reason: string | null
  url: string | null
}

export interface Folder {
  id: number
  path: string
  name: string
  created_at: string
}

/** A page of one folder as it was at `search_time`: asked for again with it, pages do not shift. */
export interface FolderPage {
  items: StoredFile[]
  folders: Folder[]
  total: number
  page: number
  limit: number
  search_time: string
}

export interface Usage {
  uploaded_bytes: number
  recorded_bytes: number
  quota_bytes: number | null
}

/** One folder's files, newest first. */
export function listFiles(
  folder: string,
  page: number,
  limit: number,
  searchTime: string | null,
): Promise<FolderPage> {
  return get('/api/v1/files', { folder, page, limit, search_time: searchTime })
}

/** How many bytes the tenant's files take. */
export function findUsage(): Promise<Usage> {
  return get('/api/v1/files/usage')
}

/** Sends a file to a folder; `progress` is told the share that has gone, 0 to 1. */
export function uploadFile(
  folder: string,
  file: File,
  progress: (share: number) => void,
): Sending<StoredFile> {
  const form = new FormData()
  form.append('folder', folder)
  form.append('name', file.name)
  // The last one: the server streams it to the disk.
  form.append('file', file)
  return sendForm('/api/v1/files', form, progress)
}

/** Deletes a file for good; the reason is kept and signed. */
export function deleteFile(id: number, reason: string): Promise<void> {
  return del(`/api/v1/files/${id}`, { reason })
}

/** Makes a folder. */
export function createFolder(path: string): Promise<Folder> {
  return post('/api/v1/folders', { path })
}
