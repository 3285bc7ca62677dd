import { expect, it } from 'vitest'
import { nearestCorner, useCornerDrag } from './corner'

it('finds the nearest corner', () => {
  const box = { width: 400, height: 800 }
  expect(nearestCorner(10, 10, box)).toEqual({ x: 'left', y: 'top' })
  expect(nearestCorner(390, 10, box)).toEqual({ x: 'right', y: 'top' })
  expect(nearestCorner(10, 790, box)).toEqual({ x: 'left', y: 'bottom' })
})

it('moves by arrow keys and leaves other keys alone', () => {
  const { corner, key } = useCornerDrag(() => undefined)
  key(new KeyboardEvent('keydown', { key: 'ArrowLeft' }))
  key(new KeyboardEvent('keydown', { key: 'ArrowUp' }))
  expect(corner.value).toEqual({ x: 'left', y: 'top' })
  const tab = new KeyboardEvent('keydown', { key: 'Tab', cancelable: true })
  key(tab)
  expect(tab.defaultPrevented).toBe(false)
})

it('follows the finger and settles in the corner where it was let go', () => {
  const stage = document.createElement('div')
  stage.getBoundingClientRect = () => new DOMRect(0, 0, 400, 800)
  const thing = document.createElement('div')
  thing.setPointerCapture = () => {}
  const { corner, carried, down, move, up } = useCornerDrag(() => stage)
  thing.addEventListener('pointerdown', (event) => down(event as PointerEvent))
  thing.dispatchEvent(new PointerEvent('pointerdown', { clientX: 350, clientY: 700, pointerId: 1 }))
  move(new PointerEvent('pointermove', { clientX: 50, clientY: 100 }))
  expect(carried.value).toEqual({ x: -300, y: -600 })
  up(new PointerEvent('pointerup', { clientX: 50, clientY: 100 }))
  expect(corner.value).toEqual({ x: 'left', y: 'top' })
  expect(carried.value).toBeNull()
})
