import { afterEach, expect, test, vi } from 'vitest'
import { serve, tellHost } from './bridge.ts'
import { linesOf, base64Of } from './watermark.ts'

const native = vi.fn<(text: string) => void>()
const host = window as Window & { MingjianNative?: { postMessage(text: string): void } }
let close: () => void = () => undefined

function start() {
  host.MingjianNative = { postMessage: native }
  const bridge = serve({
    twice: ({ n }: { n: number }) => n * 2,
    breaks: () => Promise.reject(new Error('no')),
  })
  close = bridge.close
  return bridge
}

afterEach(() => {
  close()
  delete host.MingjianNative
  native.mockReset()
})

function post(data: unknown, from: { source?: Window | null; origin?: string } = {}) {
  const event = new MessageEvent('message', { data, source: window, origin: location.origin, ...from })
  window.dispatchEvent(event)
  // Whatever is going to happen happens before the next turn.
  return new Promise((resolve) => setTimeout(resolve))
}

const heard = () => native.mock.calls.map(([text]) => JSON.parse(text) as { id?: number; result?: unknown })

test('a verb is carried out and its result comes back under the same id', async () => {
  start()
  await post({ mingjian: 1, id: 7, verb: 'twice', params: { n: 21 } })
  expect(heard()).toEqual([{ mingjian: 1, id: 7, result: 42 }])
})

test('Android posts text, and gets an answer as well', async () => {
  start()
  await post(JSON.stringify({ mingjian: 1, id: 'a', verb: 'twice', params: { n: 1 } }), { origin: '' })
  expect(heard()[0]?.result).toBe(2)
})

test.each(['constructor', 'toString', 'nothing'])('a verb that there is not is told: %s', async (verb) => {
  start()
  await post({ mingjian: 1, id: 1, verb })
  expect(heard()[0]?.result).toMatchObject({ code: 404, success: false })
})

test('a verb that breaks tells nothing of how', async () => {
  start()
  await post({ mingjian: 1, id: 1, verb: 'breaks' })
  expect(heard()[0]?.result).toMatchObject({ code: 500, success: false })
})

test('other windows, other origins and other messages are not heard', async () => {
  start()
  const ask = { mingjian: 1, id: 1, verb: 'twice', params: { n: 1 } }
  for (const [data, from] of [
    [ask, { source: null }],
    [ask, { origin: 'https://evil.example' }],
    ['{', {}],
    [{ ...ask, mingjian: 2 }, {}],
    [{ mingjian: 1, verb: 'twice' }, {}],
    [null, {}],
  ] as const) {
    await post(data, from)
    expect(native).not.toHaveBeenCalled()
  }
})

test('each kind of app is told in its own way', () => {
  const apple = vi.fn()
  const mini = vi.fn()
  expect(tellHost({ a: 1 }, { webkit: { messageHandlers: { mingjian: { postMessage: apple } } } })).toBe(true)
  expect(tellHost({ a: 1 }, { wx: { miniProgram: { postMessage: mini } } })).toBe(true)
  expect(tellHost({ a: 1 }, {})).toBe(false)
  expect(apple).toHaveBeenCalledWith({ a: 1 })
  expect(mini).toHaveBeenCalledWith({ data: { a: 1 } })
})

test('a watermark is company, user, time and place', () => {
  const now = new Date(2026, 10, 5, 9, 3, 7)
  const mark = { companyName: '示例银行', userName: '张三' }
  expect(linesOf(mark, now)).toEqual(['示例银行', '张三', '2026-11-05 09:03:07'])
  expect(linesOf({ ...mark, time: 't', location: '上海' }, now)).toEqual(['示例银行', '张三', 't', '上海'])
  expect(base64Of('data:image/png;base64,AAAA')).toBe('AAAA')
  expect(base64Of('AAAA')).toBe('AAAA')
})
