// The sections of the administration: one file each in `sections/`, found here by themselves. A section is a line of the
// menu and an address `#/{slug}`; its component is loaded when it is opened first.

import type { Role, User } from '@/api/session'
import type { Section } from './section'

/** The order of the menu; what is not named here comes last. */
const ORDER = [
  'overview',
  'queues',
  'seats',
  'users',
  'orders',
  'products',
  'scripts',
  'templates',
  'files',
  'compositions',
  'rooms',
  'archive',
  'interface',
  'callbacks',
  'messages',
  'storage',
  'audit',
  'settings',
  'tenants',
]

const place = ({ slug }: Section) => (ORDER.includes(slug) ? ORDER.indexOf(slug) : ORDER.length)

/** The sections in the order of the menu. */
export function inOrder(found: readonly Section[]): Section[] {
  return [...found].sort((one, other) => place(one) - place(other) || one.slug.localeCompare(other.slug))
}

const files = import.meta.glob<{ default: Section }>('./sections/*.ts', { eager: true })

/** Every section there is. */
export const sections: readonly Section[] = inOrder(Object.values(files).map((file) => file.default))

/** Who has anything to do here. */
export const visitors: Role[] = [...new Set(sections.flatMap(({ roles }) => roles))]

/** The sections that a user sees. */
export function sectionsOf(user: Pick<User, 'roles'>, all: readonly Section[] = sections): Section[] {
  return all.filter(({ roles }) => roles.some((role) => user.roles.includes(role)))
}
