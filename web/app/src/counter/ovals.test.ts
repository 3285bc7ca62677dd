import { expect, test } from 'vitest'
import { BOX, maskPath, ovals } from './ovals'

test('there is a place for the customer and one for the operator, and for further customers', () => {
  expect([0, 1, 2, 3, 9].map((people) => ovals(people).length)).toEqual([2, 2, 3, 4, 4])
})

test('no place reaches into another or out of the picture', () => {
  for (const people of [1, 2, 3]) {
    const list = ovals(people)
    for (const { cx, cy, rx, ry } of list) {
      expect(cx - rx).toBeGreaterThanOrEqual(0)
      expect(cx + rx).toBeLessThanOrEqual(BOX.width)
      expect(cy - ry).toBeGreaterThanOrEqual(0)
      expect(cy + ry).toBeLessThanOrEqual(BOX.height)
    }
    for (let n = 1; n < list.length; n++) {
      const [left, right] = [list[n - 1], list[n]]
      if (left && right) expect(left.cx + left.rx).toBeLessThan(right.cx - right.rx)
    }
  }
})

test('the mask has a hole for each', () => {
  expect(maskPath(ovals(1)).match(/z/g)).toHaveLength(3)
})
