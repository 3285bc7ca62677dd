import { withoutVideoOrientation } from './sdp.ts'
import type { IceServer } from './words.ts'

/** The one kind of connection that this package makes: everything over one transport. */
export function newConnection(ice_servers: IceServer[]): RTCPeerConnection {
  return new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: ice_servers })
}

/**
 * Makes the offer and gives its text. It does not wait for our own candidates: the server is ICE-lite, never sends to
 * an address that has not asked first, and learns ours from those questions (RFC 8445 section 2.5), over UDP and TCP.
 */
export async function offerOf(pc: RTCPeerConnection): Promise<string> {
  await pc.setLocalDescription(await pc.createOffer())
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
