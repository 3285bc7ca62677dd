// The way of this page into the room of a take: it sends picture and sound and watches whether the server keeps them.

import { Call, Live, Scope, Signal, type Devices, type GuestState } from '@mingjian/room'
import type { Room, Way } from './studio'

/** Enters with a ticket. What it opened is given back by `close`; the devices stay with the page. */
export function enterRoom(options: { ticket: string; device: string; devices: Devices }): Room {
  const { ticket, device, devices } = options
  const way = new Live<Way>('joining')
  const scope = new Scope()
  const signal = new Signal<GuestState>({ hello: { as: 'guest', ticket, device } })
  scope.add(() => signal.close())
  let call: Call | null = null
  scope.add(() => call?.close())

  const look = () => {
    if (scope.closed || way.value === 'over') return
    way.set(wayOf())
  }
  const wayOf = (): Way => {
    const link = signal.link.value
    const { room, end } = signal.state.value ?? { room: null, end: null }
    const was_on = way.value === 'on' || way.value === 'lost'
    if (link.status === 'closed' || end || room?.recording === 'failed') return 'over'
    if (was_on && room?.recording === 'off') return 'over'
    if (room?.open && !call) {
      call = new Call({ signal, devices })
      scope.add(call.link.subscribe(() => queueMicrotask(look)))
    }
    const on = link.status === 'open' && room?.recording === 'on' && call?.link.value.status === 'connected'
    if (on) return 'on'
    return was_on ? 'lost' : 'joining'
  }
  scope.add(signal.state.subscribe(look))
  scope.add(signal.link.subscribe(look))
  return { way, close: () => scope.close() }
}
