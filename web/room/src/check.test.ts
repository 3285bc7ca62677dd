import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NetworkCheck, readTrip } from './check.ts'
import { Devices } from './devices.ts'
import { FakeConnection } from './fakes/connection.ts'
import { FakeMachine } from './fakes/media.ts'
import { FakeSocket, settle } from './fakes/socket.ts'
import { Signal } from './signal.ts'
import type { CustomerState } from './words.ts'

describe('the network check', () => {
  let signal: Signal<CustomerState>
  let devices: Devices
  let check: NetworkCheck

  async function pass(ms = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms)
    await settle()
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    new FakeMachine().install()
    FakeConnection.install()
    FakeSocket.all = []
    signal = new Signal<CustomerState>({
      url: 'ws://bank',
      hello: { as: 'customer', code: 'c', device: 'd', takeover: false },
      open: (url) => new FakeSocket(url) as unknown as WebSocket,
    })
    FakeSocket.last.accept()
    FakeSocket.last.reply('hello')
    await settle()
    devices = new Devices()
    await devices.open()
    vi.stubGlobal('fetch', async () => new Response(new Uint8Array(1_000_000)))
    vi.stubGlobal('XMLHttpRequest', FakeUpload)
    check = new NetworkCheck({ signal, devices })
    await pass()
  })

  afterEach(() => {
    check.close()
    devices.close()
    signal.close()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  /** Takes a post and says at once that all of it has arrived. */
  class FakeUpload {
    upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null }
    status = 204
    onload: (() => void) | null = null
    open() {}
    setRequestHeader() {}
    abort() {}
    send(body: Uint8Array) {
      this.upload.onprogress?.({ loaded: body.byteLength })
      this.onload?.()
    }
  }

  it('sends real media, measures, gives the connection back and tells what it found', async () => {
    FakeSocket.last.reply('check_offer', { type: 'check_answer', sdp: 'answer' })
    await pass()
    FakeConnection.last.become('connected')
    await pass(5_000)
    expect(check.finding.value).toMatchObject({ status: 'done', grade: 'good' })
    expect(FakeConnection.last.connectionState).toBe('closed')
    expect(devices.camera.value.track?.readyState).toBe('live')
  })

  it('calls the network blocked when the media does not get through, well within 10 seconds', async () => {
    FakeSocket.last.reply('check_offer', { type: 'check_answer', sdp: 'answer' })
    await pass(4_500)
    expect(check.finding.value).toEqual({ status: 'blocked' })
  })

  it('passes on the sentence of a server that refuses', async () => {
    FakeSocket.last.reply('check_offer', { type: 'error', code: 'no_h264', message: '请换用 Chrome 浏览器' })
    await pass()
    expect(check.finding.value).toEqual({
      status: 'refused',
      code: 'no_h264',
      message: '请换用 Chrome 浏览器',
    })
  })

  it('says nothing more once it was closed', async () => {
    FakeSocket.last.reply('check_offer', { type: 'check_answer', sdp: 'answer' })
    await pass()
    check.close()
    await pass(6_000)
    expect(check.finding.value).toEqual({ status: 'running' })
    expect(FakeConnection.last.connectionState).toBe('closed')
  })
})

describe('reading the statistics', () => {
  it('takes the round trip of the pair in use and the worst loss reported', () => {
    const stats: [string, unknown][] = [
      ['p1', { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 0.9 }],
      ['p2', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.031 }],
      ['r1', { type: 'remote-inbound-rtp', roundTripTime: 0.2, fractionLost: 0.01 }],
      ['r2', { type: 'remote-inbound-rtp', roundTripTime: 0.2, fractionLost: 0.04 }],
    ]
    expect(readTrip(stats)).toEqual({ round_trip_ms: 31, loss: 0.04 })
  })

  it('falls back to the round trip of the reports', () => {
    const stats: [string, unknown][] = [['r1', { type: 'remote-inbound-rtp', roundTripTime: 0.2 }]]
    expect(readTrip(stats)).toEqual({ round_trip_ms: 200, loss: null })
  })

  it('says that it does not know when nothing was reported', () => {
    expect(readTrip([])).toEqual({ round_trip_ms: null, loss: null })
  })
})
