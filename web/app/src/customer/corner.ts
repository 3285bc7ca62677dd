import { ref, type Ref } from 'vue'

/** A corner of the stage: left or right, top or bottom. */
export interface Corner {
  x: 'left' | 'right'
  y: 'top' | 'bottom'
}

/** The corner nearest to a point, both in the same pixels as the box. */
export function nearestCorner(x: number, y: number, box: { width: number; height: number }): Corner {
  return { x: x < box.width / 2 ? 'left' : 'right', y: y < box.height / 2 ? 'top' : 'bottom' }
}

export interface CornerDrag {
  corner: Ref<Corner>
  /** How far the finger has carried the thing from its corner; null while nobody holds it. */
  carried: Ref<{ x: number; y: number } | null>
  down(event: PointerEvent): void
  move(event: PointerEvent): void
  up(event: PointerEvent): void
  key(event: KeyboardEvent): void
}

/** A thing that lies in a corner and can be carried to another, by finger, mouse or arrow keys. */
export function useCornerDrag(stage: () => HTMLElement | undefined): CornerDrag {
  const corner = ref<Corner>({ x: 'right', y: 'bottom' })
  const carried = ref<{ x: number; y: number } | null>(null)
  let from: { x: number; y: number } | null = null

  return {
    corner,
    carried,
    down(event) {
      ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
      from = { x: event.clientX, y: event.clientY }
      carried.value = { x: 0, y: 0 }
    },
    move(event) {
      if (from) carried.value = { x: event.clientX - from.x, y: event.clientY - from.y }
    },
    up(event) {
      const box = stage()?.getBoundingClientRect()
      if (from && box) corner.value = nearestCorner(event.clientX - box.left, event.clientY - box.top, box)
      from = null
      carried.value = null
    },
    key(event) {
      if (event.key === 'ArrowLeft') corner.value = { ...corner.value, x: 'left' }
      else if (event.key === 'ArrowRight') corner.value = { ...corner.value, x: 'right' }
      else if (event.key === 'ArrowUp') corner.value = { ...corner.value, y: 'top' }
      else if (event.key === 'ArrowDown') corner.value = { ...corner.value, y: 'bottom' }
      else return
      event.preventDefault()
    },
  }
}
