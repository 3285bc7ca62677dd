// What this browser keeps until the server has it: a list to draw, one sender per take, and the recorder that fills it.

import {
  IndexedShelf,
  isFinished,
  LocalRecorder,
  Sender,
  type Devices,
  type KeptTake,
  type Sending,
} from '@mingjian/room'
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Wish } from './studio'

/** A take on this machine, and how its way to the server is. */
export interface Waiting {
  take: KeptTake
  /** Null while it is being recorded, or for an order that this page is not about. */
  sending: Sending | null
  /** It was found when the page opened, and its recording had not ended as it should. */
  found: boolean
}

/** Looks after what is kept here. `headers` authorise the uploads, `orders` are those that this page may send for. */
export function useShelf(
  headers: () => Record<string, string>,
  orders: Readonly<Ref<string[]>>,
  onSent: () => void,
) {
  const shelf = new IndexedShelf()
  const items = shallowRef<Waiting[]>([])
  const senders = new Map<string, Sender>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function show(id: string, change: Partial<Waiting>) {
    items.value = items.value.map((item) => (item.take.id === id ? { ...item, ...change } : item))
  }

  /** Reads what is there and sends what can be sent. */
  async function look(): Promise<void> {
    clearTimeout(timer)
    const takes = await shelf.list().catch(() => [])
    if (closed) return
    items.value = takes
      // A recorder that ended before its first piece left nothing to send.
      .filter((take) => take.bytes > 0 || !isFinished(take))
      .map((take) => ({
        take,
        sending: senders.get(take.id)?.state.value ?? null,
        found: !take.ended && isFinished(take),
      }))
    for (const { take } of items.value)
      if (isFinished(take) && orders.value.includes(take.business_no) && !senders.has(take.id)) send(take)
    // One that another tab records is looked at again until it is finished.
    if (items.value.some(({ take }) => !isFinished(take))) timer = setTimeout(() => void look(), 2_000)
  }

  function send(take: KeptTake) {
    const sender = new Sender({ shelf, take, headers })
    senders.set(take.id, sender)
    sender.state.subscribe((sending) => {
      if (sending.status !== 'done') {
        show(take.id, { sending })
        return
      }
      senders.delete(take.id)
      items.value = items.value.filter((item) => item.take.id !== take.id)
      onSent()
    })
  }

  /** Begins to record into this browser. Throws when neither camera nor microphone is there, or nothing can be kept. */
  async function record(wish: Wish, devices: Devices) {
    const tracks = [devices.camera.value.track, devices.microphone.value.track].filter(
      (track) => track !== null,
    )
    const about = { business_no: wish.businessNo, video_type: wish.videoType, reason: wish.reason }
    const recorder = await LocalRecorder.start(new MediaStream(tracks), about, shelf)
    void look()
    return recorder
  }

  /** Throws a take away for good. */
  async function discard(id: string): Promise<void> {
    senders.get(id)?.close()
    senders.delete(id)
    await shelf.remove(id).catch(() => undefined)
    await look()
  }

  void look()
  watch(orders, () => void look())
  onScopeDispose(() => {
    closed = true
    clearTimeout(timer)
    for (const sender of senders.values()) sender.close()
  })
  return { items, look, record, discard }
}
