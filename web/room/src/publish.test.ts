import { expect, it } from 'vitest'
import { rank } from './publish.ts'

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
