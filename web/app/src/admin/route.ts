// Where one is in the administration: `#/{section}/{…}`, so that a reload and the browser's way back work.

import { onScopeDispose, readonly, ref, type Ref } from 'vue'

export interface Route {
  /** The section; empty at the beginning. */
  slug: string
  /** What stands behind it, for the section itself. */
  rest: string[]
}

/** Reads `location.hash`; what is not encoded well counts as it stands. */
export function routeOf(hash: string): Route {
  const plain = (part: string) => {
    try {
      return decodeURIComponent(part)
    } catch {
      return part
    }
  }
  const [slug = '', ...rest] = hash
    .replace(/^#?\/*/, '')
    .split('/')
    .map(plain)
  return { slug, rest: rest.filter((part) => part !== '') }
}

/** The address of a route. */
export function addressOf(slug: string, ...rest: string[]): string {
  return `#/${[slug, ...rest].map(encodeURIComponent).join('/')}`
}

const route = ref(routeOf(typeof location === 'undefined' ? '' : location.hash))
const follow = () => (route.value = routeOf(location.hash))
let followers = 0

/** The route, kept up to date while somebody looks. */
export function useRoute(): Readonly<Ref<Route>> {
  if (followers++ === 0) window.addEventListener('hashchange', follow)
  follow()
  onScopeDispose(() => {
    if (--followers === 0) window.removeEventListener('hashchange', follow)
  })
  return readonly(route) as Readonly<Ref<Route>>
}

/** Goes there. */
export function goTo(slug: string, ...rest: string[]): void {
  location.hash = addressOf(slug, ...rest)
}
