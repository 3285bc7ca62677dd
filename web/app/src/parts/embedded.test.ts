import { afterEach, expect, test, vi } from 'vitest'
import { goBack, rememberWayBack, takeToken } from './embedded'

afterEach(() => {
  sessionStorage.clear()
  vi.restoreAllMocks()
  history.replaceState(null, '', '/')
})

test('the token is taken out of the address and nothing else is', () => {
  history.replaceState(null, '', '/desk?a=1&token=beef#part')
  expect(takeToken().value).toBe('beef')
  expect(location.search + location.hash).toBe('?a=1#part')
  expect(takeToken().value).toBe(null)
})

test('a token behind the hash goes to no server and is taken as well', () => {
  history.replaceState(null, '', '/desk#token=beef')
  expect(takeToken().value).toBe('beef')
  expect(location.hash).toBe('')
})

test('the way back is gone once, and only where there is one', () => {
  const went = vi.spyOn(location, 'assign').mockImplementation(() => undefined)
  goBack()
  rememberWayBack('https://bank.example/done')
  goBack()
  goBack()
  expect(went).toHaveBeenCalledExactlyOnceWith('https://bank.example/done')
  rememberWayBack('https://bank.example/done')
  rememberWayBack(null)
  goBack()
  expect(went).toHaveBeenCalledOnce()
})
