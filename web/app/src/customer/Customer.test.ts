import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CustomerState } from '@mingjian/room'
import Customer from './Customer.vue'

/** The server's end of the page's WebSocket. */
class Server {
  static last: Server
  readyState = 1
  sent: { type: string; id?: number; [key: string]: unknown }[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor() {
    Server.last = this
    queueMicrotask(() => this.onopen?.())
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.readyState = 3
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  async answer(type: string, reply: object = { type: 'ok' }): Promise<void> {
    const frame = [...this.sent].reverse().find((one) => one.type === type)
    if (!frame) throw new Error(`the page has sent no ${type}`)
    this.say({ re: frame.id, ...reply })
    await flushPromises()
  }

  async show(change: Partial<CustomerState>): Promise<void> {
    this.say({
      type: 'state',
      phase: 'welcome',
      me: { participant: 'me', name: '张三' },
      consent: { recording_at: null, face_at: null },
      ice_servers: [],
      queue: null,
      call: null,
      end: null,
      ...change,
    })
    await flushPromises()
  }
}

const invitation = {
  tenant_name: '示例银行',
  product_name: '华楼通',
  business_no: 'A3239239',
  name: '张*',
  state: 'open',
  expires_at: '2026-11-30T00:00:00Z',
  queue: { name: '个贷面签', open: true, opens_at: null },
  consents: { recording: { version: '1', text: '全程录音录像' }, face: { version: '1', text: '人脸' } },
  identity_check: false,
}
const waiting = {
  name: '个贷面签',
  position: 3,
  waiting: 12,
  estimated_wait_s: 240,
  joined_at: '2026-11-23T02:00:00Z',
  open: true,
}
const passed = {
  why: 'verdict' as const,
  verdict: 'pass' as const,
  reason: null,
  number: '20261123-000017',
  ended_at: '2026-11-23T02:10:00Z',
  may_return: false,
}

let page: VueWrapper

async function opened(): Promise<void> {
  page = mount(Customer, { attachTo: document.body, props: { code: 'c0de' } })
  await flushPromises()
}

const press = async (name: string) => {
  const button = page.findAll('button').find((one) => one.text() === name)
  if (!button) throw new Error(`no button ${name} in ${page.text()}`)
  await button.trigger('click')
  await flushPromises()
}

beforeEach(() => {
  sessionStorage.clear()
  vi.stubGlobal('WebSocket', Server)
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      addTransceiver() {}
    },
  )
  vi.stubGlobal('RTCRtpSender', { getCapabilities: () => ({ codecs: [{ mimeType: 'video/H264' }] }) })
  // Devices that nobody has allowed yet: the question stays open.
  const devices = Object.assign(new EventTarget(), {
    getUserMedia: () => new Promise(() => {}),
    enumerateDevices: async () => [],
  })
  Object.defineProperty(navigator, 'mediaDevices', { value: devices, configurable: true })
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(invitation), { status: 200 }))
})

afterEach(() => {
  page.unmount()
  vi.unstubAllGlobals()
})

it('leads from the consents to the check, and a reload comes back to the check', async () => {
  await opened()
  await Server.last.answer('hello')
  await Server.last.show({})
  await page.find('input[type=checkbox]').setValue(true)
  await press('开始检测')
  expect(Server.last.sent).toContainEqual(
    expect.objectContaining({ type: 'consent', recording: true, face: false }),
  )
  await Server.last.answer('consent')
  expect(page.text()).toContain('请把脸放在椭圆框里')

  page.unmount()
  await opened()
  await Server.last.answer('hello')
  await Server.last.show({})
  expect(page.text()).toContain('请把脸放在椭圆框里')
})

it('shows the place in the queue, and leaves it', async () => {
  await opened()
  await Server.last.answer('hello')
  await Server.last.show({ phase: 'waiting', queue: waiting })
  expect(page.text()).toContain('当前排位')
  expect(page.text()).toContain('预计再等 4 分钟左右')
  await press('离开排队')
  expect(Server.last.sent).toContainEqual(expect.objectContaining({ type: 'leave_queue' }))
})

it('shows the sentence of the server when it refuses', async () => {
  await opened()
  await Server.last.answer('hello')
  await Server.last.show({ phase: 'waiting', queue: waiting })
  await press('离开排队')
  await Server.last.answer('leave_queue', { type: 'error', code: 'fault', message: '系统繁忙，请稍后再试' })
  expect(page.find('[role=alert]').text()).toBe('系统繁忙，请稍后再试')
})

it('shows the result, and again after a reload when the link is used up', async () => {
  await opened()
  await Server.last.answer('hello')
  await Server.last.show({ phase: 'ended', end: passed })
  expect(page.text()).toContain('面签已通过')
  expect(page.text()).toContain('20261123-000017')

  page.unmount()
  await opened()
  await Server.last.answer('hello', { type: 'error', code: 'link_used', message: '' })
  expect(page.text()).toContain('面签已通过')
})

it('asks before it takes over from another device', async () => {
  await opened()
  await Server.last.answer('hello', { type: 'error', code: 'in_use', message: '' })
  expect(page.text()).toContain('已在另一台设备上打开')
  await press('在这台设备上继续')
  expect(Server.last.sent).toContainEqual(expect.objectContaining({ type: 'hello', takeover: true }))
})
