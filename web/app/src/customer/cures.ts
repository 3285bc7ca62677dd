import type { DeviceCause, DeviceKind } from '@mingjian/room'
import type texts from '@/texts/zh-CN/customer'

type Cures = (typeof texts)['cures']

/** Which drawing stands over the words. */
export type CurePicture = 'permission' | 'microphone' | 'busy' | 'network'

/** What to do about something that the check has found. */
export interface Cure {
  title: string
  steps: string[]
  picture: CurePicture | null
}

/** What to do about a device that cannot be had. */
export function deviceCure(cures: Cures, kind: DeviceKind, cause: DeviceCause): Cure {
  switch (cause) {
    case 'denied':
      return { ...cures[kind].denied, picture: 'permission' }
    case 'in_use':
      return { ...cures[kind].in_use, picture: 'busy' }
    case 'none':
    case 'lost':
      return { ...cures[kind][cause], picture: null }
    case 'unknown':
      return { ...cures.unknown, picture: 'busy' }
    case 'insecure':
    case 'unsupported':
      return { ...cures[cause], picture: null }
  }
}

export function silenceCure(cures: Cures): Cure {
  return { ...cures.silent, picture: 'microphone' }
}

export function networkCure(cures: Cures, finding: 'poor' | 'blocked'): Cure {
  return { ...(finding === 'poor' ? cures.network_poor : cures.network_blocked), picture: 'network' }
}
