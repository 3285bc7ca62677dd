import { causeOf, type DeviceCause } from './fault.ts'
import { Live, type Readable } from './live.ts'

/** Both null: nothing is shared. */
export interface Shared {
  track: MediaStreamTrack | null
  cause: DeviceCause | null
}

const NOTHING: Shared = { track: null, cause: null }

/** Whether this browser can share its screen; no phone can. */
export function canShareScreen(): boolean {
  return typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function'
}

/** The screen of this machine, shared while its owner wants it. */
export class Screen {
  readonly #shared = new Live<Shared>(NOTHING)
  #asked = 0

  get shared(): Readable<Shared> {
    return this.#shared
  }

  /** Lets the person choose what to share; must follow a click. Choosing nothing leaves the cause `denied`. */
  async start(): Promise<void> {
    this.stop()
    const asked = ++this.#asked
    try {
      // Reading small print needs sharp frames, not many of them.
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 15, max: 15 } },
      })
      const track = stream.getVideoTracks()[0]
      if (!track || this.#asked !== asked) {
        for (const each of stream.getTracks()) each.stop()
        return
      }
      track.contentHint = 'text'
      // The browser's own bar has a button that ends the sharing.
      track.onended = () => this.stop()
      this.#shared.set({ track, cause: null })
    } catch (error) {
      if (this.#asked === asked) this.#shared.set({ track: null, cause: causeOf(error) })
    }
  }

  stop(): void {
    this.#asked++
    const { track } = this.#shared.value
    if (track) {
      track.onended = null
      track.stop()
    }
    this.#shared.set(NOTHING)
  }
}
