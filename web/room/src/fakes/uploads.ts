/** Stands in for the server's `/video/upload`: tus 1.0 as far as a sender needs it, with faults to order. */
export class FakeUploads {
  uploads = new Map<string, { length: number; bytes: number[]; metadata: Map<string, string> }>()
  /** Requests that are to fail: `down` breaks before it arrives, `cut` after so many bytes, a number is a status. */
  faults: ('down' | 'ok' | { cut: number } | { status: number; msg?: string })[] = []
  asked: string[] = []
  /** What the whole must hash to is not looked at here, but whoever announces must say it. */
  fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const address = String(input)
    const method = init.method ?? 'GET'
    const headers = new Headers(init.headers)
    this.asked.push(`${method} ${address}`)
    const fault = this.faults.shift() ?? 'ok'
    if (fault === 'down') throw new TypeError('Failed to fetch')
    if (typeof fault === 'object' && 'status' in fault)
      return Response.json({ code: '1', msg: fault.msg ?? '' }, { status: fault.status })
    if (method === 'POST') return this.#create(headers)
    const upload = this.uploads.get(address)
    if (!upload) return Response.json({ code: '1', msg: '没有找到' }, { status: 404 })
    if (method === 'PATCH') {
      if (Number(headers.get('Upload-Offset')) !== upload.bytes.length)
        return new Response(null, { status: 409 })
      const body = [...new Uint8Array(await new Response(init.body).arrayBuffer())]
      if (typeof fault === 'object' && 'cut' in fault) {
        upload.bytes.push(...body.slice(0, fault.cut))
        throw new TypeError('Failed to fetch')
      }
      upload.bytes.push(...body)
    }
    return new Response(null, {
      status: method === 'HEAD' ? 200 : 204,
      headers: { 'Upload-Offset': String(upload.bytes.length) },
    })
  }

  #create(headers: Headers): Response {
    const pairs = (headers.get('Upload-Metadata') ?? '').split(',').map((pair) => pair.split(' '))
    const metadata = new Map(
      pairs.map(([name = '', value = '']) => [name, Buffer.from(value, 'base64').toString('utf8')]),
    )
    // Announced twice, it is the same one.
    const address = `/video/upload/${metadata.get('localId')}`
    if (!this.uploads.has(address))
      this.uploads.set(address, { length: Number(headers.get('Upload-Length')), bytes: [], metadata })
    return new Response(null, { status: 201, headers: { Location: address } })
  }
}
