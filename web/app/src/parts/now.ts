// A clock for what a page counts: waiting times, seconds since a loss.

import { onScopeDispose, ref, type Ref } from 'vue'
import { serverNow } from '@/api/server-clock'

/** Epoch milliseconds by the server's clock, moved on once a second until the component goes. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(serverNow())
  const timer = setInterval(() => (now.value = serverNow()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
