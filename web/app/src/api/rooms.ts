// Meeting rooms: for those who own and run them, and the door for those who dial in.

import { get, post, put, remove } from './http'
import type { Page } from './page'

export interface Room {
  number: string
  name: string
  /** Only for those who own the room. */
  host_pin?: string
  guest_pin?: string
  record_allowed: boolean
  live_allowed: boolean
  stays_open: boolean
  started_at: string | null
  locked_at: string | null
  participants: number
  recording_id: string | null
  /** Where it is watched live, while it is shown. */
  watch_path: string | null
  join_path: string
  created_at: string
}

export interface RoomDraft {
  number?: string
  name: string
  host_pin?: string
  guest_pin?: string
  record_allowed: boolean
  live_allowed: boolean
  stays_open: boolean
}

export interface Participant {
  participant: string
  name: string
  role: string
  presence: 'joining' | 'here' | 'lost'
}

const of = (number: string) => `/api/v1/rooms/${encodeURIComponent(number)}`

export const listRooms = (cursor: string | null) => get<Page<Room>>('/api/v1/rooms', { cursor })
export const createRoom = (draft: RoomDraft) => post<Room>('/api/v1/rooms', draft)
export const changeRoom = (number: string, draft: RoomDraft) => put<Room>(of(number), draft)
export const deleteRoom = (number: string) => remove(of(number))
export const startRoom = (number: string) => post<Room>(`${of(number)}/start`)
export const stopRoom = (number: string) => post<Room>(`${of(number)}/stop`)
export const startRecording = (number: string) => post<{ recording_id: string }>(`${of(number)}/recording`)
export const stopRecording = (number: string) => remove(`${of(number)}/recording`)
export const startLive = (number: string) => post<{ watch_path: string }>(`${of(number)}/live`)
export const endLive = (number: string) => remove(`${of(number)}/live`)
export const listParticipants = (number: string) =>
  get<{ items: Participant[] }>(`${of(number)}/participants`)

/** What a number and a PIN become. `ApiError` 401 `wrong-secret`, 409 `room-not-open`, 403 `room-locked`, 429 `locked`. */
export const joinRoom = (number: string, words: { pin: string; name: string; device: string }) =>
  post<{ ticket: string; participant: string; role: string }>(`${of(number)}/admissions`, words)

export interface Broadcast {
  title: string
  tenant_name: string
  started_at: string
  streams: { participant: number; stream: 'camera' | 'microphone' | 'screen'; playlist_url: string }[]
}

/** What is shown live. `ApiError` 404 `broadcast-unknown` once it has ended. */
export const findBroadcast = (code: string) => get<Broadcast>(`/api/v1/lives/${encodeURIComponent(code)}`)
