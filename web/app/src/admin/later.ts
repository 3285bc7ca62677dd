// Parts of the administration that come when they are opened first: what is seen until they are there, or where they do not come.

import { defineAsyncComponent, type Component } from 'vue'
import NotLoaded from './parts/NotLoaded.vue'
import Waiting from './parts/Waiting.vue'

/** What comes sooner than this comes without an announcement. */
const QUIET_MS = 300

/** A component that is loaded when it is shown first. */
export function later(load: () => Promise<{ default: Component }>): Component {
  return defineAsyncComponent({
    loader: load,
    delay: QUIET_MS,
    loadingComponent: Waiting,
    errorComponent: NotLoaded,
  })
}
