import { inject, type InjectionKey } from 'vue'
import { isLoggedOut } from '@/api/problem'

/** What a page calls when the server no longer knows its session. */
export const loggedOutKey: InjectionKey<() => void> = Symbol('logged out')

/** Gives a function that takes a failed call: it shows the login where the session is over and says whether it did. */
export function useLoggedOut(): (error: unknown) => boolean {
  const leave = inject(loggedOutKey, () => undefined)
  return (error) => {
    if (!isLoggedOut(error)) return false
    leave()
    return true
  }
}
