import type { DeviceCause, DeviceKind } from '@mingjian/room'
import type texts from '@/texts/zh-CN/customer'

type Cures = (typeof texts)['cures']

/** What to do about a device that cannot be had. */
export function deviceCure(
  cures: Cures,
  kind: DeviceKind,
  cause: DeviceCause,
): { title: string; steps: string[] } {
  switch (cause) {
    case 'denied':
    case 'none':
    case 'in_use':
    case 'lost':
      return cures[kind][cause]
    case 'insecure':
    case 'unsupported':
    case 'unknown':
      return cures[cause]
  }
}
