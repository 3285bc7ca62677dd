import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { afterEach, expect, test } from 'vitest'
import VerdictBar from './VerdictBar.vue'

let bar: ReturnType<typeof open> | null = null
afterEach(() => {
  bar?.unmount()
  document.body.innerHTML = ''
})

function open(enabled = true) {
  return mount(VerdictBar, {
    props: { enabled, busy: false },
    global: { plugins: [ElementPlus] },
    attachTo: document.body,
  })
}
const button = (name: string) => {
  const found = [...document.querySelectorAll('button')].find((each) => each.textContent?.trim() === name)
  if (!found) throw new Error(`no button ${name}`)
  return found
}
const press = async (name: string) => {
  button(name).click()
  await flushPromises()
}

test('通过 is decided at once and without a reason', async () => {
  bar = open()
  await press('通过')
  expect(bar.emitted('decide')).toEqual([['pass', null]])
})

test('拒绝 is not decided before a reason is given', async () => {
  bar = open()
  await press('拒绝')
  await press('确定')
  expect(bar.emitted('decide')).toBeUndefined()
  expect(document.body.textContent).toContain('请选择或填写原因')
  await press('非本人办理')
  await press('确定')
  expect(bar.emitted('decide')).toEqual([['refuse', '非本人办理']])
})

test('a common reason can be taken back, and a second one joined', async () => {
  bar = open()
  await press('待补充')
  await press('缺少收入证明')
  await press('需要配偶到场')
  await press('缺少收入证明')
  await press('联系方式需要更新')
  await press('确定')
  expect(bar.emitted('decide')).toEqual([['supplement', '需要配偶到场\uff1b联系方式需要更新']])
})

test('without a call there is nothing to decide', () => {
  bar = open(false)
  for (const name of ['通过', '拒绝', '待补充']) expect(button(name).disabled).toBe(true)
})
