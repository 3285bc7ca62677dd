import { whyNoDevices } from './devices.ts'

/** Whether this browser can hold a call, and if not, what its owner can do about it. */
export type Support =
  | { ok: true }
  /** `https` is missing from the address. */
  | { ok: false; why: 'insecure' }
  /** Open the link in `open_in` instead. */
  | { ok: false; why: 'browser'; inside: Inside; open_in: 'safari' | 'chrome' | 'edge' }
  /** The browser cannot send H.264, which the recording is made of. */
  | { ok: false; why: 'no_h264'; inside: Inside; open_in: 'safari' | 'chrome' | 'edge' }

/** The app around the page, where it is one whose menu has "open in the browser". */
export type Inside = 'wechat' | 'other_app' | 'browser'

export interface Surroundings {
  user_agent: string
  no_devices: 'insecure' | 'unsupported' | null
  has_connection: boolean
  /** MIME types a video sender offers; null when the browser does not tell beforehand. */
  video_codecs: string[] | null
}

export function support(around: Surroundings = lookAround()): Support {
  if (around.no_devices === 'insecure') return { ok: false, why: 'insecure' }
  const inside = insideOf(around.user_agent)
  const open_in = betterBrowser(around.user_agent)
  if (around.no_devices || !around.has_connection) return { ok: false, why: 'browser', inside, open_in }
  // Firefox tells its codecs only since version 137; it brings H.264 along, so silence is no refusal.
  const h264 = around.video_codecs?.some((type) => type.toLowerCase() === 'video/h264') ?? true
  return h264 ? { ok: true } : { ok: false, why: 'no_h264', inside, open_in }
}

export function insideOf(user_agent: string): Inside {
  if (/MicroMessenger/i.test(user_agent)) return 'wechat'
  if (/AliApp|DingTalk|QQ\/|Weibo|; wv\)/i.test(user_agent)) return 'other_app'
  return 'browser'
}

function betterBrowser(user_agent: string): 'safari' | 'chrome' | 'edge' {
  if (/iPhone|iPad|iPod/.test(user_agent)) return 'safari'
  return /Android/.test(user_agent) ? 'chrome' : 'edge'
}

function lookAround(): Surroundings {
  const has_connection =
    typeof RTCPeerConnection === 'function' && 'addTransceiver' in RTCPeerConnection.prototype
  const capabilities = has_connection ? RTCRtpSender.getCapabilities?.('video') : null
  return {
    user_agent: navigator.userAgent,
    no_devices: whyNoDevices(),
    has_connection: has_connection && typeof WebSocket === 'function',
    video_codecs: capabilities ? capabilities.codecs.map((codec) => codec.mimeType) : null,
  }
}
