import {
  grade,
  type CallState,
  type Holding,
  type Link,
  type MediaLink,
  type PersonQuality,
} from '@mingjian/room'
import type texts from '@/texts/zh-CN/customer'
import { secondsSince } from './moments'

type Texts = typeof texts

/** What a call has to say about itself; `act` is what its button does. */
export interface Notice {
  key: string
  tone: 'amber' | 'danger' | 'plain'
  text: string
  /** Whole seconds that are being counted; apart from the text, so that a screen reader does not say each one. */
  seconds?: number
  hint?: string
  button?: string
  act?: 'again' | 'camera' | 'microphone'
}

export interface CallFacts {
  me: string
  call: CallState
  signal: Link
  media: MediaLink
  quality: ReadonlyMap<string, PersonQuality>
  camera: Holding
  microphone: Holding
  speaking: boolean
  /** Milliseconds since the epoch. */
  now: number
}

/** The notices of this moment, the gravest first. While one's own line is broken the rest is not known. */
export function noticesOf(facts: CallFacts, texts: Texts): Notice[] {
  const words = texts.call
  if (facts.call.recording === 'failed')
    return [{ key: 'recording', tone: 'danger', text: words.recordingFailed }]
  if (facts.media.status === 'failed')
    return [{ key: 'media', tone: 'danger', text: facts.media.message, button: words.again, act: 'again' }]
  const broken = brokenSince(facts)
  if (broken !== null)
    return [
      {
        key: 'reconnecting',
        tone: 'danger',
        text: words.reconnecting,
        seconds: secondsSince(broken, facts.now),
        hint: words.reconnectingHint,
      },
    ]
  return [...lost(facts, texts), ...devices(facts, texts), ...line(facts, texts)]
}

/** Since when our own line is broken, whichever of its two halves went first. */
export function brokenSince({ signal, media }: Pick<CallFacts, 'signal' | 'media'>): number | null {
  const moments: number[] = []
  if (signal.status === 'reconnecting') moments.push(signal.since)
  if (media.status === 'reconnecting') moments.push(media.since)
  return moments.length > 0 ? Math.min(...moments) : null
}

function lost({ call, me, now }: CallFacts, texts: Texts): Notice[] {
  return call.people
    .filter((person) => person.presence === 'lost' && person.participant !== me)
    .map((person) => {
      const since = person.lost_at ? Date.parse(person.lost_at) : now
      const name = `${texts.call.role[person.role]}${person.name}`
      return {
        key: `lost ${person.participant}`,
        tone: 'amber',
        text: texts.call.otherLost(name),
        seconds: secondsSince(since, now),
      }
    })
}

function devices({ camera, microphone, speaking }: CallFacts, texts: Texts): Notice[] {
  const notices: Notice[] = []
  for (const [kind, holding] of [['microphone', microphone] as const, ['camera', camera] as const])
    if (holding.cause)
      notices.push({
        key: kind,
        tone: 'amber',
        text: texts.call.deviceLost(texts.check[kind], texts.causes[holding.cause]),
        button: texts.call.reopen,
        act: kind,
      })
  if (!speaking && microphone.track) notices.push({ key: 'muted', tone: 'plain', text: texts.call.muted })
  return notices
}

function line({ quality, me }: CallFacts, texts: Texts): Notice[] {
  const mine = quality.get(me)
  if (!mine) return []
  const loss = Math.max(mine.loss_up ?? 0, mine.loss_down ?? 0)
  const poor = grade({ round_trip_ms: mine.round_trip_ms, loss }) === 'poor'
  return poor ? [{ key: 'weak', tone: 'amber', text: texts.call.weak }] : []
}
