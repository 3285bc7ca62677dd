// Videos that were recorded and not sent, kept on this device by name until somebody sends them.

const STORE = 'videos'

export interface Unsent {
  keep(name: string, video: Blob): Promise<void>
  find(name: string): Promise<Blob | null>
  names(): Promise<string[]>
  remove(name: string): Promise<void>
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the device keeps nothing'))
  })
}

/** In the browser's own database, which survives the page. */
export class UnsentOnDevice implements Unsent {
  async #store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    const opening = indexedDB.open('mingjian-unsent', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    const db = await settled(opening)
    return db.transaction(STORE, mode).objectStore(STORE)
  }

  async keep(name: string, video: Blob): Promise<void> {
    await settled((await this.#store('readwrite')).put(video, name))
  }

  async find(name: string): Promise<Blob | null> {
    return ((await settled((await this.#store('readonly')).get(name))) as Blob | undefined) ?? null
  }

  async names(): Promise<string[]> {
    return (await settled((await this.#store('readonly')).getAllKeys())).map(String)
  }

  async remove(name: string): Promise<void> {
    await settled((await this.#store('readwrite')).delete(name))
  }
}
