import { expect, it } from 'vitest'
import texts from '@/texts/zh-CN/customer'
import type { Trouble } from './place'
import { planFor } from './trouble'

const now = new Date(2026, 10, 23, 20, 0)
const plan = (trouble: Trouble) => planFor(trouble, texts, now)

it('gives every trouble a title, something to do and a button', () => {
  const kinds = [
    'link_unknown',
    'link_expired',
    'link_used',
    'elsewhere',
    'network',
    'page_old',
    'unexpected',
  ] as const
  for (const kind of kinds) {
    const { title, steps, button } = plan({ kind })
    expect(title && steps.length > 0 && button.label, kind).toBeTruthy()
  }
})

it('tells when a closed queue opens, if anybody knows', () => {
  const at = new Date(2026, 10, 24, 9, 0).toISOString()
  expect(plan({ kind: 'queue_closed', opens_at: at }).steps[0]).toContain('明天 09:00')
  expect(plan({ kind: 'queue_closed', opens_at: null }).steps[0]).toBe(
    texts.trouble.queue_closed.opensUnknown,
  )
})

it('sends a customer in WeChat first to its menu, then to a browser', () => {
  const { steps, button } = plan({
    kind: 'browser',
    support: { ok: false, why: 'browser', inside: 'wechat', open_in: 'safari' },
  })
  expect(steps[0]).toBe(texts.trouble.browser.inWechat)
  expect(steps[1]).toContain('Safari')
  expect(button.act).toBe('copy_link')
})
