import { expect, it } from 'vitest'
import { Scope } from './scope.ts'

it('gives back in the opposite order, once', () => {
  const order: number[] = []
  const scope = new Scope()
  scope.add(() => order.push(1))
  scope.add(() => order.push(2))
  scope.close()
  scope.close()
  expect(order).toEqual([2, 1])
})

it('gives a late arrival back at once', () => {
  const scope = new Scope()
  scope.close()
  let released = false
  scope.add(() => (released = true))
  expect(released).toBe(true)
})

it('releases everything even if one release throws, and then tells', () => {
  const scope = new Scope()
  let released = false
  scope.add(() => (released = true))
  scope.add(() => {
    throw new Error('stuck')
  })
  expect(() => scope.close()).toThrow('stuck')
  expect(released).toBe(true)
})

it('stops listening when it closes', () => {
  const target = new EventTarget()
  const scope = new Scope()
  let heard = 0
  scope.listen(target, 'change', () => heard++)
  target.dispatchEvent(new Event('change'))
  scope.close()
  target.dispatchEvent(new Event('change'))
  expect(heard).toBe(1)
})
