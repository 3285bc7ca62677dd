import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { FakeShelf, keptTake } from '../fakes/shelf.ts'
import { FakeUploads } from '../fakes/uploads.ts'
import { Sender, type Sending } from './sender.ts'

const CONTENT = Array.from({ length: 25 }, (_, n) => n)

async function sending(server: FakeUploads, change = {}) {
  const shelf = new FakeShelf()
  const take = keptTake(CONTENT.length, change)
  await shelf.put(take)
  shelf.bytes.set(take.id, CONTENT)
  const sender = new Sender({
    shelf,
    take,
    headers: () => ({ 'X-CSRF-Token': 'csrf' }),
    fetch: server.fetch,
    piece_bytes: 10,
    retry_after_ms: [0],
  })
  const seen: Sending[] = []
  sender.state.subscribe((state) => seen.push(state))
  await sender.finished
  return { sender, shelf, seen, upload: [...server.uploads.values()][0] }
}

it('announces a take with its sum, sends it in pieces, and lets go of it only then', async () => {
  const server = new FakeUploads()
  const { sender, shelf, seen, upload } = await sending(server)
  expect(upload?.bytes).toEqual(CONTENT)
  expect(upload?.metadata.get('sha256')).toBe(
    createHash('sha256').update(Uint8Array.from(CONTENT)).digest('hex'),
  )
  expect(upload?.metadata.get('videoType')).toBe('风控面谈')
  expect(upload?.metadata.has('reason'), 'what is empty is left out').toBe(false)
  const places = seen.map((state) => (state.status === 'sending' ? state.sent : -1)).filter((at) => at >= 0)
  expect([...new Set(places)]).toEqual([0, 10, 20, 25])
  expect(sender.state.value).toEqual({ status: 'done' })
  expect(await shelf.list()).toEqual([])
})

it('goes on where it stopped when the line breaks in the middle of a piece', async () => {
  const server = new FakeUploads()
  // The announcement, the question, and then a piece of which four bytes arrive.
  server.faults = ['ok', 'ok', { cut: 4 }, 'down', 'down']
  const { sender, upload } = await sending(server)
  expect(upload?.bytes).toEqual(CONTENT)
  expect(sender.state.value).toEqual({ status: 'done' })
  expect(server.asked.filter((asked) => asked.startsWith('POST'))).toHaveLength(1)
})

it('goes on with an upload of an earlier day without announcing it again', async () => {
  const server = new FakeUploads()
  const address = '/video/upload/7'
  server.uploads.set(address, { length: 25, bytes: CONTENT.slice(0, 13), metadata: new Map() })
  const { upload } = await sending(server, { upload: address, sha256: 'ab'.repeat(32) })
  expect(upload?.bytes).toEqual(CONTENT)
  expect(server.asked).toEqual([`HEAD ${address}`, `PATCH ${address}`, `PATCH ${address}`])
})

it('announces anew what the server has forgotten', async () => {
  const server = new FakeUploads()
  const { upload } = await sending(server, { upload: '/video/upload/gone' })
  expect(upload?.bytes).toEqual(CONTENT)
  expect(server.asked[0]).toBe('HEAD /video/upload/gone')
  expect(server.asked[1]).toBe('POST /video/upload')
})

it('waits while the server is full, busy or not well, and says no more than it knows', async () => {
  const server = new FakeUploads()
  server.faults = [{ status: 507 }, { status: 429 }, { status: 502 }, { status: 409 }]
  const { seen, upload } = await sending(server)
  expect(seen.filter(({ status }) => status === 'waiting').length).toBeGreaterThan(0)
  expect(upload?.bytes).toEqual(CONTENT)
})

it('keeps the bytes and tells why when the server does not take them', async () => {
  const server = new FakeUploads()
  server.faults = [{ status: 403, msg: '您没有此项权限' }]
  const { sender, shelf } = await sending(server)
  expect(sender.state.value).toEqual({ status: 'refused', message: '您没有此项权限' })
  expect((await shelf.list()).length).toBe(1)
})

it('sends a whole that came out wrong anew, but not for ever', async () => {
  const once = new FakeUploads()
  once.faults = ['ok', 'ok', { status: 460 }]
  expect((await sending(once)).sender.state.value).toEqual({ status: 'done' })
  const always = new FakeUploads()
  always.faults = [
    'ok',
    'ok',
    { status: 460 },
    'ok',
    { status: 460 },
    'ok',
    { status: 460, msg: '哈希不一致' },
  ]
  expect((await sending(always)).sender.state.value).toEqual({ status: 'refused', message: '哈希不一致' })
})

it('stops when its page goes', async () => {
  const server = new FakeUploads()
  const shelf = new FakeShelf()
  const take = keptTake(3)
  shelf.bytes.set(take.id, [1, 2, 3])
  server.faults = Array.from({ length: 1000 }, () => 'down' as const)
  const sender = new Sender({ shelf, take, headers: () => ({}), fetch: server.fetch, retry_after_ms: [5] })
  await new Promise((resolve) => setTimeout(resolve, 10))
  sender.close()
  await sender.finished
  expect(sender.state.value.status).toBe('waiting')
})
