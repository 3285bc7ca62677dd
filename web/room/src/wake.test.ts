import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { settle } from './fakes/socket.ts'
import { keepAwake } from './wake.ts'

let held: number
let asked: number

beforeEach(() => {
  held = 0
  asked = 0
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
  vi.stubGlobal('navigator', {
    wakeLock: {
      async request() {
        asked++
        held++
        return Object.assign(new EventTarget(), { release: async () => void held-- })
      },
    },
  })
})

afterEach(() => vi.unstubAllGlobals())

it('asks again when the page comes back, since the system took the lock away', async () => {
  const release = keepAwake()
  await settle()
  document.dispatchEvent(new Event('visibilitychange'))
  await settle()
  expect(asked).toBe(2)
  release()
  await settle()
  expect(held).toBe(0)
})

it('holds nothing when it is released before the lock was given', async () => {
  keepAwake()()
  await settle()
  expect(held).toBe(0)
})

it('does without where the browser knows no wake lock', () => {
  vi.stubGlobal('navigator', {})
  expect(() => keepAwake()()).not.toThrow()
})
