import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import RingCard from './RingCard.vue'
import { Ringer } from './ringer'

const start = Date.parse('2026-11-23T02:10:00Z')
const ringing = {
  interview: 'i1',
  queue: '个贷面签',
  name: '张三',
  product: '华楼通',
  business_no: 'A3239239',
  waiting_since: '2026-11-23T02:09:15Z',
  rings_until: '2026-11-23T02:10:30Z',
}

beforeEach(() => {
  vi.useFakeTimers({ now: start })
  document.title = '坐席工作台'
})
afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
})

const ring = () =>
  mount(RingCard, { props: { ringing, busy: false, ringer: new Ringer() }, attachTo: document.body })

test('the card says who, what, from where and for how long, and counts down', async () => {
  const card = ring()
  for (const word of ['张三', '华楼通', '个贷面签', '00:45', '30 秒']) expect(card.text()).toContain(word)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(card.text()).toContain('00:55')
  expect(card.text()).toContain('20 秒')
  card.unmount()
})

test('接听 has the focus, so that Enter answers', async () => {
  const card = ring()
  await card.vm.$nextTick()
  expect(document.activeElement?.textContent?.trim()).toBe('接听')
  await card.get('button.accept').trigger('click')
  expect(card.emitted('accept')).toHaveLength(1)
  card.unmount()
})

test('the title of the tab flashes while it rings and is itself again afterwards', async () => {
  const card = ring()
  expect(document.title).toContain('来电')
  await vi.advanceTimersByTimeAsync(1000)
  expect(document.title).toBe('坐席工作台')
  await vi.advanceTimersByTimeAsync(1000)
  expect(document.title).toContain('来电')
  card.unmount()
  expect(document.title).toBe('坐席工作台')
})
