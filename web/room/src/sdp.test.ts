import { expect, it } from 'vitest'
import { incoming, withoutVideoOrientation } from './sdp.ts'

const offer = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=recvonly',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:3',
  'a=sendonly',
  'a=msid:0190-seat microphone',
  'm=video 9 UDP/TLS/RTP/SAVPF 102',
  'a=mid:4',
  'a=sendonly',
  'a=msid:0190-seat camera',
  'm=video 0 UDP/TLS/RTP/SAVPF 102',
  'a=mid:5',
  'a=sendonly',
  'a=msid:0190-seat screen',
  'm=video 9 UDP/TLS/RTP/SAVPF 102',
  'a=mid:6',
  'a=inactive',
  'a=msid:0190-gone camera',
  '',
].join('\r\n')

it('finds who sends what, and leaves out lines that are ours, refused or idle', () => {
  expect(incoming(offer)).toEqual([
    { mid: '3', participant: '0190-seat', source: 'microphone' },
    { mid: '4', participant: '0190-seat', source: 'camera' },
  ])
})

it('leaves out a track of a name that the protocol does not know', () => {
  expect(incoming(offer.replace('seat camera', 'seat hologram'))).toHaveLength(1)
})

it('takes the orientation out of an offer and nothing else', () => {
  const lines = [
    'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=extmap:13 urn:3gpp:video-orientation',
    'a=mid:1',
  ]
  expect(withoutVideoOrientation(lines.join('\r\n')).split('\r\n')).toEqual([lines[0], lines[2]])
})
