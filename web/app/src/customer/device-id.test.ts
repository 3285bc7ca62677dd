import { beforeEach, expect, it, vi } from 'vitest'
import { deviceId } from './device-id'

beforeEach(() => sessionStorage.clear())

it('is 128 bits in hex and survives a reload', () => {
  const first = deviceId()
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(deviceId()).toBe(first)
})

it('differs between tabs', () => {
  const first = deviceId()
  sessionStorage.clear()
  expect(deviceId()).not.toBe(first)
})

it('is made anew when something else lies in its place', () => {
  sessionStorage.setItem('mingjian.device', 'tampered')
  expect(deviceId()).toMatch(/^[0-9a-f]{32}$/)
})

it('works where storage is forbidden', () => {
  const forbidden = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError')
  })
  expect(deviceId()).toMatch(/^[0-9a-f]{32}$/)
  forbidden.mockRestore()
})
