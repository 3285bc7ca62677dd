import { defineComponent } from 'vue'
import { expect, test } from 'vitest'
import { addressOf, routeOf } from './route'
import type { Section } from './section'
import { inOrder, sections, sectionsOf, visitors } from './sections'

const made = (slug: string, roles: Section['roles'] = ['tenant_admin']): Section => ({
  slug,
  title: slug,
  roles,
  component: defineComponent({}),
})

test('the menu keeps its order whatever the files are called, and what it does not know comes last', () => {
  const slugs = inOrder(['zebra', 'callbacks', 'files', 'apple'].map((slug) => made(slug))).map(
    ({ slug }) => slug,
  )
  expect(slugs).toEqual(['files', 'callbacks', 'apple', 'zebra'])
})

test('everybody sees what the role has to do with, and nothing else', () => {
  const all = [made('files'), made('archive', ['archivist', 'tenant_admin'])]
  expect(sectionsOf({ roles: ['archivist'] }, all).map(({ slug }) => slug)).toEqual(['archive'])
  expect(sectionsOf({ roles: ['tenant_admin'] }, all)).toHaveLength(2)
  expect(sectionsOf({ roles: ['seat'] }, all)).toEqual([])
})

test('the sections of the folder are found, each with a name and an address of its own', () => {
  expect(sections.map(({ slug }) => slug)).toContain('callbacks')
  expect(new Set(sections.map(({ slug }) => slug)).size).toBe(sections.length)
  expect(sections.every(({ title, roles }) => title !== '' && roles.length > 0)).toBe(true)
  expect(visitors).toContain('tenant_admin')
  expect(visitors).not.toContain('seat')
})

test('an address is read back as it was made, and a broken one does no harm', () => {
  expect(routeOf(addressOf('archive', '张三', 'a/b'))).toEqual({ slug: 'archive', rest: ['张三', 'a/b'] })
  expect(routeOf('')).toEqual({ slug: '', rest: [] })
  expect(routeOf('#/files/%E0%A4%A')).toEqual({ slug: 'files', rest: ['%E0%A4%A'] })
})
