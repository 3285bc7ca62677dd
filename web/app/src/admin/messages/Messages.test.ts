import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import Messages from './Messages.vue'

const message = {
  id: '7',
  business_no: 'A3239239',
  to: '100****0001',
  state: 'failed',
  attempts: 24,
  next_attempt_at: null,
  last_error: '对方返回 HTTP 500',
  created_at: '2026-11-23T12:00:00Z',
}

afterEach(() => vi.unstubAllGlobals())

test('a message is listed masked, read on demand, and sent again', { timeout: 30_000 }, async () => {
  const asked: string[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${url}`)
      if (url.endsWith('/retry')) return new Response(null, { status: 204 })
      return Response.json(
        url.endsWith('/7') ? { text: '【示例银行】您好' } : { items: [message], next: null },
      )
    }),
  )
  const page = mount(Messages, { global: { plugins: [ElementPlus] }, attachTo: document.body })
  await flushPromises()
  expect(page.text()).toContain('100****0001')
  expect(page.text()).toContain('对方返回 HTTP 500')
  expect(document.body.textContent).not.toContain('【示例银行】您好')
  await page.get('button[aria-label="查看内容：A3239239"]').trigger('click')
  await flushPromises()
  expect(document.body.textContent).toContain('【示例银行】您好')
  await page.get('button[aria-label="重试 A3239239"]').trigger('click')
  await flushPromises()
  expect(asked).toEqual(['GET /api/v1/messages', 'GET /api/v1/messages/7', 'POST /api/v1/messages/7/retry'])
  expect(page.text()).toContain('已安排立即重试')
  page.unmount()
})
