import { Live, type Readable } from './live.ts'
import { Scope } from './scope.ts'

/**
 * Shows a stream in a `<video>` with its sound. A browser may refuse sound before the first tap; then `blocked` is
 * true until `resume` was called from a tap.
 */
export class Playing {
  readonly #blocked = new Live(false)
  readonly #scope = new Scope()
  readonly #video: HTMLVideoElement

  constructor(video: HTMLVideoElement, stream: MediaStream) {
    this.#video = video
    video.srcObject = stream
    this.#scope.add(() => {
      video.srcObject = null
    })
    // A player stops when a phone call or the lock screen comes between; it goes on when the page is back.
    this.#scope.listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.resume()
    })
    void this.resume()
  }

  get blocked(): Readable<boolean> {
    return this.#blocked
  }

  /** Plays on: after a tap where it was blocked, and after the tracks of the stream were exchanged. */
  async resume(): Promise<void> {
    try {
      await this.#video.play()
      this.#blocked.set(false)
    } catch (error) {
      // Only a refusal needs the person; a `play` that a newer one has overtaken (AbortError) does not.
      if (!this.#scope.closed && (error as { name?: string }).name === 'NotAllowedError')
        this.#blocked.set(true)
    }
  }

  close(): void {
    this.#scope.close()
  }
}
