import type texts from '@/texts/zh-CN/customer'
import { openingOf } from './moments'
import type { Trouble } from './place'

type Words = (typeof texts)['trouble']

/** What a trouble page says, and what its button does. */
export interface TroublePlan {
  title: string
  steps: readonly string[]
  icon: 'link' | 'device' | 'network' | 'clock' | 'warn'
  button: { label: string; act: 'retry' | 'take_over' | 'reload' | 'copy_link' }
}

export function planFor(
  trouble: Trouble,
  all: Pick<typeof texts, 'trouble' | 'time'>,
  now: Date,
): TroublePlan {
  const words = all.trouble
  switch (trouble.kind) {
    case 'link_unknown':
    case 'link_expired':
    case 'link_used':
      return { ...words[trouble.kind], icon: 'link', button: { label: words.linkAgain, act: 'retry' } }
    case 'elsewhere':
      return {
        ...words.elsewhere,
        icon: 'device',
        button: { label: words.elsewhere.action, act: 'take_over' },
      }
    case 'network':
      return { ...words.network, icon: 'network', button: { label: words.network.action, act: 'retry' } }
    case 'page_old':
      return { ...words.page_old, icon: 'warn', button: { label: words.page_old.action, act: 'reload' } }
    case 'unexpected':
      return { ...words.unexpected, icon: 'warn', button: { label: words.unexpected.action, act: 'reload' } }
    case 'queue_closed': {
      const { title, opens, opensUnknown, action } = words.queue_closed
      const when = trouble.opens_at ? openingOf(trouble.opens_at, now, all.time) : null
      const steps = [when ? opens(when) : opensUnknown]
      return { title, steps, icon: 'clock', button: { label: action, act: 'retry' } }
    }
    case 'browser':
      return {
        title: words.browser.titles[trouble.support.why],
        steps: browserSteps(trouble.support, words.browser),
        icon: 'device',
        button: { label: words.browser.copy, act: 'copy_link' },
      }
  }
}

function browserSteps(
  support: Extract<Trouble, { kind: 'browser' }>['support'],
  words: Words['browser'],
): string[] {
  if (support.why === 'insecure') return [words.insecure]
  const steps = [words.openIn[support.open_in], words.update]
  if (support.inside === 'wechat') return [words.inWechat, ...steps]
  return support.inside === 'other_app' ? [words.inOtherApp, ...steps] : steps
}
