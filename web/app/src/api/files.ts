// Files and folders of the tenant.

import type { Schema } from '@mingjian/api'
import { del, get, post, put, sendForm, type Sending } from './http'

export type StoredFile = Schema<'File'>
export type Folder = Schema<'Folder'>
export type Usage = Schema<'FileUsage'>

/** A page of one folder as it was at `search_time`: asked for again with it, pages do not shift. */
export type FolderPage = Schema<'FileListing'>

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

/** Holds a file for a reason, or lets it go: null. Its retention stays as it is. */
export function holdFile(id: number, hold_reason: string | null): Promise<StoredFile> {
  return put(`/api/v1/files/${id}/hold`, { hold_reason })
}

/** Makes every link to a file useless that was given out so far. */
export function revokeLinks(id: number): Promise<void> {
  return post(`/api/v1/files/${id}/revoke-links`)
}

/** Makes a folder. */
export function createFolder(path: string): Promise<Folder> {
  return post('/api/v1/folders', { path })
}
