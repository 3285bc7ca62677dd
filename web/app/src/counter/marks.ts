// How far a video type of an order is, in one word for its tab.

import { isFinished, type KeptTake } from '@mingjian/room'
import type { Take, VideoStatus } from '@/api/counter'

export type Mark = VideoStatus | 'none' | 'local'

/**
 * What is going on wins over what counts; a take that waits on this machine is told unless the server has a newer one
 * on its way.
 */
export function markOf(takes: Take[], waiting: KeptTake[], order: string, type: string): Mark {
  const mine = takes.filter((take) => take.businessNo === order && take.videoType === type && !take.voided)
  const going = mine.find((take) => take.videoStatus === '0' || take.videoStatus === '1')
  if (going) return going.videoStatus
  const kept = waiting.filter((take) => take.business_no === order && take.video_type === type)
  if (kept.some((take) => !isFinished(take))) return '1'
  if (kept.length > 0) return 'local'
  return mine.find((take) => take.newest)?.videoStatus ?? 'none'
}
