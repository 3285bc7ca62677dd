// Old pages of a bank ask for recordings with a script tag: those of listed origins are answered, and no others.
import { startSite } from '../harness/site.ts'
import { expect, test } from './stage.ts'

const PROOF = { RequestId: '1', CompID: '1', SecretKey: 'a7febff6a21c36fb50150f88c95ef641' }

interface Answer {
  RspCode: string
  Data?: { fileNum: number; fileList: { fileName: string; downUrl: string }[] }
}

declare global {
  interface Window {
    answer?: Answer
  }
}

/** A page of somebody else, which asks as the document's example does. */
function page(base: string): string {
  const query = new URLSearchParams({ ...PROOF, FilePath: '/jsonp/', callback: 'told' })
  return `<!doctype html><meta charset="utf-8"><title>录像</title><script>function told(answer) { window.answer = answer }</script>
    <script src="${base}/CLOUDROOM-API/netDisk/query?${query}"></script>`
}

test('a page of a listed origin lists and fetches, one of another origin is refused', async ({
  house: { server },
  visitor,
}) => {
  const film = Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1')
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...PROOF, FileName: 'demo.mp4', DirPath: '/jsonp' }))
    form.append(name, value)
  form.append('file', new Blob([film]), 'demo.mp4')
  const sent = await fetch(`${server.base}/CLOUDROOM-API/netDisk/upload`, { method: 'POST', body: form })
  expect(((await sent.json()) as Answer).RspCode).toBe('0')

  const bank = await startSite(page(server.base))
  try {
    const listed = await visitor()
    await listed.goto(`${bank.base}/`)
    await expect.poll(() => listed.evaluate(() => window.answer?.RspCode)).toBe('0')
    const answer = await listed.evaluate(() => window.answer)
    expect(answer?.Data?.fileList.map((file) => file.fileName)).toEqual(['demo.mp4'])
    const link = answer?.Data?.fileList[0]?.downUrl ?? ''
    const fetched = await fetch(link, { headers: { range: 'bytes=0-7' } })
    expect([fetched.status, Buffer.from(await fetched.arrayBuffer())]).toEqual([206, film.subarray(0, 8)])
  } finally {
    bank.close()
  }

  const foreign = await visitor()
  await foreign.route('http://elsewhere.example/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: page(server.base) }),
  )
  await foreign.goto('http://elsewhere.example/')
  // Never what it asked for: refused by the server, or not even sent by the browser.
  await expect
    .poll(() => foreign.evaluate(() => window.answer?.RspCode ?? 'nothing'), { timeout: 5_000 })
    .toMatch(/^(1|nothing)$/)
  expect(await foreign.evaluate(() => window.answer?.Data)).toBeUndefined()
})
