// What a recording holds when, on its own time line: milliseconds from its start, gaps included.

import type { Gap, Recording, Source, TrackFile } from '@/api/recordings'

/** One picture of the player: one source of one participant, through all of its files. */
export interface Track {
  /** Unique within the recording. */
  key: string
  participant: TrackFile['participant']
  source: Source
  playlistUrl: string
  /** Stretches for which there are files, in order, overlaps and touching ones joined. */
  covered: Stretch[]
  /** None of its files grows. */
  finished: boolean
  gaps: Gap[]
}

export interface Stretch {
  from_ms: number
  to_ms: number
}

/** Two files that follow each other within this time belong to one stretch: a fragment is at most 500 ms. */
const JOINT_MS = 600

const sourceOrder: Source[] = ['camera', 'microphone', 'screen']
const roleOrder = ['customer', 'seat']

function rank<T>(order: T[], value: T): number {
  const at = order.indexOf(value)
  return at < 0 ? order.length : at
}

/** The tracks of a recording: the customer first, then the seat, then others; a person's face before the screen. */
export function tracksOf(recording: Recording): Track[] {
  const tracks = new Map<string, Track>()
  for (const file of recording.files) {
    if (file.kind !== 'track' || file.playlist_url === null) continue
    const key = `${file.participant.id}/${file.source}`
    const track = tracks.get(key) ?? {
      key,
      participant: file.participant,
      source: file.source,
      playlistUrl: file.playlist_url,
      covered: [],
      finished: true,
      gaps: mergedGaps(recording.gaps.filter((gap) => concerns(gap, file.participant.id, file.source))),
    }
    // The digest of a file comes with its end.
    if (file.sha256 === null) track.finished = false
    track.covered.push({ from_ms: file.from_ms, to_ms: file.from_ms + file.duration_ms })
    tracks.set(key, track)
  }
  const found = [...tracks.values()]
  for (const track of found) track.covered = join(track.covered)
  return found.sort(
    (a, b) =>
      rank(sourceOrder, a.source) - rank(sourceOrder, b.source) ||
      whose(a, b) ||
      (a.covered[0]?.from_ms ?? 0) - (b.covered[0]?.from_ms ?? 0),
  )
}

/** A camera's picture is gone too where the whole connection was; a screen's only where the screen's own line says so. */
function concerns(gap: Gap, participant: string, source: Source): boolean {
  if (gap.participant !== participant) return false
  return gap.source === source || gap.reason === 'reconnect' || gap.reason === 'restart'
}

/** What the player shows of one person in one place: the face with its voice, or the screen. */
export interface Figure {
  key: string
  participant: Track['participant']
  screen: boolean
  /** Null for somebody of whom there is no picture at all. */
  picture: Track | null
  /** What was said while there was no picture, which is a track of its own. */
  voice: Track | null
}

/** The tracks by figure, in the order of the tracks. */
export function figuresOf(tracks: Track[]): Figure[] {
  const figures = new Map<string, Figure>()
  for (const track of tracks) {
    const screen = track.source === 'screen'
    const key = `${track.participant.id}/${screen ? 'screen' : 'person'}`
    const figure = figures.get(key) ?? {
      key,
      participant: track.participant,
      screen,
      picture: null,
      voice: null,
    }
    if (track.source === 'microphone') figure.voice = track
    else figure.picture = track
    figures.set(key, figure)
  }
  return [...figures.values()].sort((a, b) => Number(a.screen) - Number(b.screen) || whose(a, b))
}

/** All that there is of a figure, with picture or without. */
export function coveredOf(figure: Figure): Stretch[] {
  return join([...(figure.picture?.covered ?? []), ...(figure.voice?.covered ?? [])])
}

/** What a figure shows at a moment; `voice_only` where somebody is heard and not seen. */
export function figureAt(figure: Figure, at_ms: number, growing: boolean): Showing | { is: 'voice_only' } {
  const voice = figure.voice && showingAt(figure.voice, at_ms, growing)
  const picture = figure.picture && showingAt(figure.picture, at_ms, growing)
  if (picture?.is === 'picture' || picture?.is === 'gap') return picture
  if (voice?.is === 'picture') return { is: 'voice_only' }
  return picture ?? voice ?? { is: 'missing' }
}

const whose = (a: { participant: Track['participant'] }, b: { participant: Track['participant'] }) =>
  rank(roleOrder, a.participant.role) - rank(roleOrder, b.participant.role)

/** One gap for those of one person, source and reason that overlap: a crash is noticed by the recorder and by the server. */
export function mergedGaps(gaps: Gap[]): Gap[] {
  const merged: Gap[] = []
  for (const gap of [...gaps].sort((a, b) => a.from_ms - b.from_ms)) {
    const same = merged.find(
      (other) =>
        other.participant === gap.participant &&
        other.source === gap.source &&
        other.reason === gap.reason &&
        gap.from_ms <= other.to_ms,
    )
    if (same) same.to_ms = Math.max(same.to_ms, gap.to_ms)
    else merged.push({ ...gap })
  }
  return merged
}

function join(stretches: Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const stretch of [...stretches].sort((a, b) => a.from_ms - b.from_ms)) {
    const last = joined[joined.length - 1]
    if (last && stretch.from_ms - last.to_ms <= JOINT_MS) last.to_ms = Math.max(last.to_ms, stretch.to_ms)
    else joined.push({ ...stretch })
  }
  return joined
}

/** What a track shows at a moment. */
export type Showing =
  | { is: 'picture' }
  /** `frozen`: the file goes on and holds the last picture; else there is no file at all. */
  | { is: 'gap'; gap: Gap; frozen: boolean }
  /** Before the first file, or after the last. */
  | { is: 'not_yet' }
  | { is: 'over' }
  /** Between two files, and no gap was written down for it. */
  | { is: 'missing' }

/** What the track shows at `at_ms`. `growing`: the recording still runs, so the end of the last file is not the end. */
export function showingAt(track: Track, at_ms: number, growing: boolean): Showing {
  const inFile = track.covered.some((stretch) => stretch.from_ms <= at_ms && at_ms < stretch.to_ms)
  const gap = track.gaps.find((gap) => gap.from_ms <= at_ms && at_ms < gap.to_ms)
  if (gap) return { is: 'gap', gap, frozen: inFile }
  const first = track.covered[0]
  const last = track.covered[track.covered.length - 1]
  if (!first || !last || at_ms < first.from_ms) return { is: 'not_yet' }
  const grows = growing && !track.finished
  if (at_ms >= last.to_ms) return grows || at_ms - last.to_ms <= JOINT_MS ? { is: 'picture' } : { is: 'over' }
  return inFile ? { is: 'picture' } : { is: 'missing' }
}

/** The length of the recording as far as it is known from its row and its files, in milliseconds. */
export function lengthOf(recording: Recording): number {
  return recording.files.reduce(
    (length, file) => Math.max(length, file.from_ms + file.duration_ms),
    recording.duration_ms,
  )
}
