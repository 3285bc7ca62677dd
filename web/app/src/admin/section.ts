// One section of the administration.

import type { Component } from 'vue'
import type { Role } from '@/api/session'
import { later } from './later'

/** A line of the menu and what stands behind it. */
export interface Section {
  /** Its address is `#/{slug}`. */
  slug: string
  title: string
  /** Whoever has one of these roles sees it; the server decides anew what each call may do. */
  roles: readonly Role[]
  component: Component
}

/** What a file of `sections/` gives as its default. */
export function section(
  parts: Omit<Section, 'component'> & { load: () => Promise<{ default: Component }> },
): Section {
  const { load, ...rest } = parts
  return { ...rest, component: later(load) }
}
