import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Call } from './call.ts'
import { Devices } from './devices.ts'
import { FakeConnection, offerFrom } from './fakes/connection.ts'
import { FakeMachine, type FakeTrack } from './fakes/media.ts'
import { FakeSocket, settle } from './fakes/socket.ts'
import { Signal } from './signal.ts'
import type { CustomerState } from './words.ts'

let machine: FakeMachine
let signal: Signal<CustomerState>
let devices: Devices
let call: Call

async function pass(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  await settle()
}

async function greeted(): Promise<void> {
  FakeSocket.last.accept()
  FakeSocket.last.reply('hello')
  await settle()
}

/** A call whose first offer was answered and whose connection stands. */
async function inCall(): Promise<FakeConnection> {
  call = new Call({ signal, devices })
  await pass()
  FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
  await pass()
  FakeConnection.last.become('connected')
  return FakeConnection.last
}

function offersSent(): number {
  return FakeSocket.all.flatMap((socket) => socket.sent).filter((frame) => frame.type === 'offer').length
}

beforeEach(async () => {
  vi.useFakeTimers()
  machine = new FakeMachine()
  machine.install()
  FakeConnection.install()
  FakeSocket.all = []
  signal = new Signal<CustomerState>({
    url: 'ws://bank',
    hello: { as: 'customer', code: 'c', device: 'd', takeover: false },
    open: (url) => new FakeSocket(url) as unknown as WebSocket,
  })
  await greeted()
  devices = new Devices()
  await devices.open()
})

