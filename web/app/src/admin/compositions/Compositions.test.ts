import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import Compositions from './Compositions.vue'

const failed = {
  id: 'c1',
  recording_id: '01a21496-4c37-70a5-b138-c5a2b80ab2de',
  state: 'failed',
  attempts: 12,
  next_attempt_at: null,
  last_error: '画面文件缺失',
  created_at: '2026-11-23T12:00:00Z',
}
const done = { ...failed, id: 'c2', recording_id: 'r2', state: 'done', attempts: 1, last_error: null }
/** Being drawn: its next attempt is when the claim runs out, which is nobody's business. */
const fresh = {
  ...done,
  id: 'c3',
  recording_id: 'r3',
  state: 'pending',
  next_attempt_at: '2026-11-23T13:00:59Z',
}

afterEach(() => vi.unstubAllGlobals())

test('a film that went wrong says why and is drawn again, one that is done is left alone', async () => {
  const asked: string[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${url}`)
      if (url.endsWith('/retry')) return new Response(null, { status: 204 })
      return Response.json({ items: [failed, done, fresh], next: null })
    }),
  )
  const page = mount(Compositions, { global: { plugins: [ElementPlus] } })
  await flushPromises()
  expect(page.text()).toContain('画面文件缺失')
  expect(page.text()).not.toContain(':59')
  expect(page.findAll('button[aria-label^="重试 "]')).toHaveLength(2)
  await page.get(`button[aria-label="重试 ${failed.recording_id}"]`).trigger('click')
  await flushPromises()
  expect(asked).toEqual(['GET /api/v1/compositions', 'POST /api/v1/compositions/c1/retry'])
  expect(page.text()).toContain('已安排立即重试')
  page.unmount()
})
