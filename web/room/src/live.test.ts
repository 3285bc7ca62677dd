import { expect, it } from 'vitest'
import { Live } from './live.ts'

it('tells the value now and after each change, but not when nothing changed', () => {
  const live = new Live('a')
  const seen: string[] = []
  live.subscribe((value) => seen.push(value))
  live.set('b')
  live.set('b')
  expect(seen).toEqual(['a', 'b'])
})

it('keeps the second of two equal listeners when the first leaves', () => {
  const live = new Live(0)
  let calls = 0
  const count = () => void calls++
  const leave = live.subscribe(count)
  live.subscribe(count)
  leave()
  live.set(1)
  expect(calls).toBe(3)
})

it('does not tell a listener that another one has just removed', () => {
  const live = new Live(0)
  const seen: number[] = []
  let leaveSecond = () => {}
  live.subscribe((value) => value === 1 && leaveSecond())
  leaveSecond = live.subscribe((value) => seen.push(value))
  live.set(1)
  expect(seen).toEqual([0])
})
