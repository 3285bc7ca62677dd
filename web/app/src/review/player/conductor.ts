// One clock for all pictures of a recording.
//
// The conductor keeps the recording time and moves it while everybody who should be playing can; the pictures follow:
// they are started, stopped, nudged and seeked so that they show the clock's moment. Where one has to load, all wait.
// It has no timers of its own: whoever drives it calls `tick` with the time, some times a second.

import { commonDrift, correctionOf } from './drift'
import type { Place } from './program-map'

/** One picture that follows the clock. */
export interface Follower {
  /** Where the moment lies in this picture; null while nothing is known of it yet. */
  place(at_ms: number): Place | null
  /** End of what is known, in recording time. */
  readonly end_ms: number
  /** The recording time being shown; null while that cannot be said. */
  readonly position_ms: number | null
  /** It has the picture of its position and the next moment, and is not seeking. */
  readonly ready: boolean
  /** Nothing will be added to it any more: its end is no place to wait at. */
  readonly finished: boolean
  /** Broken for good: nobody waits for it. */
  readonly failed: boolean
  seek(mediaS: number): void
  /** Plays at `rate`; called again to change it. */
  play(rate: number): void
  pause(): void
}

/** What the control bar draws. */
export interface Playing {
  at_ms: number
  /** What the person asked for; the clock may wait nevertheless. */
  playing: boolean
  waiting: boolean
  /** It waits because the recording has not come further yet. */
  atEdge: boolean
  ended: boolean
  speed: number
}

/**
 * Somebody whose picture ends this far before the others' is gone rather than late, whatever the files say. Segments are up
 * to 4 s long, and a playlist is read again after as long.
 */
const GONE_MS = 10_000
/** So far before the end of a recording still being made the clock stops: players do odd things on the very edge. */
const EDGE_MS = 150
/** A paused picture within this of the clock shows the right frame. */
const FRAME_MS = 30
/** A step of the clock is at most this: a laptop that slept does not jump ahead. */
const STEP_MS = 1000

export class Conductor {
  readonly #followers = new Map<string, { follower: Follower; runs: boolean; factor: number }>()
  #at_ms = 0
  #playing = false
  #waiting = false
  #atEdge = false
  /** The last tick let the pictures run, so the time since then counts. */
  #moving = false
  #ended = false
  #speed = 1
  #ticked: number | null = null
  /** The recording goes on being made: its end is not the end. */
  #growing = false

  get now(): Playing {
    return {
      at_ms: this.#at_ms,
      playing: this.#playing,
      waiting: this.#waiting,
      atEdge: this.#atEdge,
      ended: this.#ended,
      speed: this.#speed,
    }
  }

  /** Up to where the clock may run: the end of the picture that ends first among those that are still coming in. */
  get end_ms(): number {
    const all = [...this.#followers.values()]
      .map((each) => each.follower)
      .filter((follower) => !follower.failed)
    const latest = Math.max(0, ...all.map((follower) => follower.end_ms))
    if (!this.#growing) return latest
    const coming = all.filter((follower) => !follower.finished && latest - follower.end_ms < GONE_MS)
    return Math.max(0, Math.min(latest, ...coming.map((follower) => follower.end_ms)) - EDGE_MS)
  }

  set growing(growing: boolean) {
    this.#growing = growing
  }

  add(key: string, follower: Follower): void {
    this.#followers.set(key, { follower, runs: false, factor: 1 })
  }

  remove(key: string): void {
    this.#followers.delete(key)
  }

  play(): void {
    if (this.#ended) this.seek(0)
    this.#playing = true
  }

  pause(): void {
    this.#playing = false
    this.#moving = false
    for (const each of this.#followers.values()) this.#rest(each)
  }

  setSpeed(speed: number): void {
    this.#speed = speed
    for (const each of this.#followers.values()) if (each.runs) each.follower.play(speed * each.factor)
  }

  /** Goes to a moment; all pictures go there too, also while paused. */
  seek(at_ms: number): void {
    this.#at_ms = Math.max(0, Math.min(at_ms, this.end_ms))
    this.#ended = false
    this.#moving = false
    for (const each of this.#followers.values()) {
      const place = each.follower.place(this.#at_ms)
      if (place?.is === 'inside') each.follower.seek(place.mediaS)
      this.#rest(each)
    }
  }

  /** Moves the clock to `now` (milliseconds of any steady clock) and sees to every picture. */
  tick(now: number): void {
    const passed = this.#ticked === null ? 0 : Math.min(STEP_MS, Math.max(0, now - this.#ticked))
    this.#ticked = now
    const all = [...this.#followers.values()].filter((each) => !each.follower.failed)
    if (this.#moving) {
      this.#at_ms = Math.min(this.#at_ms + passed * this.#speed, Math.max(this.#at_ms, this.end_ms))
    }
    if (!this.#growing && this.#playing && all.length > 0 && this.end_ms > 0 && this.#at_ms >= this.end_ms) {
      this.#ended = true
      this.pause()
      return
    }
    const here: { each: (typeof all)[number]; mediaS: number }[] = []
    let known = true
    for (const each of all) {
      const place = each.follower.place(this.#at_ms)
      if (place === null) known = false
      else if (place.is === 'inside') here.push({ each, mediaS: place.mediaS })
      else this.#rest(each)
    }
    for (const { each, mediaS } of here) if (!each.runs) this.#align(each.follower, mediaS)
    this.#atEdge = this.#growing && this.#at_ms >= this.end_ms
    this.#waiting = !known || this.#atEdge || here.some(({ each }) => !each.follower.ready)
    this.#moving = this.#playing && !this.#waiting
    if (this.#moving) this.#giveWay()
    for (const { each, mediaS } of here) {
      if (!this.#playing || this.#atEdge) this.#rest(each)
      else if (this.#waiting) this.#hold(each)
      else this.#follow(each, mediaS)
    }
  }

  /** Where all pictures are early or all late, the clock is wrong and not they: only differences need correcting. */
  #giveWay(): void {
    const drifts: number[] = []
    for (const { follower, runs } of this.#followers.values()) {
      const shown = runs ? follower.position_ms : null
      if (shown !== null) drifts.push(shown - this.#at_ms)
    }
    this.#at_ms = Math.max(0, this.#at_ms + commonDrift(drifts))
  }

  /** Brings a picture that stands still to the clock's frame. */
  #align(follower: Follower, mediaS: number): void {
    const shown = follower.position_ms
    if (shown === null || (follower.ready && Math.abs(shown - this.#at_ms) > FRAME_MS)) follower.seek(mediaS)
  }

  #follow(each: { follower: Follower; runs: boolean; factor: number }, mediaS: number): void {
    const shown = each.follower.position_ms
    if (shown === null) return
    const correction = correctionOf(shown - this.#at_ms, each.factor !== 1)
    if (correction.is === 'seek') {
      each.follower.seek(mediaS)
      return
    }
    if (each.runs && each.factor === correction.factor) return
    each.runs = true
    each.factor = correction.factor
    each.follower.play(this.#speed * each.factor)
  }

  /** Waiting for others: one that is itself not ready must go on loading, and a playing element does. */
  #hold(each: { follower: Follower; runs: boolean; factor: number }): void {
    if (each.follower.ready) this.#rest(each)
  }

  #rest(each: { follower: Follower; runs: boolean; factor: number }): void {
    if (!each.runs) return
    each.runs = false
    each.factor = 1
    each.follower.pause()
  }
}
