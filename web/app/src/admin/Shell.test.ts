import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import type { User } from '@/api/session'
import Shell from './Shell.vue'

const admin: User = {
  id: '1',
  login: 'admin1',
  name: '吴昊',
  roles: ['tenant_admin'],
  tenant: { id: 'DEMOBK', name: '示例银行' },
  queues: [],
}

afterEach(() => {
  vi.unstubAllGlobals()
  location.hash = ''
})

async function shell(hash: string, user = admin) {
  location.hash = hash
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => Response.json({ items: [], next: null })),
  )
  const page = mount(Shell, { props: { user }, global: { plugins: [ElementPlus] }, attachTo: document.body })
  await vi.dynamicImportSettled()
  await flushPromises()
  return page
}

test('the section of the address is shown and marked in the menu', async () => {
  const page = await shell('#/callbacks')
  expect(page.get('a[aria-current=page]').text()).toBe('回调发件箱')
  expect(page.get('main').text()).toContain('还没有回调记录')
  expect(document.title).toBe('回调发件箱 · 管理 · 明鉴')
  page.unmount()
})

test('an address that leads nowhere says so and leads on', async () => {
  const page = await shell('#/nothing')
  expect(page.get('main').text()).toContain('这里没有内容')
  expect(page.find('a[aria-current=page]').exists()).toBe(false)
  page.unmount()
})
