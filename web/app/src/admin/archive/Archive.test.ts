import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import Accounts from './Accounts.vue'
import Archive from './Archive.vue'
import Clients from './Clients.vue'
import Codes from './Codes.vue'

const account = {
  id: 'a1',
  account_no: '88880001',
  account_biz_type: '0',
  status: 'valid',
  name: '张三',
  customer_type: '0',
  dept_code: '0001',
  dept_name: '示例营业部',
  opened_on: '2026-11-23',
  written_off_on: null,
  src_type: 'counter',
  customer: { id_type: '1', id_no: '9999**********0016', name: '张三', aml_risk_name: null },
}
const file = {
  id: 'f1',
  name: '正面.png',
  content_type: 'image/png',
  size_bytes: 70,
  url: '/api/v1/archive-files/f1',
}
const material = {
  id: 1,
  deposit_id: 'd1',
  filed_at_place: 'account',
  code: 'ID_FRONT',
  name: '身份证正面',
  files: [file, { ...file, id: 'f2', name: 'evil.html', content_type: 'text/html' }],
  service_name: '示例业务系统',
  recording_id: null,
  title: null,
  submitter: '郑洁',
  filed_at: '2026-11-23T12:00:00Z',
  history_since: null,
  discard_reason: null,
}
const tables = [
  { name: 'MATERIAL', items: [{ code: 'ID_FRONT', name: '身份证正面' }] },
  { name: 'ACCT_BIZ_TYP', items: [{ code: '0', name: '经纪' }] },
]
const client = {
  number: 'demo-service',
  name: '示例业务系统',
  issued_at: '2026-11-23T12:00:00Z',
  revoked_at: null,
}

/** What is asked of the server, answered from the things above. */
function serve() {
  const asked = vi.fn(async (address: string, options: RequestInit = {}) => {
    const path = address.split('?')[0]!
    if (options.method !== 'GET') return Response.json(JSON.parse(String(options.body)))
    if (path === '/api/v1/code-tables') return Response.json({ items: tables })
    if (path.endsWith('/materials')) return Response.json({ items: [material] })
    if (path === '/api/v1/archive-clients') return Response.json({ items: [client] })
    if (path === '/api/v1/accounts') return Response.json({ items: [account], next: null, total: 1234567 })
    return Response.json({ items: [], next: null })
  })
  vi.stubGlobal('fetch', asked)
  return asked
}

afterEach(() => {
  vi.unstubAllGlobals()
  location.hash = ''
  document.body.innerHTML = ''
})

const show = async (page: object) => {
  const shown = mount(page, { global: { plugins: [ElementPlus] }, attachTo: document.body })
  await vi.dynamicImportSettled()
  await flushPromises()
  return shown
}

test('the address chooses the list', async () => {
  serve()
  location.hash = '#/archive/clients'
  const page = await show(Archive)
  expect(page.get('a[aria-current=page]').text()).toBe('系统编号')
  expect(page.text()).toContain('demo-service')
  page.unmount()
})

test('accounts show names for codes and the exact total, and a search asks for what was written', async () => {
  const asked = serve()
  const page = await show(Accounts)
  expect(page.text()).toContain('经纪')
  expect(page.text()).toContain('共 1234567 个账户')
  const label = page.findAll('label').find((one) => one.text() === '账号或户名')
  await page.get(`#${label?.attributes('for')}`).setValue(' 8888 ')
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(String(asked.mock.calls.at(-1)?.[0])).toBe('/api/v1/accounts?q=8888')
  page.unmount()
})

test('a picture can be looked at, and what could run a script only be saved', async () => {
  serve()
  const page = await show(Accounts)
  await page.get('button[aria-label="查看 88880001 的影像"]').trigger('click')
  await flushPromises()
  const drawer = document.body
  expect(drawer.querySelector('button[aria-label="预览 正面.png"]')).not.toBeNull()
  expect(drawer.querySelector('button[aria-label="预览 evil.html"]')).toBeNull()
  expect(drawer.querySelector('a[aria-label="下载 evil.html"]')).not.toBeNull()
  drawer.querySelector<HTMLButtonElement>('button[aria-label="预览 正面.png"]')!.click()
  await flushPromises()
  expect(drawer.querySelector('img')?.getAttribute('src')).toBe('/api/v1/archive-files/f1?preview=true')
  page.unmount()
})

test('a code is added to the table that is chosen', async () => {
  const asked = serve()
  const page = await show(Codes)
  await page.get('input[aria-label="编码"]').setValue('VOICE')
  await page.get('input[aria-label="名称"]').setValue('录音')
  await page.get('form').trigger('submit')
  await flushPromises()
  const added = asked.mock.calls.find(([, options]) => options?.method === 'POST')
  expect(added?.[0]).toBe('/api/v1/code-tables/MATERIAL/codes')
  expect(JSON.parse(String(added?.[1]?.body))).toEqual({ code: 'VOICE', name: '录音' })
  page.unmount()
})

test('a system number is issued', async () => {
  const asked = serve()
  const page = await show(Clients)
  await page.get('input[aria-label="系统编号"]').setValue('core')
  await page.get('input[aria-label="系统名称"]').setValue('核心系统')
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(asked.mock.calls.some(([, options]) => options?.method === 'POST')).toBe(true)
  expect(page.text()).toContain('已颁发 core')
  page.unmount()
})
