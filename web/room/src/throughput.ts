/** How many kbit/s came in, or went out, within the time given; null when the server could not be asked. */
export type Throughput = number | null

export interface ThroughputOptions {
  /** Address of the probe, docs/protocol.md. */
  url: string
  bytes: number
  /** Measures what has passed by then and breaks off. */
  within_ms: number
}

/** Fetches from the probe and counts as it comes, so that a slow network gives a figure too, only a rougher one. */
export async function download(options: ThroughputOptions): Promise<Throughput> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), options.within_ms)
  let bytes = 0
  let first_at = 0
  let last_at = 0
  try {
    const response = await fetch(`${options.url}?bytes=${options.bytes}`, {
      cache: 'no-store',
      signal: abort.signal,
    })
    if (!response.ok || !response.body) return null
    const reader = response.body.getReader()
    // The wait for the answer is the round trip's, not the throughput's.
    first_at = performance.now()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength
      last_at = performance.now()
    }
  } catch {
    if (bytes === 0) return null
  } finally {
    clearTimeout(timer)
  }
  return kbps(bytes, last_at - first_at)
}

/** Sends to the probe and counts what the browser reports as gone out. */
export function upload(options: ThroughputOptions): Promise<Throughput> {
  return new Promise((resolve) => {
    // fetch() tells nothing while it sends.
    const request = new XMLHttpRequest()
    const started_at = performance.now()
    let bytes = 0
    let at = started_at
    const done = (ok: boolean) => {
      clearTimeout(timer)
      resolve(ok && bytes > 0 ? kbps(bytes, at - started_at) : null)
    }
    const timer = setTimeout(() => {
      request.abort()
      done(true)
    }, options.within_ms)
    request.upload.onprogress = (event) => {
      bytes = event.loaded
      at = performance.now()
    }
    request.onload = () => {
      // What lay in the system's buffers has arrived only now.
      bytes = options.bytes
      at = performance.now()
      done(request.status >= 200 && request.status < 300)
    }
    request.onerror = () => done(false)
    request.open('POST', options.url)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.send(new Uint8Array(options.bytes))
  })
}

function kbps(bytes: number, ms: number): number {
  return Math.round((bytes * 8) / Math.max(ms, 1))
}
