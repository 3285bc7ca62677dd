import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { Devices, Refused, Signal, support, type CustomerState, type Link } from '@mingjian/room'
import { findInvitation, type Invitation } from '@/api/invitations'
import { ApiError } from '@/api/problem'
import { useLive } from '@/parts/live'
import { deviceId } from './device-id'
import { placeOf, type Place } from './place'
import { recall, remember, type Remembered } from './tab-memory'

/** One customer's stay on the page, from the link to the end. */
export interface Visit {
  place: ComputedRef<Place>
  link: Readonly<ShallowRef<Link>>
  /** The name of the institution, as soon as it is known. */
  tenant: ComputedRef<string | undefined>
  /** Where the business system wants the customer back, if it said so. */
  back: ComputedRef<string | null>
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

export function useVisit(code: string): Visit {
  const able = support()
  const invitation = shallowRef<Invitation | null>(null)
  const problem = ref<string | null>(null)
  const memory = shallowRef(recall(code))
  const closed = ref<{ opens_at: string | null } | null>(null)
  /** Chosen to begin again, while the server still says how the last interview ended. */
  let again = false

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

  const tenant = computed(() => invitation.value?.tenant_name ?? memory.value.ended?.tenant ?? undefined)
  const back = computed(() => invitation.value?.return_url ?? memory.value.ended?.back ?? null)
  const place = computed(() =>
    placeOf({
      support: able,
      link: link.value,
      state: state.value,
      invitation: invitation.value,
      invitation_problem: problem.value,
      step: memory.value.step,
      ended: memory.value.ended?.end ?? null,
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

  function keep(change: Partial<Remembered>): void {
    memory.value = { ...memory.value, ...change }
    remember(code, memory.value)
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
      if (now?.phase === 'waiting' || now?.phase === 'call') {
        again = false
        // Whoever leaves the queue or the call begins with the consents.
        keep({ step: 'welcome', ended: null })
      } else if (now?.end && !again)
        keep({ ended: { end: now.end, tenant: tenant.value ?? null, back: back.value } })
    }),
  )

  return {
    place,
    link,
    tenant,
    back,
    signal,
    devices,
    async agree(consents) {
      await signal.request('consent', consents)
      keep({ step: 'check' })
    },
    async enqueue() {
      try {
        await signal.request('enqueue', {})
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        if (error.code === 'queue_closed') closed.value = { opens_at: error.opens_at }
        else if (error.code === 'consent_missing') keep({ step: 'welcome' })
        else if (error.code !== 'already_waiting') throw error
      }
    },
    startAgain() {
      again = true
      keep({ step: 'welcome', ended: null })
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
