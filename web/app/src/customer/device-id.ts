const KEY = 'mingjian.device'

/**
 * Tells this tab from another device that opens the same link: 128 random bits in hex, kept for as long as the tab
 * lives, so that a reload is the same device. Not an identification of the machine.
 */
export function deviceId(): string {
  const kept = read()
  if (kept && /^[0-9a-f]{32}$/.test(kept)) return kept
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const fresh = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  try {
    sessionStorage.setItem(KEY, fresh)
  } catch {
    // Without storage a reload counts as another device and asks to take over; that still leads on.
  }
  return fresh
}

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null
  }
}
