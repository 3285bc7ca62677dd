// A call is heard and seen also by a seat who looks elsewhere: a soft tone made here, and the title of the tab.

/** Two notes, a fourth apart, as a doorbell in the next room. Frequencies in Hz. */
const NOTES = [659.25, 880]
const EVERY_MS = 2400
const NOTE_S = 0.9
const LOUDNESS = 0.16
const FLASH_MS = 1000

export class Ringer {
  #context: AudioContext | null = null
  #tone: ReturnType<typeof setInterval> | undefined
  #flash: ReturnType<typeof setInterval> | undefined
  #title = ''

  /** To be called from a click: browsers keep pages silent that nobody has touched. */
  arm(): void {
    const Context =
      window.AudioContext ?? (window as { webkitAudioContext?: typeof AudioContext }).webkitAudioContext
    if (!Context) return
    this.#context = this.#context ?? new Context()
    void this.#context.resume().catch(() => undefined)
  }

  /** Rings, with `title` alternating in the tab, until `stop`. */
  start(title: string): void {
    this.stop()
    this.#title = document.title
    this.arm()
    this.#play()
    this.#tone = setInterval(() => this.#play(), EVERY_MS)
    document.title = title
    this.#flash = setInterval(() => {
      document.title = document.title === title ? this.#title : title
    }, FLASH_MS)
  }

  stop(): void {
    clearInterval(this.#tone)
    if (this.#flash === undefined) return
    clearInterval(this.#flash)
    this.#flash = undefined
    document.title = this.#title
  }

  close(): void {
    this.stop()
    void this.#context?.close().catch(() => undefined)
    this.#context = null
  }

  #play(): void {
    const context = this.#context
    if (context?.state !== 'running') return
    NOTES.forEach((frequency, index) => {
      const at = context.currentTime + index * 0.35
      const tone = context.createOscillator()
      const volume = context.createGain()
      tone.type = 'sine'
      tone.frequency.value = frequency
      // Soft at both ends: a tone that starts at full volume clicks.
      volume.gain.setValueAtTime(0.0001, at)
      volume.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.05)
      volume.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_S)
      tone.connect(volume).connect(context.destination)
      tone.start(at)
      tone.stop(at + NOTE_S)
    })
  }
}
