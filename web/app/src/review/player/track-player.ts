// One <video> or <audio> playing the HLS playlist of one track, as a follower of the conductor.

import Hls from 'hls.js/light'
import type { Follower } from './conductor'
import { placed } from './placing'
import { ProgramMap, type Place } from './program-map'

/** A track's sound and picture may end this far apart, and the shorter one ends what an element can play. */
const TAIL_MS = 300
/** Between two tries to get a playlist that did not come; its link may have run out, or its first segment not be there. */
const RENEW_AFTER_MS = 2000
/** So many tries without a single segment, and the track is given up. */
const TRIES = 5

export interface TrackPlayerOptions {
  media: HTMLMediaElement
  playlistUrl: string
  /** Wall clock of the recording's start, epoch milliseconds. */
  origin: number
  /** Where the zero of a file, given by its path, lies in the recording, in milliseconds. */
  zeroOf: (path: string) => number | undefined
  /** The playlist's link is signed and runs out: gives a fresh one. */
  renew: () => Promise<string | null>
  /** Told once, when the track cannot be played at all. */
  onFailed: () => void
}

/** True where the browser can play: Media Source Extensions with H.264. */
export function canPlay(): boolean {
  return Hls.isSupported()
}

export class TrackPlayer implements Follower {
  readonly #options: TrackPlayerOptions
  readonly #media: HTMLMediaElement
  readonly #hls: Hls
  /** By stretch of the playlist: file time less media time, in seconds. */
  readonly #offsets = new Map<number, number>()
  #map: ProgramMap | null = null
  /** Nothing will be added to it, also in a recording that goes on: its person has left. */
  finished = false
  #failed = false
  #closed = false
  #renewal: ReturnType<typeof setTimeout> | undefined
  #tries = 0
  #mediaErrors = 0

  constructor(options: TrackPlayerOptions) {
    this.#options = options
    this.#media = options.media
    this.#hls = new Hls({
      // Fragmented MP4 goes through untouched; a worker would only need a wider content security policy.
      enableWorker: false,
      startPosition: 0,
      // The conductor alone decides where to be, also in a recording that is still being made.
      liveMaxLatencyDurationCount: Infinity,
      liveSyncDurationCount: 1,
      maxLiveSyncPlaybackRate: 1,
      maxBufferLength: 20,
      backBufferLength: 60,
      // The pictures of hours ago are as likely to be asked for as those of now.
      liveBackBufferLength: null,
    })
    const learn = () => this.#learn()
    this.#hls.on(Hls.Events.LEVEL_LOADED, learn)
    this.#hls.on(Hls.Events.LEVEL_UPDATED, learn)
    this.#hls.on(Hls.Events.LEVEL_PTS_UPDATED, learn)
    this.#hls.on(Hls.Events.FRAG_BUFFERED, () => {
      this.#tries = 0
      this.#learn()
    })
    this.#hls.on(Hls.Events.INIT_PTS_FOUND, (_event, { frag, initPTS, timescale }) => {
      this.#offsets.set(frag.cc, initPTS / timescale)
      this.#learn()
    })
    this.#hls.on(Hls.Events.ERROR, (_event, error) => {
      if (error.fatal) this.#recover(error.type)
    })
    this.#hls.loadSource(options.playlistUrl)
    this.#hls.attachMedia(this.#media)
  }

  get end_ms(): number {
    return this.#map?.end_ms ?? 0
  }

  get position_ms(): number | null {
    if (this.#map === null || this.#media.readyState === 0) return null
    return this.#map.at(this.#media.currentTime)
  }

  get ready(): boolean {
    const media = this.#media
    if (media.seeking || media.readyState === HTMLMediaElement.HAVE_NOTHING) return false
    if (media.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return true
    // The very last moment has no future; nobody need wait for one.
    const at_ms = this.position_ms
    return at_ms !== null && this.end_ms - at_ms < TAIL_MS
  }

  get failed(): boolean {
    return this.#failed
  }

  place(at_ms: number): Place | null {
    return this.#map?.place(at_ms) ?? null
  }

  seek(mediaS: number): void {
    if (this.#media.readyState === 0) return
    this.#media.currentTime = mediaS
  }

  play(rate: number): void {
    this.#media.playbackRate = rate
    if (!this.#media.paused) return
    // A pause that overtakes the start rejects its promise; that is no failure.
    this.#media.play().catch(() => undefined)
  }

  pause(): void {
    this.#media.pause()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#renewal)
    this.#hls.destroy()
    this.#media.removeAttribute('src')
    this.#media.load()
  }

  /** Takes over what the player now knows of its segments. */
  #learn(): void {
    const details = this.#hls.levels[this.#hls.currentLevel < 0 ? 0 : this.#hls.currentLevel]?.details
    if (!details) return
    const { origin, zeroOf } = this.#options
    this.#map = new ProgramMap(placed(details.fragments, this.#offsets, zeroOf, origin), origin)
  }

  #recover(type: string): void {
    if (type === Hls.ErrorTypes.MEDIA_ERROR && this.#mediaErrors < 3) {
      this.#mediaErrors += 1
      this.#hls.recoverMediaError()
      return
    }
    if (type === Hls.ErrorTypes.NETWORK_ERROR && this.#tries < TRIES) {
      this.#tries += 1
      clearTimeout(this.#renewal)
      this.#renewal = setTimeout(() => void this.#renew(), RENEW_AFTER_MS)
      return
    }
    this.#fail()
  }

  async #renew(): Promise<void> {
    const address = await this.#options.renew().catch(() => null)
    if (this.#closed) return
    const at = this.#media.currentTime
    this.#hls.loadSource(address ?? this.#options.playlistUrl)
    this.#hls.startLoad(at)
  }

  #fail(): void {
    if (this.#failed || this.#closed) return
    this.#failed = true
    this.#options.onFailed()
  }
}
