import { vi } from 'vitest'
import { FakeTrack } from './media.ts'

class FakeSender {
  track: FakeTrack | null = null
  parameters: Record<string, unknown> = { encodings: [{}] }
  async replaceTrack(track: FakeTrack | null) {
    this.track = track
  }
  getParameters() {
    return this.parameters
  }
  async setParameters(parameters: Record<string, unknown>) {
    this.parameters = parameters
  }
}

class FakeTransceiver {
  readonly sender = new FakeSender()
  readonly receiver: { track: FakeTrack }
  constructor(
    readonly kind: 'audio' | 'video',
    readonly mid: string,
    readonly direction: string,
  ) {
    this.receiver = { track: new FakeTrack(kind) }
  }
}

/** Stands in for RTCPeerConnection: lines are made by addTransceiver and by the `m=` lines of a remote offer. */
export class FakeConnection extends EventTarget {
  static all: FakeConnection[] = []
  connectionState: RTCPeerConnectionState = 'new'
  localDescription: { type: string; sdp: string } | null = null
  remote: { type: string; sdp: string }[] = []
  bytes = 0
  readonly lines: FakeTransceiver[] = []

  constructor(readonly configuration: RTCConfiguration) {
    super()
    FakeConnection.all.push(this)
  }

  static get last(): FakeConnection {
    const last = FakeConnection.all[FakeConnection.all.length - 1]
    if (!last) throw new Error('no connection was made')
    return last
  }

  static install(): void {
    FakeConnection.all = []
    vi.stubGlobal('RTCPeerConnection', FakeConnection)
    vi.stubGlobal('RTCRtpSender', { getCapabilities: () => null })
  }

  addTransceiver(kind: 'audio' | 'video', init: { direction: string }) {
    const line = new FakeTransceiver(kind, String(this.lines.length), init.direction)
    this.lines.push(line)
    return line
  }
  getTransceivers() {
    return this.lines
  }
  async createOffer() {
    return { type: 'offer', sdp: `offer of ${this.lines.map((line) => line.kind).join(' ')}` }
  }
  async createAnswer() {
    return { type: 'answer', sdp: `answer ${this.remote.length}` }
  }
  async setLocalDescription(description: { type: string; sdp: string }) {
    this.localDescription = description
  }
  async setRemoteDescription(description: { type: string; sdp: string }) {
    if (description.sdp === 'broken') throw new DOMException('broken', 'OperationError')
    this.remote.push(description)
    for (const [, kind, mid] of description.sdp.matchAll(/m=(audio|video) [^]*?a=mid:(\d+)/g))
      if (!this.lines.some((line) => line.mid === mid))
        this.lines.push(new FakeTransceiver(kind as 'audio' | 'video', mid ?? '', 'recvonly'))
  }
  async getStats() {
    return new Map([['p', { type: 'candidate-pair', bytesReceived: this.bytes }]])
  }
  close() {
    this.connectionState = 'closed'
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.dispatchEvent(new Event('connectionstatechange'))
  }
}

/** A server offer in which a participant sends the named sources on lines from `mid` on. */
export function offerFrom(participant: string, sources: string[], mid = 3): string {
  return sources
    .map((source, index) =>
      [
        `m=${source === 'microphone' ? 'audio' : 'video'} 9 UDP/TLS/RTP/SAVPF 102`,
        `a=mid:${mid + index}`,
        'a=sendonly',
        `a=msid:${participant} ${source}`,
      ].join('\r\n'),
    )
    .join('\r\n')
}
