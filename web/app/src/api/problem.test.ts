import { expect, test } from 'vitest'
import { ApiError, isLoggedOut, problemOf, readRetryAfter, sentenceOf } from './problem'

const problem = (status: number, body: string, headers: Record<string, string> = {}) =>
  problemOf(new Response(body, { status, headers }))

test('a problem keeps its short type, its title and what to do', async () => {
  const error = await problem(
    410,
    '{"type":"/problems/link-expired","title":"链接已过期","status":410,"detail":"请联系发送链接的工作人员重新发送"}',
  )
  expect(error).toMatchObject({ status: 410, type: 'link-expired', title: '链接已过期' })
  expect(sentenceOf(error)).toBe('链接已过期。请联系发送链接的工作人员重新发送')
})

test('an answer that is no problem at all still gives a sentence', async () => {
  const error = await problem(502, '<html>Bad gateway</html>')
  expect(error.type).toBe('about:blank')
  expect(sentenceOf(error)).toContain('502')
})

test('a lock tells how long it lasts', async () => {
  expect((await problem(429, '{}', { 'Retry-After': '90' })).retryAfterS).toBe(90)
  expect((await problem(401, '{}')).retryAfterS).toBeNull()
})

test('Retry-After may be a date', () => {
  const now = Date.parse('Mon, 23 Nov 2026 00:00:00 GMT')
  expect(readRetryAfter('Mon, 23 Nov 2026 00:01:00 GMT', now)).toBe(60)
  expect(readRetryAfter('Sun, 22 Nov 2026 00:00:00 GMT', now)).toBe(0)
  expect(readRetryAfter('soon', now)).toBeNull()
})

test('only a 401 means logged out', () => {
  expect(isLoggedOut(new ApiError(401, 'x', 'x', ''))).toBe(true)
  expect(isLoggedOut(new ApiError(403, 'x', 'x', ''))).toBe(false)
  expect(isLoggedOut(new TypeError('x'))).toBe(false)
})