afterEach(() => {
  call.close()
  devices.close()
  signal.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('connecting', () => {
  it('offers microphone, camera and an empty screen line, in this order', async () => {
    const pc = await inCall()
    expect(FakeSocket.last.frame('offer')).toMatchObject({ sdp: 'offer of audio video video' })
    expect(pc.lines.map((line) => line.sender.track?.kind ?? null)).toEqual(['audio', 'video', null])
    expect(pc.lines.every((line) => line.direction === 'sendonly')).toBe(true)
    expect(call.link.value.status).toBe('connected')
  })

  it('asks the encoder to keep the picture size', async () => {
    const pc = await inCall()
    expect(pc.lines[1]?.sender.parameters.degradationPreference).toBe('maintain-resolution')
  })

  it('stops and shows the sentence when the browser has no H.264', async () => {
    call = new Call({ signal, devices })
    await pass()
    FakeSocket.last.reply('offer', { type: 'error', code: 'no_h264', message: '请换用 Chrome 浏览器' })
    await pass(30_000)
    expect(call.link.value).toMatchObject({
      status: 'failed',
      code: 'no_h264',
      message: '请换用 Chrome 浏览器',
    })
    expect(offersSent()).toBe(1)
  })

  it('tries again while the call is not there yet', async () => {
    call = new Call({ signal, devices })
    await pass()
    FakeSocket.last.reply('offer', { type: 'error', code: 'not_in_call', message: '' })
    await pass(10)
    expect(offersSent()).toBe(2)
  })

  it('tries again when nothing connects within 8 seconds', async () => {
    call = new Call({ signal, devices })
    await pass()
    FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
    await pass(8_100)
    expect(offersSent()).toBe(2)
  })
})

describe('a limit', () => {
  const bitrates = (pc: FakeConnection) =>
    pc.lines.slice(1, 3).map((line) => {
      const [encoding] = line.sender.parameters.encodings as { maxBitrate?: number }[]
      return encoding?.maxBitrate
    })

  it('makes the pictures smaller, is lifted, and keeps the picture size', async () => {
    const pc = await inCall()
    FakeSocket.last.say({ type: 'limit', video_kbps: 300 })
    await pass()
    expect(bitrates(pc)).toEqual([300_000, 180_000])
    expect(pc.lines[1]?.sender.parameters.degradationPreference).toBe('maintain-resolution')
    FakeSocket.last.say({ type: 'limit', video_kbps: null })
    await pass()
    expect(bitrates(pc)).toEqual([900_000, 1_500_000])
  })

  it('that comes before the answer holds once the answer is in', async () => {
    call = new Call({ signal, devices })
    await pass()
    const pc = FakeConnection.last
    let answered = () => {}
    pc.setRemoteDescription = () => new Promise((done) => (answered = done))
    FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
    await pass()
    FakeSocket.last.say({ type: 'limit', video_kbps: 200 })
    await pass()
    expect(bitrates(pc)).toEqual([undefined, undefined])
    answered()
    await pass()
    expect(bitrates(pc)[0]).toBe(200_000)
  })

  it('does not outlive its connection', async () => {
    await inCall()
    FakeSocket.last.say({ type: 'limit', video_kbps: 200 })
    await pass()
    window.dispatchEvent(new Event('online'))
    await pass()
    FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
    await pass()
    expect(FakeConnection.all).toHaveLength(2)
    expect(bitrates(FakeConnection.last)).toEqual([undefined, undefined])
  })
})

describe('receiving', () => {
  it('answers an offer and sorts the tracks by participant', async () => {
    const pc = await inCall()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['microphone', 'camera', 'screen']) })
    await pass()
    expect(FakeSocket.last.frame('answer')).toMatchObject({ sdp: 'answer 2' })
    const seat = call.people.value.get('seat')
    expect(seat?.stream.getTracks()).toEqual([pc.lines[3]?.receiver.track, pc.lines[4]?.receiver.track])
    expect(seat?.screen?.getTracks()).toEqual([pc.lines[5]?.receiver.track])
  })

  it('answers two offers one after the other', async () => {
    await inCall()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['microphone']) })
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['microphone', 'camera']) })
    await pass()
    const answers = FakeSocket.last.sent.filter((frame) => frame.type === 'answer')
    expect(answers.map((frame) => frame.sdp)).toEqual(['answer 2', 'answer 3'])
  })

  it('shows nobody who no longer sends', async () => {
    await inCall()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['camera']) })
    await pass()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['camera']).replace('sendonly', 'inactive') })
    await pass()
    expect(call.people.value.size).toBe(0)
  })

  it('keeps the stream that a page shows and exchanges its tracks when the connection is new', async () => {
    await inCall()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['microphone', 'camera']) })
    await pass()
    const stream = call.people.value.get('seat')?.stream
    window.dispatchEvent(new Event('online'))
    await pass()
    FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
    // A browser runs what is due between two frames.
    await settle()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['microphone', 'camera']) })
    await pass()
    expect(FakeConnection.all).toHaveLength(2)
    expect(call.people.value.get('seat')?.stream).toBe(stream)
    expect(stream?.getTracks()).toEqual(FakeConnection.last.lines.slice(3).map((line) => line.receiver.track))
  })

  it('does not answer an offer that was meant for the connection being replaced', async () => {
    await inCall()
    window.dispatchEvent(new Event('online'))
    await pass()
    FakeSocket.last.say({ type: 'offer', sdp: offerFrom('seat', ['camera']) })
    await pass()
    expect(FakeSocket.last.frame('answer')).toBeUndefined()
  })

  it('begins anew when an offer cannot be applied', async () => {
    await inCall()
    FakeSocket.last.say({ type: 'offer', sdp: 'broken' })
    await pass(10)
    expect(offersSent()).toBe(2)
  })

  it('keeps the newest measurement of each person', async () => {
    await inCall()
    const one = { participant: 'seat', round_trip_ms: 20, loss_up: 0, loss_down: 0, down_kbps: 900 }
    FakeSocket.last.say({ type: 'quality', people: [one] })
    expect(call.quality.value.get('seat')).toEqual(one)
  })
})

