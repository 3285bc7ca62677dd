import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket, settle } from './fakes/socket.ts'
import { Refused, Unreachable } from './replies.ts'
import { Signal } from './signal.ts'
import type { CustomerState, SeatState } from './words.ts'

let signal: Signal<CustomerState>

function customer(): Signal<CustomerState> {
  signal = new Signal<CustomerState>({
    url: 'ws://bank/api/v1/signal',
    hello: { as: 'customer', code: 'c0de', device: 'd1', takeover: false },
    open: (url) => new FakeSocket(url) as unknown as WebSocket,
  })
  return signal
}

async function greeted(): Promise<FakeSocket> {
  FakeSocket.last.accept()
  FakeSocket.last.reply('hello')
  await settle()
  return FakeSocket.last
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all = []
})

afterEach(() => {
  signal.close()
  vi.useRealTimers()
})

describe('saying hello', () => {
  it('sends hello as the first frame and is open when it was answered', async () => {
    customer()
    expect(signal.link.value.status).toBe('connecting')
    FakeSocket.last.accept()
    expect(FakeSocket.last.sent).toEqual([
      { type: 'hello', id: 1, as: 'customer', code: 'c0de', device: 'd1', takeover: false },
    ])
    FakeSocket.last.reply('hello')
    await settle()
    expect(signal.link.value.status).toBe('open')
  })

  it.each(['link_unknown', 'link_expired', 'link_used', 'in_use'] as const)(
    'is closed for good by %s, with the sentence of the server',
    async (code) => {
      customer()
      FakeSocket.last.accept()
      FakeSocket.last.reply('hello', { type: 'error', code, message: '请联系工作人员' })
      await settle()
      expect(signal.link.value).toMatchObject({ status: 'closed', why: code, message: '请联系工作人员' })
      await vi.advanceTimersByTimeAsync(60_000)
      expect(FakeSocket.all).toHaveLength(1)
    },
  )

  it('tries again when the server was only too busy', async () => {
    customer()
    FakeSocket.last.accept()
    FakeSocket.last.reply('hello', { type: 'error', code: 'busy', message: '请稍候' })
    await settle()
    expect(signal.link.value.status).toBe('reconnecting')
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('takes over once, and not again when it merely reconnects', async () => {
    customer()
    FakeSocket.last.accept()
    FakeSocket.last.reply('hello', { type: 'error', code: 'in_use', message: '' })
    await settle()
    signal.takeOver()
    FakeSocket.last.accept()
    expect(FakeSocket.last.frame('hello')).toMatchObject({ takeover: true })
    FakeSocket.last.reply('hello')
    await settle()
    FakeSocket.last.break()
    FakeSocket.last.accept()
    expect(FakeSocket.last.frame('hello')).toMatchObject({ takeover: false })
  })
})

describe('coming back', () => {
  it('reconnects at once, then after 1, 2, 4, 5 and 5 seconds', async () => {
    customer()
    await greeted()
    await vi.advanceTimersByTimeAsync(5_000)
    FakeSocket.last.break()
    expect(FakeSocket.all).toHaveLength(2)
    let count = 2
    for (const wait of [1_000, 2_000, 4_000, 5_000, 5_000]) {
      FakeSocket.last.break()
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(FakeSocket.all).toHaveLength(count)
      await vi.advanceTimersByTimeAsync(1)
      expect(FakeSocket.all).toHaveLength(++count)
    }
    expect(signal.link.value).toMatchObject({ status: 'reconnecting', attempt: 6 })
  })

  it('does not hammer a server that greets and then breaks off', async () => {
    customer()
    for (let round = 0; round < 5; round++) {
      if (FakeSocket.last.readyState === 0) await greeted()
      FakeSocket.last.break()
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(FakeSocket.all.length).toBeLessThan(5)
  })

  it('counts the seconds of an outage from its beginning', async () => {
    customer()
    await greeted()
    await vi.advanceTimersByTimeAsync(6_000)
    const lost_at = Date.now()
    FakeSocket.last.break()
    await vi.advanceTimersByTimeAsync(100)
    FakeSocket.last.break()
    expect(signal.link.value).toMatchObject({ status: 'reconnecting', since: lost_at })
  })

  it('keeps the last state on the screen while it reconnects', async () => {
    customer()
    const socket = await greeted()
    socket.say({ type: 'state', phase: 'waiting' })
    socket.break()
    expect(signal.state.value).toMatchObject({ phase: 'waiting' })
  })

  it('pings every 5 seconds and treats 15 seconds of silence as a loss', async () => {
    customer()
    const socket = await greeted()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(socket.frame('ping')).toBeDefined()
    socket.say({ type: 'pong' })
    await vi.advanceTimersByTimeAsync(14_000)
    expect(FakeSocket.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('finds a dead connection within two seconds when it is nudged, and spares a living one', async () => {
    customer()
    await greeted()
    await vi.advanceTimersByTimeAsync(4_000)
    signal.nudge()
    FakeSocket.last.say({ type: 'pong' })
    await vi.advanceTimersByTimeAsync(2_500)
    expect(FakeSocket.all).toHaveLength(1)
    signal.nudge()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(FakeSocket.all).toHaveLength(2)
  })

  it.each([
    [4001, 'link_unknown'],
    [4003, 'taken_over'],
    [4004, 'link_expired'],
    [1008, 'protocol'],
  ] as const)('stays closed after %i, as %s', async (code, why) => {
    customer()
    await greeted()
    FakeSocket.last.break(code)
    expect(signal.link.value).toMatchObject({ status: 'closed', why })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(FakeSocket.all).toHaveLength(1)
  })

  it('takes 4001 of a seat for a login that has ended', () => {
    const seat = new Signal<SeatState>({
      url: 'ws://bank',
      hello: { as: 'seat' },
      open: (url) => new FakeSocket(url) as unknown as WebSocket,
    })
    FakeSocket.last.accept()
    FakeSocket.last.break(4001)
    expect(seat.link.value).toMatchObject({ status: 'closed', why: 'not_logged_in' })
    seat.close()
    customer()
  })

  it('reconnects at once when the server restarts', async () => {
    customer()
    await greeted()
    await vi.advanceTimersByTimeAsync(10_000)
    FakeSocket.last.say({ type: 'pong' })
    FakeSocket.last.break(1012)
    expect(FakeSocket.all).toHaveLength(2)
  })
})

describe('asking', () => {
  it('gives the reply to the request that it answers', async () => {
    customer()
    const socket = await greeted()
    const offer = signal.request('offer', { sdp: 'v=0' })
    const consent = signal.request('consent', { recording: true, face: false })
    await settle()
    socket.reply('consent')
    socket.reply('offer', { type: 'answer', sdp: 'v=1' })
    await expect(consent).resolves.toMatchObject({ type: 'ok' })
    await expect(offer).resolves.toMatchObject({ type: 'answer', sdp: 'v=1' })
  })

  it('throws the refusal with its code, its sentence and the opening time', async () => {
    customer()
    const socket = await greeted()
    const asked = signal.request('enqueue', {})
    await settle()
    socket.reply('enqueue', {
      type: 'error',
      code: 'queue_closed',
      message: '请明天再来',
      opens_at: '2026-11-24T01:00:00Z',
    })
    const refusal = await asked.catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refused)
    expect(refusal).toMatchObject({
      code: 'queue_closed',
      message: '请明天再来',
      opens_at: '2026-11-24T01:00:00Z',
    })
  })

  it('waits for a connection that is being made again', async () => {
    customer()
    await greeted()
    FakeSocket.last.break()
    const asked = signal.request('leave_queue', {})
    const socket = await greeted()
    socket.reply('leave_queue')
    await expect(asked).resolves.toMatchObject({ type: 'ok' })
  })

  it('says that nobody answered when the connection breaks first, or the time is up', async () => {
    customer()
    const socket = await greeted()
    const first = signal.request('enqueue', {}).catch((error: unknown) => error)
    await settle()
    socket.break()
    expect(await first).toBeInstanceOf(Unreachable)
    await greeted()
    const second = signal.request('enqueue', {}, 3_000).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await second).toBeInstanceOf(Unreachable)
  })
})

describe('listening', () => {
  it('tells frames that come unasked, until the listener leaves', async () => {
    customer()
    const socket = await greeted()
    const heard: string[] = []
    const leave = signal.on('offer', (frame) => heard.push(frame.sdp))
    socket.say({ type: 'offer', sdp: 'a' })
    leave()
    socket.say({ type: 'offer', sdp: 'b' })
    expect(heard).toEqual(['a'])
  })

  it('survives frames that it does not know or cannot read', async () => {
    customer()
    const socket = await greeted()
    socket.say({ type: 'weather' })
    socket.onmessage?.({ data: '{' })
    socket.onmessage?.({ data: new ArrayBuffer(2) })
    socket.say({ type: 'state', phase: 'welcome' })
    expect(signal.state.value).toMatchObject({ phase: 'welcome' })
  })
})
