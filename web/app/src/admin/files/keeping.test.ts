import { expect, test } from 'vitest'
import { isKept, keepingOf } from './keeping'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const free = { hold_reason: null, retain_until: null, retain_reason: null }
const held = { ...free, hold_reason: '诉讼保全' }
const retained = { ...free, retain_until: '2031-11-23T12:00:00Z', retain_reason: '合同到期后五年' }
const expired = { ...free, retain_until: '2026-11-23T12:00:00Z', retain_reason: '两日' }

test('a hold and a date to come keep a file, a date that is over does not', () => {
  expect([free, held, retained, expired].map((file) => isKept(file, NOW))).toEqual([false, true, true, false])
})

test('what keeps a file is told with its reason, both where there are two', () => {
  expect(keepingOf(free, NOW)).toEqual([])
  expect(keepingOf({ ...retained, ...{ hold_reason: '诉讼保全' } }, NOW)).toEqual([
    '保全中：诉讼保全',
    '保存至 2031-11-23：合同到期后五年',
  ])
  expect(keepingOf(expired, NOW)).toEqual(['留存期已于 2026-11-23 届满'])
})
