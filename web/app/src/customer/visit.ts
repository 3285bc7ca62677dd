import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { Devices, Refused, Signal, support, type CustomerState, type Link } from '@mingjian/room'
import { findInvitation, type Invitation } from '@/api/invitations'
import { ApiError } from '@/api/problem'
import { useLive } from '@/parts/live'
import { deviceId } from './device-id'
import { placeOf, type Place } from './place'

/** One customer's stay on the page, from the link to the end. */
export interface Visit {
  place: ComputedRef<Place>
  link: Readonly<ShallowRef<Link>>
  invitation: Readonly<ShallowRef<Invitation | null>>
  signal: Signal<CustomerState>
  devices: Devices
  /** Stores the consents and goes on to the check. Throws what `Signal.request` throws. */
  agree(consents: { recording: boolean; face: boolean }): Promise<void>
  /** Joins the queue; a closed one becomes the place. Throws what `Signal.request` throws for the rest. */
  enqueue(): Promise<void>
  /** From the end back to the beginning, with the same link. */
  startAgain(): void
  /** What the button of a trouble page does. */
  retry(): void
  takeOver(): void
}

/** Storage that lives as long as the tab: a reload comes back to the same step. */
const STEP_KEY = 'mingjian.step'

export function useVisit(code: string): Visit {
  const able = support()
  const invitation = shallowRef<Invitation | null>(null)
  const problem = ref<string | null>(null)
  const step = ref(rememberedStep(code))
  const again = ref(false)
  const closed = ref<{ opens_at: string | null } | null>(null)

  const signal = new Signal<CustomerState>({
    hello: { as: 'customer', code, device: deviceId(), takeover: false },
  })
  onScopeDispose(() => signal.close())
  const devices = new Devices()
  onScopeDispose(() => devices.close())
  const state = useLive(signal.state)
  const link = useLive(signal.link)
  // A browser that cannot hold a call must not occupy the link.
  if (!able.ok) signal.close()

  const place = computed(() =>
    placeOf({
      support: able,
      link: link.value,
      state: state.value,
      invitation: invitation.value,
      invitation_problem: problem.value,
      step: step.value,
      again: again.value,
      closed: closed.value,
    }),
  )

  async function load(): Promise<void> {
    problem.value = null
    try {
      invitation.value = await findInvitation(code)
    } catch (error) {
      problem.value = error instanceof ApiError ? error.type : 'unexpected'
    }
  }

  function goTo(next: 'welcome' | 'check'): void {
    step.value = next
    rememberStep(code, next)
  }

  if (able.ok) void load()
  onScopeDispose(
    signal.link.subscribe(({ status }) => {
      // What failed for want of a network is asked again when it is back.
      if (status === 'open' && problem.value === 'network') void load()
    }),
  )
  onScopeDispose(
    signal.state.subscribe((now) => {
      if (!now) return
      if (now.phase === 'waiting' || now.phase === 'call') {
        again.value = false
        // Whoever leaves the queue later begins with the consents.
        goTo('welcome')
      }
    }),
  )

  return {
    place,
    link,
    invitation,
    signal,
    devices,
    async agree(consents) {
      await signal.request('consent', consents)
      goTo('check')
    },
    async enqueue() {
      try {
        await signal.request('enqueue', {})
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        if (error.code === 'queue_closed') closed.value = { opens_at: error.opens_at }
        else if (error.code === 'consent_missing') goTo('welcome')
        else if (error.code !== 'already_waiting') throw error
      }
    },
    startAgain() {
      again.value = true
      goTo('welcome')
      void load()
    },
    retry() {
      closed.value = null
      void load()
      if (signal.link.value.status === 'closed') signal.reopen()
      else signal.nudge()
    },
    takeOver: () => signal.takeOver(),
  }
}

function rememberedStep(code: string): 'welcome' | 'check' {
  try {
    return sessionStorage.getItem(STEP_KEY) === `check ${code}` ? 'check' : 'welcome'
  } catch {
    return 'welcome'
  }
}

function rememberStep(code: string, step: 'welcome' | 'check'): void {
  try {
    sessionStorage.setItem(STEP_KEY, `${step} ${code}`)
  } catch {
    // A reload then begins with the consents again.
  }
}
