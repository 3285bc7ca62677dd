import { afterEach, expect, test, vi } from 'vitest'
import { addressOf, get, post } from './http'
import { ApiError } from './problem'
import { logIn, logOut } from './session'

afterEach(() => {
  vi.unstubAllGlobals()
})

function answering(...responses: (Response | Error)[]) {
  const asked = vi.fn(async (_address: string, _init: RequestInit) => {
    const next = responses.shift()
    if (next === undefined) throw new Error('asked more often than answered')
    if (next instanceof Error) throw next
    return next
  })
  vi.stubGlobal('fetch', asked)
  return asked
}

const session = { user: { id: '1', login: 'agent1' }, csrf_token: 'token-1' }
const headersOf = (asked: ReturnType<typeof answering>, call: number) =>
  asked.mock.calls[call]?.[1].headers as Record<string, string>

test('empty filters are not asked for', () => {
  expect(addressOf('/x', { a: '', b: null, c: undefined })).toBe('/x')
  expect(addressOf('/x', { customer: '张三', page: 0 })).toBe('/x?customer=%E5%BC%A0%E4%B8%89&page=0')
})

test('writes carry the token of the session, reads do not, and logging out forgets it', async () => {
  const asked = answering(
    Response.json(session),
    Response.json({}),
    new Response(null, { status: 204 }),
    new Response(null, { status: 204 }),
    new Response(null, { status: 204 }),
  )
  await logIn('agent1', 'secret')
  await get('/read')
  await post('/write')
  await logOut()
  await post('/write')
  expect(headersOf(asked, 1)['X-CSRF-Token']).toBeUndefined()
  expect(headersOf(asked, 2)['X-CSRF-Token']).toBe('token-1')
  expect(headersOf(asked, 3)['X-CSRF-Token']).toBe('token-1')
  expect(headersOf(asked, 4)['X-CSRF-Token']).toBeUndefined()
})

test('no answer at all is an error with a sentence too', async () => {
  answering(new TypeError('Failed to fetch'))
  const error = await get('/read').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ status: 0, type: 'network' })
})
