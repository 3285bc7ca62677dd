// How somebody comes in from a business system, and back: the one-time token is taken out of the address at once, so that it
// is in no history and no bookmark; where to lead back to is kept for this tab alone.

const WAY_BACK = 'mj-way-back'

/** Takes `token` out of the address: `?token=` or, better, `#token=`, which no server sees. */
export function takeToken(): { value: string | null } {
  const url = new URL(location.href)
  const fragment = new URLSearchParams(url.hash.slice(1))
  const token = fragment.get('token') ?? url.searchParams.get('token')
  if (token === null) return { value: null }
  url.searchParams.delete('token')
  if (fragment.has('token')) url.hash = ''
  history.replaceState(history.state, '', url.pathname + url.search + url.hash)
  return { value: token }
}

/** Keeps where the page leads back to; the server has checked that the place is registered. */
export function rememberWayBack(url: string | null): void {
  if (url === null) sessionStorage.removeItem(WAY_BACK)
  else sessionStorage.setItem(WAY_BACK, url)
}

/** Leads back to the business system, if one opened this page. */
export function goBack(): void {
  const url = sessionStorage.getItem(WAY_BACK)
  if (url === null) return
  sessionStorage.removeItem(WAY_BACK)
  location.assign(url)
}
