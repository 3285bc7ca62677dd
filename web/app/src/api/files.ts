// Files and folders of the tenant.

import type { Schema } from '@mingjian/api'
import { del, get, post, sendForm, type Sending } from './http'

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

/** Makes a folder. */
export function createFolder(path: string): Promise<Folder> {
  return post('/api/v1/folders', { path })
}
