/** A value that others may watch: the one way in which this package tells a page that something changed. */
export interface Readable<T> {
  readonly value: T
  /** Calls `listener` now and after every change, until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void
}

export class Live<T> implements Readable<T> {
  #value: T
  readonly #listeners = new Set<(value: T) => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  /** Sets and tells, unless the value is the very same. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    // A listener may unsubscribe itself or another one while it is being told.
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) listener(value)
  }

  subscribe(listener: (value: T) => void): () => void {
    // Two subscribers may pass the same function; each keeps its own end.
    const own = (value: T) => listener(value)
    this.#listeners.add(own)
    own(this.#value)
    return () => void this.#listeners.delete(own)
  }
}
