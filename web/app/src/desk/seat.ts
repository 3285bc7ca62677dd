// What the desk's components share: the connection, the newest state, the devices, and the call while there is one.

import {
  Call,
  Devices,
  keepAwake,
  Refused,
  Screen,
  Signal,
  type ClosedWhy,
  type Requests,
  type SeatState,
} from '@mingjian/room'
import { computed, inject, onScopeDispose, provide, shallowRef, watch, type InjectionKey } from 'vue'
import { useLive } from '@/parts/live'
import { useDeskTexts } from '@/texts/desk'

export type Seat = ReturnType<typeof createSeat>

const key: InjectionKey<Seat> = Symbol('seat')

/** The seat of this page, for components below the one that made it. */
export function useSeat(): Seat {
  const seat = inject(key)
  if (!seat) throw new Error('useSeat is called outside the desk')
  return seat
}

/** Makes the seat and hands it to the components below. `onClosed` is told when the connection ends for good. */
export function provideSeat(onClosed: (why: ClosedWhy) => void): Seat {
  const seat = createSeat(onClosed)
  provide(key, seat)
  return seat
}

function createSeat(onClosed: (why: ClosedWhy) => void) {
  const texts = useDeskTexts()
  const signal = new Signal<SeatState>({ hello: { as: 'seat' } })
  const devices = new Devices()
  const screen = new Screen()
  const state = useLive(signal.state)
  const link = useLive(signal.link)
  const call = shallowRef<Call | null>(null)
  /** The sentence of the last request that was refused; empty when all is well. */
  const problem = shallowRef('')

  /** Another tab has the desk now, or nobody: what this one last knew is not its business any more. */
  const closed = computed(() => link.value.status === 'closed')
  const inCall = computed(() => !closed.value && state.value?.call?.state === 'in_call')
  const interview = computed(() => (inCall.value ? (state.value?.call?.interview ?? null) : null))
  const needsDevices = computed(() => inCall.value || (!closed.value && (state.value?.ready ?? false)))

  watch(interview, (now) => {
    call.value?.close()
    screen.stop()
    call.value = now === null ? null : new Call({ signal, devices, screen })
  })
  watch(needsDevices, (needed) => {
    if (needed) void devices.open()
    else for (const kind of ['camera', 'microphone'] as const) devices.turnOff(kind)
  })
  watch(link, (now) => {
    if (now.status === 'closed') onClosed(now.why)
  })
  // A computer that goes to sleep ends the call.
  let sleep: (() => void) | null = null
  watch(inCall, (now) => {
    sleep?.()
    sleep = now ? keepAwake() : null
  })

  onScopeDispose(() => {
    sleep?.()
    call.value?.close()
    screen.stop()
    devices.close()
    signal.close()
  })

  /** Asks the server; a refusal becomes the `problem` to show. Tells whether it was done. */
  async function ask<K extends keyof Requests>(type: K, words: Requests[K]): Promise<boolean> {
    problem.value = ''
    try {
      await signal.request(type, words)
      return true
    } catch (error) {
      problem.value = error instanceof Refused ? error.message : texts.failed.unreachable
      return false
    }
  }

  return { signal, state, link, devices, screen, call, inCall, problem, ask }
}
