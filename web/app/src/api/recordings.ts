// Recordings: finding them, and what a player needs to know of one.

import type { QueryOf, Schema } from '@mingjian/api'
import { get } from './http'
import type { Page } from './page'

export type Source = Schema<'Source'>
export type Gap = Schema<'Gap'>
export type GapReason = Gap['reason']
export type Verdict = Schema<'Verdict'>
export type RecordingFile = Schema<'RecordingFile'>
export type TrackFile = Schema<'TrackFile'>
export type Mark = Schema<'Mark'>
export type Recording = Schema<'Recording'>

/** What to look for; empty fields do not narrow. `from` and `to` are RFC 3339 moments. */
export type RecordingFilter = Omit<QueryOf<'list_recordings'>, 'cursor' | 'limit'>

/** Recordings, newest first. */
export function listRecordings(filter: RecordingFilter, cursor: string | null): Promise<Page<Recording>> {
  return get('/api/v1/recordings', { ...filter, cursor })
}

/** One recording as it is now. `ApiError` 404 when it is not there or not ours. */
export function findRecording(id: string): Promise<Recording> {
  return get(`/api/v1/recordings/${encodeURIComponent(id)}`)
}
