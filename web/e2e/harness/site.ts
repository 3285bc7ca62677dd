// Somebody else's site: the bank's own pages, from which ours are opened and to which they lead back.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  base: string
  close(): void
}

/** An origin of its own on this machine that answers every path with one page. */
export async function startSite(html: string): Promise<Site> {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html; charset=utf-8').end(html),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // One that a failed test forgot keeps nobody up.
  server.unref()
  const { port } = server.address() as AddressInfo
  return { base: `http://127.0.0.1:${port}`, close: () => server.close() }
}
