// Recordings: finding them, and what a player needs to know of one.

import { get } from './http'
import type { Page } from './page'

export type Source = 'camera' | 'microphone' | 'screen'
export type GapReason = 'loss' | 'camera_off' | 'reconnect' | 'restart'
export type Verdict = 'pass' | 'refuse' | 'supplement'

/** A stretch of recording time in which nothing of this source is there. */
export interface Gap {
  participant: string
  source: Source
  from_ms: number
  to_ms: number
  reason: GapReason
}

/** One file of a recording. A person whose stream began anew has several of the same source. */
export interface RecordingFile {
  kind: 'track' | 'composed'
  participant: { id: string; name: string; role: string }
  source: Source
  /** Start on the recording's own time line. */
  from_ms: number
  duration_ms: number
  url: string
  size_bytes: number
  /** Null while the file grows. */
  sha256: string | null
  /** HLS over all files of this person and source, in recording time. */
  playlist_url: string | null
}

/** A moment worth jumping to. */
export interface Mark {
  at_ms: number
  kind: string
  text: string
}

export interface Recording {
  id: string
  /** Null, like the next four, for a recording that is no interview's. */
  interview_id: string | null
  number: string | null
  business_no: string | null
  customer: string | null
  seat: string | null
  state: 'recording' | 'stopped' | 'failed'
  started_at: string
  stopped_at: string | null
  duration_ms: number
  playlist_url: string
  gaps: Gap[]
  files: RecordingFile[]
  marks: Mark[]
  verdict: Verdict | null
  reason: string | null
}

/** What to look for; empty fields do not narrow. `from` and `to` are RFC 3339 moments. */
export interface RecordingFilter {
  business_no?: string
  customer?: string
  seat?: string
  from?: string
  to?: string
}

/** Recordings, newest first. */
export function listRecordings(filter: RecordingFilter, cursor: string | null): Promise<Page<Recording>> {
  return get('/api/v1/recordings', { ...filter, cursor })
}

/** One recording as it is now. `ApiError` 404 when it is not there or not ours. */
export function findRecording(id: string): Promise<Recording> {
  return get(`/api/v1/recordings/${encodeURIComponent(id)}`)
}
