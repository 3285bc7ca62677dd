import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import {
  Level,
  NetworkCheck,
  type CheckReport,
  type CustomerState,
  type Devices,
  type Holding,
  type LevelReading,
  type NetworkFinding,
  type Signal,
} from '@mingjian/room'
import { useLive } from '@/parts/live'

/** The check of camera, microphone and network as a page shows it. */
export interface Checkup {
  camera: Readonly<Ref<Holding>>
  microphone: Readonly<Ref<Holding>>
  /** Null where the browser cannot listen to its own microphone. */
  reading: Readonly<Ref<LevelReading | null>>
  network: Readonly<Ref<NetworkFinding>>
  /** The network has been looked at, well or badly. */
  done: ComputedRef<boolean>
  /** Nothing keeps the person from queueing. */
  passed: ComputedRef<boolean>
  run(): void
}

export function useCheckup(signal: Signal<CustomerState>, devices: Devices): Checkup {
  const camera = useLive(devices.camera)
  const microphone = useLive(devices.microphone)
  const reading = shallowRef<LevelReading | null>(null)
  const network = shallowRef<NetworkFinding>({ status: 'running' })
  const round = ref(0)
  let release = () => {}

  async function check(): Promise<void> {
    release()
    const mine = ++round.value
    network.value = { status: 'running' }
    if (!devices.camera.value.track || !devices.microphone.value.track) await devices.open()
    if (round.value !== mine) return

    const endings: (() => void)[] = []
    release = () => endings.splice(0).forEach((end) => end())
    endings.push(
      devices.microphone.subscribe((holding) => {
        reading.value = null
        if (!holding.track) return
        const level = new Level(holding.track)
        if (level.works) endings.push(level.reading.subscribe((now) => (reading.value = now)))
        endings.push(() => level.close())
      }),
    )
    const check = new NetworkCheck({ signal, devices })
    endings.push(() => check.close())
    endings.push(
      check.finding.subscribe((finding) => {
        network.value = finding
        if (finding.status === 'done') void note({ ...finding.report })
      }),
    )
  }

  /** The seat sees the figures later; a note that gets lost is no reason to keep the customer. */
  async function note(
    figures: Pick<CheckReport, 'round_trip_ms' | 'loss' | 'up_kbps' | 'down_kbps'>,
  ): Promise<void> {
    const heard = reading.value?.heard ?? true
    const report: CheckReport = {
      camera: camera.value.cause ?? 'ok',
      microphone: microphone.value.cause ?? (heard ? 'ok' : 'silent'),
      ...figures,
    }
    await signal.request('check', report).catch(() => {})
  }

  onScopeDispose(() => {
    round.value++
    release()
  })

  const done = computed(() => network.value.status !== 'running')
  return {
    camera,
    microphone,
    reading,
    network,
    done,
    passed: computed(
      () => camera.value.track !== null && microphone.value.track !== null && network.value.status === 'done',
    ),
    run: () => void check(),
  }
}
