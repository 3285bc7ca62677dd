// A clock for what a page counts: waiting times, seconds since a loss.

import { onScopeDispose, ref, type Ref } from 'vue'

/** Epoch milliseconds, moved on once a second until the component goes. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
