/**
 * Where takes wait that this browser recorded while the server was out of reach. Each piece is on disk before the next
 * one comes, so that a tab that dies loses no more than the last second.
 */

/** A take that this browser keeps. Bytes and times grow while it is being recorded. */
export interface KeptTake {
  /** 32 hex digits: the browser's own name for it, which the server knows it by. */
  id: string
  business_no: string
  video_type: string
  /** Why the type was recorded again; null for the first time. */
  reason: string | null
  /** MIME type without its codecs: `video/mp4` or `video/webm`. */
  type: string
  /** RFC 3339. */
  started_at: string
  duration_ms: number
  bytes: number
  /** Epoch milliseconds of the last piece: whoever records says every second that the recording lives. */
  touched_at: number
  /** Whether its recording has ended as it should. */
  ended: boolean
  /** SHA-256 in hex, once it was computed. */
  sha256: string | null
  /** Address of the upload, once it was announced. */
  upload: string | null
}

export interface Shelf {
  put(take: KeptTake): Promise<void>
  find(id: string): Promise<KeptTake | null>
  /** Every take, the oldest first. */
  list(): Promise<KeptTake[]>
  /** Appends a piece and notes the new length, both or neither; on disk when it resolves. */
  append(take: KeptTake, piece: ArrayBuffer): Promise<KeptTake>
  /** Bytes from `from` on, at most `most`; empty at the end. */
  read(id: string, from: number, most: number): Promise<Uint8Array<ArrayBuffer>>
  /** Forgets a take and its bytes. */
  remove(id: string): Promise<void>
}

/** A recording that has said nothing for so long is not going on: its tab is gone. */
const SILENT_MS = 15_000

/** Whether a take can be sent: it has ended, or whoever recorded it is gone. */
export function isFinished(take: KeptTake, now = Date.now()): boolean {
  return take.ended || now - take.touched_at > SILENT_MS
}

const TAKES = 'takes'
const PIECES = 'pieces'

/** A piece by the place of its first byte, so that any place is found without an index. */
interface Piece {
  take: string
  from: number
  bytes: ArrayBuffer
}

/** The shelf in IndexedDB: the one store that every browser of ours has and that a page may fill with gigabytes. */
export class IndexedShelf implements Shelf {
  readonly #db: Promise<IDBDatabase>

  constructor(factory: IDBFactory = indexedDB, name = 'mingjian-takes') {
    this.#db = open(factory, name)
  }

  async put(take: KeptTake): Promise<void> {
    await this.#write((takes) => void takes.put(take))
  }

  async find(id: string): Promise<KeptTake | null> {
    const tx = (await this.#db).transaction(TAKES)
    return ((await answer(tx.objectStore(TAKES).get(id))) as KeptTake | undefined) ?? null
  }

  async list(): Promise<KeptTake[]> {
    const tx = (await this.#db).transaction(TAKES)
    const takes = (await answer(tx.objectStore(TAKES).getAll())) as KeptTake[]
    return takes.sort((a, b) => a.started_at.localeCompare(b.started_at))
  }

  async append(take: KeptTake, piece: ArrayBuffer): Promise<KeptTake> {
    const grown = { ...take, bytes: take.bytes + piece.byteLength }
    await this.#write((takes, pieces) => {
      pieces.add({ take: take.id, from: take.bytes, bytes: piece } satisfies Piece)
      takes.put(grown)
    })
    return grown
  }

  async read(id: string, from: number, most: number): Promise<Uint8Array<ArrayBuffer>> {
    const tx = (await this.#db).transaction(PIECES)
    const store = tx.objectStore(PIECES)
    const found: Uint8Array<ArrayBuffer>[] = []
    let missing = most
    // The piece that holds the first byte begins at or before it.
    const first = await answer(store.openCursor(IDBKeyRange.bound([id, 0], [id, from]), 'prev'))
    if (!first) return new Uint8Array(0)
    const { from: start, bytes } = first.value as Piece
    take(new Uint8Array(bytes).subarray(from - start))
    for (let at = start + bytes.byteLength; missing > 0;) {
      const next = (await answer(store.get([id, at]))) as Piece | undefined
      if (!next) break
      take(new Uint8Array(next.bytes))
      at += next.bytes.byteLength
    }
    return joined(found)

    function take(part: Uint8Array<ArrayBuffer>) {
      const cut = part.subarray(0, missing)
      found.push(cut)
      missing -= cut.length
    }
  }

  async remove(id: string): Promise<void> {
    await this.#write((takes, pieces) => {
      takes.delete(id)
      pieces.delete(IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]))
    })
  }

  async #write(change: (takes: IDBObjectStore, pieces: IDBObjectStore) => void): Promise<void> {
    const db = await this.#db
    // `strict`: not only handed to the system, but on disk.
    const tx = db.transaction([TAKES, PIECES], 'readwrite', { durability: 'strict' })
    const done = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve()
      tx.onabort = () => reject(tx.error ?? new DOMException('the transaction was aborted', 'AbortError'))
    })
    change(tx.objectStore(TAKES), tx.objectStore(PIECES))
    await done
  }
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(TAKES, { keyPath: 'id' })
    request.result.createObjectStore(PIECES, { keyPath: ['take', 'from'] })
  }
  return answer(request)
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('the request failed', 'UnknownError'))
  })
}

function joined(parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
