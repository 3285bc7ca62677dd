import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { settle } from './fakes/socket.ts'
import { Playing } from './play.ts'

let refusal: string | null
const video = {
  srcObject: null as unknown,
  plays: 0,
  async play() {
    video.plays++
    if (refusal) throw new DOMException('no', refusal)
  },
}
const stream = {} as MediaStream

beforeEach(() => {
  refusal = null
  video.plays = 0
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
})

afterEach(() => vi.unstubAllGlobals())

const play = () => new Playing(video as unknown as HTMLVideoElement, stream)

it('plays at once where the browser lets it', async () => {
  const playing = play()
  await settle()
  expect(video.srcObject).toBe(stream)
  expect(playing.blocked.value).toBe(false)
  playing.close()
})

it('is blocked until a tap where the browser refuses sound', async () => {
  refusal = 'NotAllowedError'
  const playing = play()
  await settle()
  expect(playing.blocked.value).toBe(true)
  refusal = null
  await playing.resume()
  expect(playing.blocked.value).toBe(false)
  playing.close()
})

it('does not ask for a tap when a newer play has overtaken the first', async () => {
  refusal = 'AbortError'
  const playing = play()
  await settle()
  expect(playing.blocked.value).toBe(false)
  playing.close()
})

it('plays on when the page comes back to the front, and no more once closed', async () => {
  const playing = play()
  await settle()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(video.plays).toBe(2)
  playing.close()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(video.plays).toBe(2)
  expect(video.srcObject).toBeNull()
})
