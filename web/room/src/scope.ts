/**
 * What a thing has acquired and must give back. Everything that opens a socket, a device, a timer or a listener
 * registers its release here in the line after it acquired it; closing releases in the opposite order, once.
 */
export class Scope {
  #releases: (() => void)[] = []
  #closed = false

  get closed(): boolean {
    return this.#closed
  }

  /** Registers a release; in a closed scope it runs at once, so that a late arrival does not stay open. */
  add(release: () => void): void {
    if (this.#closed) release()
    else this.#releases.push(release)
  }

  /** Listens on `target` until the scope closes. */
  listen(target: EventTarget | undefined | null, type: string, listener: (event: Event) => void): void {
    if (!target) return
    target.addEventListener(type, listener)
    this.add(() => target.removeEventListener(type, listener))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const releases = this.#releases.reverse()
    this.#releases = []
    let first: unknown
    let failed = false
    for (const release of releases) {
      // One broken release must not keep a camera light on.
      try {
        release()
      } catch (error) {
        if (!failed) first = error
        failed = true
      }
    }
    if (failed) throw first
  }
}
