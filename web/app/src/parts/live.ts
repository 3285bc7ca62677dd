// Between the values of the media package and Vue.

import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/** What `@mingjian/room` lets others watch. */
interface Watchable<T> {
  readonly value: T
  subscribe(listener: (value: T) => void): () => void
}

/** A ref that follows the value until the component goes. */
export function useLive<T>(live: Watchable<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(live.value) as ShallowRef<T>
  onScopeDispose(live.subscribe((next) => (value.value = next)))
  return value
}
