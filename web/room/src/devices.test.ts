import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Devices } from './devices.ts'
import { FakeMachine, FakeTrack } from './fakes/media.ts'
import { settle } from './fakes/socket.ts'

let machine: FakeMachine
let devices: Devices

beforeEach(() => {
  machine = new FakeMachine()
  machine.install()
  devices = new Devices()
})

afterEach(() => {
  devices.close()
  vi.unstubAllGlobals()
})

it('opens camera and microphone with one question', async () => {
  await devices.open()
  expect(machine.asked).toHaveLength(1)
  expect(devices.camera.value.track?.kind).toBe('video')
  expect(devices.microphone.value.track?.kind).toBe('audio')
  expect(devices.choices.value.cameras).toHaveLength(1)
})

it.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'none'],
  ['NotReadableError', 'in_use'],
  ['AbortError', 'in_use'],
  ['Surprise', 'unknown'],
] as const)('keeps the microphone when the camera fails with %s, and calls that %s', async (error, cause) => {
  machine.broken.video = error
  await devices.open()
  expect(devices.camera.value).toEqual({ track: null, cause, opening: false })
  expect(devices.microphone.value.track).not.toBeNull()
})

it('names an insecure page before it asks for anything', async () => {
  vi.stubGlobal('window', Object.assign(new EventTarget(), { isSecureContext: false }))
  await devices.open()
  expect(devices.camera.value.cause).toBe('insecure')
  expect(machine.asked).toHaveLength(0)
})

it('notices a device that was pulled out, and opens the one that is put in', async () => {
  await devices.open()
  ;(devices.camera.value.track as unknown as FakeTrack).unplug()
  expect(devices.camera.value.cause).toBe('lost')
  machine.dispatchEvent(new Event('devicechange'))
  await settle()
  expect(devices.camera.value.track?.readyState).toBe('live')
})

it('closes the front camera before it opens the back one', async () => {
  await devices.open()
  const front = devices.camera.value.track
  const flipped = devices.flip()
  expect(front?.readyState).toBe('ended')
  await flipped
  expect(devices.facing.value).toBe('environment')
  expect(devices.camera.value.track?.getSettings().facingMode).toBe('environment')
})

it('goes to the next camera of a PC, whose cameras face nowhere', async () => {
  machine.devices.push({ kind: 'videoinput', deviceId: 'usb', label: 'usb' })
  await devices.turnOn('camera', 'front')
  await devices.flip()
  expect(devices.camera.value.track?.getSettings().deviceId).toBe('usb')
  await devices.flip()
  expect(devices.camera.value.track?.getSettings().deviceId).toBe('front')
})

it('remembers a device that was chosen', async () => {
  await devices.turnOn('camera', 'usb')
  devices.turnOff('camera')
  await devices.turnOn('camera')
  expect(devices.camera.value.track?.getSettings().deviceId).toBe('usb')
})

it('gives a device back that opens after it was turned off again', async () => {
  const opening = devices.turnOn('camera')
  devices.turnOff('camera')
  await opening
  expect(devices.camera.value.track).toBeNull()
  expect(FakeTrack.made.map((track) => track.readyState)).toEqual(['ended'])
})

it('leaves no light on when it closes', async () => {
  await devices.open()
  devices.close()
  expect(FakeTrack.made.every((track) => track.readyState === 'ended')).toBe(true)
})

it('opens again what the system has ended while the page was away', async () => {
  await devices.open()
  ;(devices.microphone.value.track as unknown as FakeTrack).readyState = 'ended'
  await devices.revive()
  expect(devices.microphone.value.track?.readyState).toBe('live')
})
