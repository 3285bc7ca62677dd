import { expect, it } from 'vitest'
import { rank, sharesOf } from './publish.ts'

it('prefers H.264 that fits the recording, then other H.264, then the rest', () => {
  const h264 = (fmtp: string) => rank({ mimeType: 'video/H264', sdpFmtpLine: fmtp })
  const ranks = [
    h264('level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
    h264('level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f'),
    h264('level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'),
    rank({ mimeType: 'video/VP8' }),
  ]
  expect(ranks).toEqual([0, 1, 2, 3])
})

it('gives the camera everything that is allowed, and most of it to a screen while one is shared', () => {
  expect(sharesOf(null, false)).toEqual({ camera: 900_000, screen: 1_500_000 })
  expect(sharesOf(null, true)).toEqual({ camera: 900_000, screen: 1_500_000 })
  expect(sharesOf(300_000, false).camera).toBe(300_000)
  expect(sharesOf(500_000, true)).toEqual({ camera: 200_000, screen: 300_000 })
  expect(sharesOf(5_000_000, true)).toEqual({ camera: 900_000, screen: 1_500_000 })
})
