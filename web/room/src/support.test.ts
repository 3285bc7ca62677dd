import { expect, it } from 'vitest'
import { support, type Surroundings } from './support.ts'

const chrome: Surroundings = {
  user_agent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36',
  no_devices: null,
  has_connection: true,
  video_codecs: ['video/VP8', 'video/H264', 'video/rtx'],
}
const oldWechat = { ...chrome, user_agent: chrome.user_agent + ' MicroMessenger/7.0', has_connection: false }

it('lets a browser pass that has devices, connections and H.264', () => {
  expect(support(chrome)).toEqual({ ok: true })
})

it('lets a browser pass that does not tell its codecs beforehand', () => {
  expect(support({ ...chrome, video_codecs: null })).toEqual({ ok: true })
})

it('says that the address lacks https before it blames the browser', () => {
  expect(support({ ...oldWechat, no_devices: 'insecure' })).toEqual({ ok: false, why: 'insecure' })
})

it('tells an old WeChat on Android to open Chrome, and on an iPhone Safari', () => {
  expect(support(oldWechat)).toMatchObject({ why: 'browser', inside: 'wechat', open_in: 'chrome' })
  const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 13_0 like Mac OS X) MicroMessenger/7.0'
  expect(support({ ...oldWechat, user_agent: iphone })).toMatchObject({ inside: 'wechat', open_in: 'safari' })
})

it('names the missing H.264', () => {
  expect(support({ ...chrome, video_codecs: ['video/VP8'] })).toMatchObject({ ok: false, why: 'no_h264' })
})
