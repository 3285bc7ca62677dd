import { Live, type Readable } from './live.ts'
import { incoming, type Incoming } from './sdp.ts'

/** What comes from one participant. `stream` is the same object as long as they are there: sound and camera picture. */
export interface Received {
  participant: string
  stream: MediaStream
  /** Their screen, while they share it. */
  screen: MediaStream | null
}

/**
 * Answers the server's offers and sorts what comes by participant. It outlives a connection: after a reconnect the
 * new tracks go into the streams that the page already shows.
 */
export class Watch {
  readonly #people = new Live<ReadonlyMap<string, Received>>(new Map())

  get people(): Readable<ReadonlyMap<string, Received>> {
    return this.#people
  }

  /** Takes an offer and gives the answer's text. */
  async answer(pc: RTCPeerConnection, sdp: string): Promise<string> {
    await pc.setRemoteDescription({ type: 'offer', sdp })
    this.#sort(pc, incoming(sdp))
    await pc.setLocalDescription(await pc.createAnswer())
    return pc.localDescription?.sdp ?? ''
  }

  #sort(pc: RTCPeerConnection, lines: Incoming[]): void {
    const tracks = new Map(pc.getTransceivers().map((line) => [line.mid, line.receiver.track]))
    const people = new Map<string, Received>()
    for (const participant of new Set(lines.map((line) => line.participant))) {
      const of = (source: Incoming['source']) => {
        const line = lines.find((one) => one.participant === participant && one.source === source)
        return line ? (tracks.get(line.mid) ?? null) : null
      }
      const before = this.#people.value.get(participant)
      const stream = before?.stream ?? new MediaStream()
      fill(stream, [of('microphone'), of('camera')])
      people.set(participant, { participant, stream, screen: screenOf(before?.screen ?? null, of('screen')) })
    }
    this.#people.set(people)
  }
}

/** Makes `stream` hold exactly these tracks; what is right already is left alone, so that a player does not start anew. */
function fill(stream: MediaStream, wanted: (MediaStreamTrack | null)[]): void {
  for (const track of stream.getTracks()) if (!wanted.includes(track)) stream.removeTrack(track)
  for (const track of wanted) if (track && !stream.getTracks().includes(track)) stream.addTrack(track)
}

function screenOf(before: MediaStream | null, track: MediaStreamTrack | null): MediaStream | null {
  if (!track) return null
  const stream = before ?? new MediaStream()
  fill(stream, [track])
  return stream
}
