/** Why a camera, microphone or screen cannot be had, as far as a browser tells; each has its own cure. */
export type DeviceCause =
  /** The person or the system said no. */
  | 'denied'
  /** There is no such device. */
  | 'none'
  /** Another program holds it, or the system cannot start it. */
  | 'in_use'
  /** The page was not opened by https (or on this machine). */
  | 'insecure'
  /** The browser has no such thing. */
  | 'unsupported'
  /** It was there and went away: unplugged, or taken by a phone call. */
  | 'lost'
  | 'unknown'

/** The cause behind what `getUserMedia` or `getDisplayMedia` threw (Media Capture and Streams, section 10.2). */
export function causeOf(error: unknown): DeviceCause {
  const name = error instanceof Error || isNamed(error) ? error.name : ''
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'none'
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'in_use'
    case 'TypeError':
    case 'NotSupportedError':
      return 'unsupported'
    default:
      return 'unknown'
  }
}

// A DOMException is no Error in Safari 14.
function isNamed(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && typeof (value as { name?: unknown }).name === 'string'
}
