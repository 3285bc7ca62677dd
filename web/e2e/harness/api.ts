// The native API as a business system uses it.
import { writeFile } from 'node:fs/promises'

export interface Interview {
  id: string
  state: 'waiting' | 'ringing' | 'in_call' | 'ended' | 'abandoned'
  verdict: 'pass' | 'refuse' | 'supplement' | null
  reason: string | null
  recording_id: string | null
  wait_ms: number | null
  connected_at: string | null
  ended_at: string | null
}

interface AnyFile {
  from_ms: number
  duration_ms: number
  url: string
  size_bytes: number
  sha256: string | null
}

export interface TrackFile extends AnyFile {
  kind: 'track'
  participant: { id: string; name: string; role: string }
  source: string
}

export interface ComposedFile extends AnyFile {
  kind: 'composed'
}

interface Listed extends Omit<Recording, 'files' | 'composed'> {
  files: (TrackFile | ComposedFile)[]
}

export interface Recording {
  id: string
  interview_id: string
  state: 'recording' | 'stopped' | 'failed'
  started_at: string
  stopped_at: string | null
  duration_ms: number
  playlist_url: string
  gaps: { participant: string; source: string; from_ms: number; to_ms: number; reason: string }[]
  /** The files of people. */
  files: TrackFile[]
  /** The one film with everybody in it, once it is whole. */
  composed: ComposedFile | null
  marks: { at_ms: number; kind: string; text: string }[]
  verdict: string | null
}

export interface Placed {
  business_no: string
  name: string
}

export class Api {
  readonly #base: string
  readonly #key: string

  constructor(base: string, key = 'mk_demo_DEMOBK') {
    this.#base = base
    this.#key = key
  }

  /** Places an order for an invented customer. */
  async order(business_no: string, name: string, queue_id = '1001'): Promise<Placed> {
    // The district 999999 does not exist and the mobile's range is not given out.
    const customer = { name, id_type: 'id_card', id_no: '999999195801020011', mobile: '10000000009' }
    const details = [
      { label: '贷款金额', value: '50 万元' },
      { label: '贷款期限', value: '36 个月' },
    ]
    await this.#ask('POST', '/api/v1/orders', {
      business_no,
      customer,
      product_name: '华楼通',
      queue_id,
      details,
    })
    return { business_no, name }
  }

  /** The address of the customer's page. */
  async invite(
    business_no: string,
    wish: { expires_in_s?: number; return_url?: string } = {},
  ): Promise<string> {
    const { url } = (await this.#ask('POST', `/api/v1/orders/${business_no}/invitations`, wish)) as {
      url: string
    }
    return url
  }

  /** The newest interview of an order. Throws when there is none. */
  async interview(business_no: string): Promise<Interview> {
    return this.#first<Interview>('interviews', business_no)
  }

  /** The newest recording of an order. Throws when there is none. */
  async recording(business_no: string): Promise<Recording> {
    const [newest] = await this.recordings(business_no)
    if (!newest) throw new Error(`order ${business_no} has no recordings`)
    return newest
  }

  /** The newest recording of an order once it is stopped and every file has its checksum. Throws after `patience_ms`. */
  async finished(business_no: string, patience_ms: number): Promise<Recording> {
    for (const end = Date.now() + patience_ms; ;) {
      const recording = await this.recording(business_no)
      if (recording.state === 'stopped' && recording.files.every(({ sha256 }) => sha256 !== null))
        return recording
      if (Date.now() > end)
        throw new Error(`after ${patience_ms} ms the recording is still ${recording.state}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** The recording of an order with its film. Throws after `patience_ms`. */
  async composed(business_no: string, patience_ms: number): Promise<ComposedFile> {
    for (const end = Date.now() + patience_ms; ;) {
      const { composed } = await this.recording(business_no)
      if (composed) return composed
      if (Date.now() > end) throw new Error(`after ${patience_ms} ms there is no film`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async recordings(business_no: string): Promise<Recording[]> {
    const { items } = (await this.#ask('GET', `/api/v1/recordings?business_no=${business_no}`)) as {
      items: Listed[]
    }
    return items.map(({ files, ...recording }) => ({
      ...recording,
      files: files.filter((file) => file.kind === 'track'),
      composed: files.find((file) => file.kind === 'composed') ?? null,
    }))
  }

  /** Fetches what a signed link names into a file; the link needs no key. */
  async download(url: string, file: string): Promise<Buffer> {
    const response = await fetch(new URL(url, this.#base))
    if (!response.ok) throw new Error(`a download was answered ${response.status}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    await writeFile(file, bytes)
    return bytes
  }

  async #first<T>(what: string, business_no: string): Promise<T> {
    const { items } = (await this.#ask('GET', `/api/v1/${what}?business_no=${business_no}`)) as { items: T[] }
    const [newest] = items
    if (!newest) throw new Error(`order ${business_no} has no ${what}`)
    return newest
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, this.#base), {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
}
