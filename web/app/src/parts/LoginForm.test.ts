import { flushPromises, mount } from '@vue/test-utils'
import ElementPlus from 'element-plus'
import { afterEach, expect, test, vi } from 'vitest'
import LoginForm from './LoginForm.vue'

afterEach(() => {
  vi.unstubAllGlobals()
})

async function logInWith(answer: Response, password = 'secret') {
  const asked = vi.fn(async () => answer)
  vi.stubGlobal('fetch', asked)
  const form = mount(LoginForm, { props: { page: '坐席工作台' }, global: { plugins: [ElementPlus] } })
  await form.get('input[name=username]').setValue(' agent1 ')
  await form.get('input[name=password]').setValue(password)
  await form.get('form').trigger('submit')
  await flushPromises()
  return { form, asked }
}

test('the right password lets in', async () => {
  const user = { id: '1', login: 'agent1', name: '王敏' }
  const { form, asked } = await logInWith(Response.json({ user, csrf_token: 't' }))
  expect(form.emitted('enter')).toEqual([[user]])
  expect(asked).toHaveBeenCalledWith(
    '/api/v1/session',
    expect.objectContaining({ body: '{"login":"agent1","password":"secret"}' }),
  )
})

test('a wrong password is said and has to be typed anew', async () => {
  const problem = { title: '账号或密码不正确', detail: '请核对后重试' }
  const { form } = await logInWith(Response.json(problem, { status: 401 }))
  expect(form.get('[role=alert]').text()).toContain('账号或密码不正确')
  expect(form.get<HTMLInputElement>('input[name=password]').element.value).toBe('')
  expect(form.emitted('enter')).toBeUndefined()
})

test('a locked account tells until when', async () => {
  const { form } = await logInWith(Response.json({}, { status: 429, headers: { 'Retry-After': '600' } }))
  expect(form.get('[role=alert]').text()).toMatch(/已锁定.*\d\d:\d\d:\d\d/)
})

test('without a password nothing is sent', async () => {
  const { form, asked } = await logInWith(Response.json({}), '')
  expect(asked).not.toHaveBeenCalled()
  expect(form.get('[role=alert]').text()).toContain('请输入账号和密码')
})
