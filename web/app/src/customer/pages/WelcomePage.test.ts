import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import WelcomePage from './WelcomePage.vue'

let page: VueWrapper | undefined
afterEach(() => page?.unmount())

function opened(): VueWrapper {
  page = mount(WelcomePage, {
    attachTo: document.body,
    props: {
      invitation: {
        tenant_name: '示例银行',
        product_name: '华楼通',
        business_no: 'A3239239',
        name: '张*',
        state: 'open',
        expires_at: '2026-11-30T00:00:00Z',
        queue: { name: '个贷面签', open: true, opens_at: null },
        consents: { recording: { version: '1', text: '全程录音录像' }, face: { version: '1', text: '人脸' } },
        identity_check: false,
        return_url: null,
      },
      busy: false,
      problem: null,
    },
  })
  return page
}

const start = (welcome: VueWrapper) =>
  welcome.findAll('button').find((button) => button.text() === '开始检测')

it('says what is missing, and goes there, when one starts without consent to the recording', async () => {
  const welcome = opened()
  await start(welcome)?.trigger('click')
  expect(welcome.emitted('agree')).toBeUndefined()
  expect(welcome.find('[role=alert]').text()).toContain('请先勾选')
  expect(document.activeElement).toBe(welcome.find('input[type=checkbox]').element)
})

it('goes on without the consent to face recognition', async () => {
  const welcome = opened()
  expect(welcome.text()).toContain('人工核对')
  await welcome.findAll('input[type=checkbox]')[0]?.setValue(true)
  await start(welcome)?.trigger('click')
  expect(welcome.emitted('agree')).toEqual([[{ recording: true, face: false }]])
})

it('has no link or button inside the label of a checkbox', () => {
  const labels = opened().findAll('label')
  expect(labels.map((label) => label.text())).toEqual(['我已阅读并同意录音录像', '我同意人脸识别'])
  expect(labels.every((label) => label.findAll('a, button').length === 0)).toBe(true)
})
