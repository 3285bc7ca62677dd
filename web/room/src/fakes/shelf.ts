import type { KeptTake, Shelf } from '../kept/shelf.ts'

/** A shelf in memory, which fills up when it is told to. */
export class FakeShelf implements Shelf {
  readonly takes = new Map<string, KeptTake>()
  readonly bytes = new Map<string, number[]>()
  full = false

  async put(take: KeptTake): Promise<void> {
    this.takes.set(take.id, { ...take })
  }
  async find(id: string): Promise<KeptTake | null> {
    return this.takes.get(id) ?? null
  }
  async list(): Promise<KeptTake[]> {
    return [...this.takes.values()]
  }
  async append(take: KeptTake, piece: ArrayBuffer): Promise<KeptTake> {
    if (this.full) throw new DOMException('full', 'QuotaExceededError')
    const there = this.bytes.get(take.id) ?? []
    this.bytes.set(take.id, [...there, ...new Uint8Array(piece)])
    const grown = { ...take, bytes: take.bytes + piece.byteLength }
    await this.put(grown)
    return grown
  }
  async read(id: string, from: number, most: number): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from((this.bytes.get(id) ?? []).slice(from, from + most))
  }
  async remove(id: string): Promise<void> {
    this.takes.delete(id)
    this.bytes.delete(id)
  }
}

/** A take that is on the shelf already, whole. */
export function keptTake(bytes: number, change: Partial<KeptTake> = {}): KeptTake {
  return {
    id: '0190a5f28c1e7d3a9b4f2f6c1d0e8a77',
    business_no: 'A3239239',
    video_type: '风控面谈',
    reason: null,
    type: 'video/webm',
    started_at: '2026-11-23T12:00:00.000Z',
    duration_ms: 1_500,
    bytes,
    touched_at: 0,
    ended: true,
    sha256: null,
    upload: null,
    ...change,
  }
}
