import { withoutVideoOrientation } from './sdp.ts'
import type { IceServer } from './words.ts'

/** The server is ICE-lite and learns our addresses from our checks; the few milliseconds are for the nearest ones. */
const GATHER_MS = 250

/** The one kind of connection that this package makes: everything over one transport. */
export function newConnection(ice_servers: IceServer[]): RTCPeerConnection {
  return new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: ice_servers })
}

/** Makes the offer and gives its text with the candidates found by then. */
export async function offerOf(pc: RTCPeerConnection): Promise<string> {
  await pc.setLocalDescription(await pc.createOffer())
  await gathered(pc)
  return withoutVideoOrientation(pc.localDescription?.sdp ?? '')
}

/** `RTCPeerConnection.connectionState`, also where the browser has only the state of ICE (Firefox before 113). */
export function connectionState(pc: RTCPeerConnection): RTCPeerConnectionState {
  const own = pc.connectionState as RTCPeerConnectionState | undefined
  if (own) return own
  switch (pc.iceConnectionState) {
    case 'checking':
      return 'connecting'
    case 'completed':
      return 'connected'
    case 'new':
    case 'connected':
    case 'disconnected':
    case 'failed':
    case 'closed':
      return pc.iceConnectionState
  }
}

/** Calls `listener` at every change of `connectionState`, until the returned function is called. */
export function onConnectionState(
  pc: RTCPeerConnection,
  listener: (state: RTCPeerConnectionState) => void,
): () => void {
  const tell = () => listener(connectionState(pc))
  const types = ['connectionstatechange', 'iceconnectionstatechange']
  for (const type of types) pc.addEventListener(type, tell)
  return () => {
    for (const type of types) pc.removeEventListener(type, tell)
  }
}

function gathered(pc: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      pc.removeEventListener('icegatheringstatechange', look)
      resolve()
    }
    const look = () => {
      if (pc.iceGatheringState === 'complete') done()
    }
    const timer = setTimeout(done, GATHER_MS)
    pc.addEventListener('icegatheringstatechange', look)
    look()
  })
}