describe('coming back', () => {
  it('waits 3 seconds for a disconnected line to find back, then offers anew', async () => {
    const pc = await inCall()
    pc.become('disconnected')
    await pass(2_900)
    expect(offersSent()).toBe(1)
    expect(call.link.value.status).toBe('connected')
    await pass(200)
    expect(offersSent()).toBe(2)
    expect(call.link.value.status).toBe('reconnecting')
  })

  it('leaves a line alone that found back in time', async () => {
    const pc = await inCall()
    pc.become('disconnected')
    await pass(1_000)
    pc.become('connected')
    FakeSocket.last.say({ type: 'pong' })
    await pass(4_000)
    expect(offersSent()).toBe(1)
  })

  it('offers anew at once when the line has failed, and drops the old one only when the new is answered', async () => {
    const old = await inCall()
    old.become('failed')
    await pass(1)
    expect(offersSent()).toBe(2)
    expect(old.connectionState).toBe('failed')
    FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
    await pass()
    expect(old.connectionState).toBe('closed')
    FakeConnection.last.become('connected')
    expect(call.link.value.status).toBe('connected')
  })

  it('offers anew when the signalling came back, since the server may have restarted', async () => {
    await inCall()
    await pass(1_000)
    FakeSocket.last.break(1012)
    await greeted()
    await pass()
    expect(offersSent()).toBe(2)
  })

  it('offers anew after the signalling broke in the middle of an offer', async () => {
    call = new Call({ signal, devices })
    await pass()
    FakeSocket.last.break()
    await greeted()
    await pass(2_000)
    expect(FakeSocket.last.frame('offer')).toBeDefined()
  })

  it('finds a line that only claims to live when the page comes back to the front', async () => {
    const pc = await inCall()
    pc.bytes = 500
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(100)
    FakeSocket.last.say({ type: 'pong' })
    await pass(2_500)
    expect(offersSent()).toBe(2)
  })

  it('spares a line that goes on receiving', async () => {
    const pc = await inCall()
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(100)
    FakeSocket.last.say({ type: 'pong' })
    pc.bytes = 900
    await pass(2_500)
    expect(offersSent()).toBe(1)
  })
})

describe('switching', () => {
  it('mutes without closing the microphone, and says so', async () => {
    await inCall()
    const track = devices.microphone.value.track as unknown as FakeTrack
    call.setSpeaking(false)
    await pass()
    expect(track).toMatchObject({ enabled: false, readyState: 'live' })
    expect(FakeSocket.last.frame('switch')).toMatchObject({ source: 'microphone', on: false })
    call.setSpeaking(true)
    await pass()
    expect(track.enabled).toBe(true)
    expect(FakeSocket.last.frame('switch')).toMatchObject({ source: 'microphone', on: true })
  })

  it('turns the camera off with its light, leaves the line, and turns it on again', async () => {
    const pc = await inCall()
    const track = devices.camera.value.track
    await call.setCamera(false)
    await pass()
    expect(track?.readyState).toBe('ended')
    expect(pc.lines[1]?.sender.track).toBeNull()
    expect(FakeSocket.last.frame('switch')).toMatchObject({ source: 'camera', on: false })
    await call.setCamera(true)
    await pass()
    expect(pc.lines[1]?.sender.track).toBe(devices.camera.value.track)
    expect(FakeSocket.last.frame('switch')).toMatchObject({ source: 'camera', on: true })
  })

  it('does not report the camera off while one is exchanged for another', async () => {
    await inCall()
    await devices.flip()
    await pass()
    expect(FakeSocket.last.frame('switch')).toBeUndefined()
  })

  it('calls nothing off that is only being opened', async () => {
    devices.turnOff('camera')
    devices.turnOff('microphone')
    // The person has not yet answered the question for permission.
    machine.getUserMedia = () => new Promise(() => {})
    void devices.open()
    await inCall()
    expect(devices.camera.value.opening).toBe(true)
    expect(FakeSocket.last.frame('switch')).toBeUndefined()
  })

  it('stays muted on a new connection and tells the server again', async () => {
    await inCall()
    call.setSpeaking(false)
    await pass()
    const before = FakeSocket.last.sent.length
    window.dispatchEvent(new Event('online'))
    await pass()
    FakeSocket.last.reply('offer', { type: 'answer', sdp: 'answer' })
    await pass()
    const since = FakeSocket.last.sent.slice(before)
    expect(since).toContainEqual(expect.objectContaining({ type: 'switch', source: 'microphone', on: false }))
  })
})

it('closes its connection and says no more when the call is over', async () => {
  const pc = await inCall()
  call.close()
  expect(pc.connectionState).toBe('closed')
  window.dispatchEvent(new Event('online'))
  await pass(10_000)
  expect(offersSent()).toBe(1)
  expect(devices.camera.value.track?.readyState).toBe('live')
})
