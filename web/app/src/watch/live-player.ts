import Hls from 'hls.js'

/** How far behind the newest segment a player stays, in seconds: two segments and some. */
const BEHIND_S = 4.5
/** More than that and it jumps forward. */
const TOO_FAR_S = 9

/** Whether this browser can play what is shown live. */
export function canPlayLive(): boolean {
  return (
    Hls.isSupported() || document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''
  )
}

/** Plays a live playlist in an element until it is closed, and begins again by itself after an error. */
export class LivePlayer {
  readonly #video: HTMLVideoElement
  readonly #address: string
  #hls: Hls | null = null
  #again: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(video: HTMLVideoElement, address: string) {
    this.#video = video
    this.#address = address
    this.#start()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#again)
    this.#hls?.destroy()
    this.#hls = null
    this.#video.removeAttribute('src')
    this.#video.load()
  }

  #start(): void {
    if (this.#closed) return
    if (!Hls.isSupported()) {
      this.#video.src = this.#address
      void this.#video.play().catch(() => {})
      return
    }
    const hls = new Hls({
      liveSyncDuration: BEHIND_S,
      liveMaxLatencyDuration: TOO_FAR_S,
      backBufferLength: 10,
      // The worker would need a script of another origin in the content security policy.
      enableWorker: false,
    })
    this.#hls = hls
    hls.on(Hls.Events.MANIFEST_PARSED, () => void this.#video.play().catch(() => {}))
    hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
      if (!fatal || this.#closed) return
      hls.destroy()
      this.#again = setTimeout(() => this.#start(), 1_000)
    })
    hls.loadSource(this.#address)
    hls.attachMedia(this.#video)
  }
}
