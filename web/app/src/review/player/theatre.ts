// A recording on stage: its tracks, their players, and the clock that drives them, as the page's components see them.

import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch, type Ref } from 'vue'
import type { Recording } from '@/api/recordings'
import { Conductor, type Playing } from './conductor'
import { figuresOf, lengthOf, tracksOf, type Track } from './timeline'
import { pathOf } from './placing'
import { TrackPlayer } from './track-player'

/** The clock is looked at this often; a picture's drift is noticed within it. */
const TICK_MS = 50

export type Theatre = ReturnType<typeof useTheatre>

/**
 * Players for `recording`, until the component goes. The recording may be replaced by a newer view of the same one;
 * `renew` fetches such a view when a signed link has run out.
 */
export function useTheatre(recording: Ref<Recording>, renew: () => Promise<Recording | null>) {
  const conductor = new Conductor()
  const players = new Map<string, TrackPlayer>()
  const playing = shallowRef<Playing>(conductor.now)
  /** What the players have found beyond the files that the row knew of. */
  const played_ms = ref(0)
  const failed = shallowReactive(new Set<string>())

  const tracks = computed(() => tracksOf(recording.value))
  const figures = computed(() => figuresOf(tracks.value))
  const growing = computed(() => recording.value.state === 'recording')
  const origin = Date.parse(recording.value.started_at)
  const length_ms = computed(() => Math.max(lengthOf(recording.value), played_ms.value))

  const zeros = computed(() => new Map(recording.value.files.map((file) => [pathOf(file.url), file.from_ms])))
  watch(tracks, (now) => {
    for (const track of now) {
      const player = players.get(track.key)
      if (player) player.finished = track.finished
    }
  })
  watch(growing, (value) => (conductor.growing = value), { immediate: true })

  const timer = setInterval(() => {
    conductor.tick(performance.now())
    playing.value = conductor.now
    played_ms.value = Math.max(played_ms.value, conductor.end_ms)
  }, TICK_MS)

  onScopeDispose(() => {
    clearInterval(timer)
    for (const player of players.values()) player.close()
    players.clear()
  })

  async function freshPlaylist(key: string): Promise<string | null> {
    const fresh = await renew()
    return (fresh && tracksOf(fresh).find((track) => track.key === key)?.playlistUrl) ?? null
  }

  return {
    playing,
    figures,
    growing,
    length_ms,
    failed,
    /** Wall clock of the recording's start, epoch milliseconds. */
    origin,
    /** Gives a track its picture; called by the component that has the element. */
    open(track: Track, media: HTMLMediaElement): void {
      const player = new TrackPlayer({
        media,
        playlistUrl: track.playlistUrl,
        origin,
        zeroOf: (path) => zeros.value.get(path),
        renew: () => freshPlaylist(track.key),
        onFailed: () => failed.add(track.key),
      })
      player.finished = track.finished
      players.set(track.key, player)
      conductor.add(track.key, player)
    },
    close(track: Track): void {
      conductor.remove(track.key)
      players.get(track.key)?.close()
      players.delete(track.key)
    },
    toggle(): void {
      if (conductor.now.playing) conductor.pause()
      else conductor.play()
      playing.value = conductor.now
    },
    seek(at_ms: number): void {
      conductor.seek(at_ms)
      playing.value = conductor.now
    },
    setSpeed(speed: number): void {
      conductor.setSpeed(speed)
      playing.value = conductor.now
    },
    /** To the newest that can be shown of a recording still being made. */
    toEdge(): void {
      conductor.seek(conductor.end_ms - EDGE_MS)
      conductor.play()
      playing.value = conductor.now
    },
  }
}

/** So far behind the newest segment the player has something to play while the next one is on its way. */
const EDGE_MS = 3000
