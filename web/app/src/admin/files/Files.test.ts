import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus, { ElMessageBox } from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import Files from './Files.vue'

const file = {
  id: 7,
  path: '/合同.pdf',
  name: '合同.pdf',
  kind: 'upload',
  state: 'whole',
  business_no: null,
  recording_id: null,
  size_bytes: 1024,
  sha256: null,
  media_type: 'application/pdf',
  created_at: '2026-11-23T12:00:00Z',
  listed_at: '2026-11-23T12:00:00Z',
  retain_until: null,
  retain_reason: null,
  held_since: null,
  hold_reason: null as string | null,
  url: '/api/v1/files/7/content?signed',
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  document.body.innerHTML = ''
})

/** The page over a server with one file; what is written is noted as `METHOD path body`. */
async function page(hold_reason: string | null) {
  let held = hold_reason
  const written: string[] = []
  const answer = async (url: string, init: RequestInit) => {
    if (init.method !== 'GET') written.push([init.method, url, init.body].filter(Boolean).join(' '))
    if (init.method === 'PUT') held = (JSON.parse(String(init.body)) as typeof file).hold_reason
    if (init.method === 'POST') return new Response(null, { status: 204 })
    if (url.includes('usage'))
      return Response.json({ uploaded_bytes: 0, recorded_bytes: 0, quota_bytes: null })
    const items = [{ ...file, hold_reason: held }]
    return Response.json({ items, folders: [], total: 1, page: 1, limit: 20, search_time: file.created_at })
  }
  vi.stubGlobal('fetch', vi.fn(answer))
  const mounted = mount(Files, { global: { plugins: [ElementPlus] }, attachTo: document.body })
  await flushPromises()
  const press = async (selector: string) => {
    document.querySelector<HTMLElement>(selector)!.click()
    await flushPromises()
  }
  return { mounted, written, press }
}

test('a file is held with a reason, and cannot be deleted then', { timeout: 30_000 }, async () => {
  const { mounted, written, press } = await page(null)
  await press('button[aria-label="保全 合同.pdf"]')
  const reason = document.querySelector<HTMLInputElement>('.el-dialog input')!
  reason.value = ' 诉讼保全 '
  reason.dispatchEvent(new Event('input'))
  await flushPromises()
  document.querySelector('.el-dialog form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await flushPromises()
  expect(written).toEqual(['PUT /api/v1/files/7/hold {"hold_reason":"诉讼保全"}'])
  expect(mounted.text()).toContain('已保全 合同.pdf')
  expect(mounted.text()).toContain('保全中：诉讼保全')
  expect(mounted.get('button[aria-label="删除 合同.pdf"]').attributes('disabled')).toBeDefined()
  mounted.unmount()
})

test('a hold ends, and links are revoked, only after a second thought', { timeout: 30_000 }, async () => {
  const { mounted, written, press } = await page('诉讼保全')
  const confirm = vi.spyOn(ElMessageBox, 'confirm')
  confirm.mockRejectedValueOnce('cancel')
  await press('button[aria-label="撤销链接 合同.pdf"]')
  expect(written).toEqual([])
  confirm.mockResolvedValue('confirm' as never)
  await press('button[aria-label="撤销链接 合同.pdf"]')
  await press('button[aria-label="解除保全 合同.pdf"]')
  expect(written).toEqual([
    'POST /api/v1/files/7/revoke-links',
    'PUT /api/v1/files/7/hold {"hold_reason":null}',
  ])
  expect(mounted.text()).toContain('已解除保全 合同.pdf')
  mounted.unmount()
})
