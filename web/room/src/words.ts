/**
 * The words of the signalling WebSocket, as docs/protocol.md fixes them: nothing here has behaviour.
 * Times are RFC 3339 strings in UTC, durations carry their unit in the name.
 */

/** What a participant can send; also the track ids of a server offer. */
export type SourceName = 'microphone' | 'camera' | 'screen'

export type Role = 'customer' | 'seat' | 'guest' | 'supervisor' | 'host'
export type Presence = 'joining' | 'here' | 'lost' | 'left'
export type RecordingState = 'starting' | 'on' | 'failed' | 'stopped'
export type Verdict = 'pass' | 'refuse' | 'supplement'
export type EndWhy = 'verdict' | 'hung_up' | 'abandoned' | 'recording_failed' | 'left_queue' | 'closed'

export interface Me {
  participant: string
  name: string
}

/** One party of a call, oneself included or not as the server lists it. */
export interface Person {
  participant: string
  name: string
  role: Role
  presence: Presence
  /** Since when the server has heard nothing of them; only while `presence` is `lost`. */
  lost_at?: string | null
  /** Sources their owner has turned off. */
  off?: SourceName[]
}

export interface CallState {
  interview: string
  room: string
  /** The number of the record that people quote to each other. */
  number: string
  recording: RecordingState
  connected_at: string | null
  people: Person[]
}

/** A customer's place in a queue; `position` counts from 1, `estimated_wait_s` is null while nobody serves. */
export interface QueueState {
  name: string
  position: number
  waiting: number
  estimated_wait_s: number | null
  joined_at: string
  open: boolean
  ringing?: boolean
  opens_at?: string | null
}

export interface EndState {
  why: EndWhy
  verdict: Verdict | null
  reason: string | null
  number: string | null
  ended_at: string
  /** Whether the link still works. */
  may_return: boolean
}

export interface IceServer {
  urls: string[]
  username?: string
  credential?: string
}

export interface CustomerState {
  type: 'state'
  phase: 'welcome' | 'waiting' | 'call' | 'ended'
  me: Me
  consent: { recording_at: string | null; face_at: string | null }
  ice_servers: IceServer[]
  queue: QueueState | null
  call: CallState | null
  end: EndState | null
}

export interface Ticket {
  interview: string
  name: string
  product: string
  business_no: string
  waiting_since: string
  lost: boolean
}

/** A queue as a seat sees it; `tickets` holds the first 50 in order. */
export interface SeatQueue {
  id: string
  name: string
  open: boolean
  waiting: number
  longest_wait_ms: number | null
  tickets: Ticket[]
}

export interface Ringing {
  interview: string
  queue: string
  name: string
  product: string
  business_no: string
  waiting_since: string
  rings_until: string
}

export interface OrderPerson {
  role: string
  name: string
  id_type: string
  id_no: string
  mobile: string
}

export interface OrderCard {
  business_no: string
  product_name: string
  people: OrderPerson[]
  details: { label: string; value: string }[]
}

/** What a customer's device and network check found. */
export interface CheckReport {
  camera: string
  microphone: string
  round_trip_ms: number | null
  /** Share of packets lost, 0 to 1. */
  loss: number | null
  up_kbps: number | null
  down_kbps: number | null
}

export interface SeatCall extends CallState {
  state: 'in_call' | 'abandoned'
  order: OrderCard
  check: CheckReport | null
}

export interface RecentInterview {
  interview: string
  name: string
  business_no: string
  state: 'ended' | 'abandoned' | (string & {})
  verdict: Verdict | null
  ended_at: string
  may_call_back: boolean
}

export interface SeatState {
  type: 'state'
  phase: 'desk'
  me: Me & { login: string }
  ice_servers: IceServer[]
  ready: boolean
  not_ready_why: 'missed_rings' | 'reconnected' | null
  queues: SeatQueue[]
  ringing: Ringing | null
  call: SeatCall | null
  recent: RecentInterview[]
}

/** A room without a queue: a meeting, or a counter's recording. */
export interface RoomState {
  room: string
  number: string | null
  name: string
  /** What this page is to the room. */
  role: Role
  /** Whether it may mute, part, lock and end. */
  directs: boolean
  may_record: boolean
  /** Whether the room takes offers; one that must be recorded does while it is. */
  open: boolean
  opened_at: string
  locked: boolean
  recording: 'off' | 'starting' | 'on' | 'failed'
  recording_since: string | null
  live: boolean
  people: Person[]
}

export type LeftWhy = 'left' | 'removed' | 'away' | 'ended' | 'empty'

export interface GuestState {
  type: 'state'
  phase: 'room' | 'left'
  me: Me
  ice_servers: IceServer[]
  room: RoomState | null
  end: { why: LeftWhy; at: string } | null
}

/** How the connection of one participant does, from the server's measurement, every 2 seconds. */
export interface PersonQuality {
  participant: string
  round_trip_ms: number | null
  /** Shares of packets lost, 0 to 1: `up` from this person to the server, `down` the other way. */
  loss_up: number | null
  loss_down: number | null
  down_kbps: number | null
}

/** Requests by their `type`, with what they carry besides `type` and `id`. */
export interface Requests {
  consent: { recording: boolean; face: boolean }
  check: CheckReport
  enqueue: object
  leave_queue: object
  hang_up: { interview?: string }
  ready: { on: boolean }
  accept: { interview: string }
  refuse: { interview: string }
  verdict: { interview: string; verdict: Verdict; reason: string | null }
  call_back: { interview: string }
  offer: { sdp: string }
  check_offer: { sdp: string }
  switch: { source: SourceName; on: boolean }
  leave: object
  mute: { participant: string }
  remove: { participant: string }
  lock: { on: boolean }
  record: { on: boolean }
  end: object
}

/** A reply that is not an error. `offer` and `check_offer` are answered with an SDP, the rest with `ok`. */
export interface Reply {
  type: 'ok' | 'answer' | 'check_answer'
  re: number
  sdp?: string
}

/** A request that was understood and refused; `message` is a sentence for people. */
export interface ErrorReply {
  type: 'error'
  re?: number
  code: string
  message: string
  opens_at?: string | null
}

export type Hello =
  | { as: 'customer'; code: string; device: string; takeover: boolean }
  | { as: 'seat' }
  | { as: 'guest'; ticket: string; device: string }

/** Frames that the server sends unasked, besides `state`. */
export interface ServerFrames {
  offer: { type: 'offer'; sdp: string }
  quality: { type: 'quality'; people: PersonQuality[] }
  /** How much our pictures together may be, so that the weakest network in the call takes them; null for no limit. */
  limit: { type: 'limit'; video_kbps: number | null }
  /** Somebody who directs the room wants our own source turned off. */
  mute: { type: 'mute'; source: SourceName }
}
