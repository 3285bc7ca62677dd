import { expect, test } from 'vitest'
import { isName, pathIn, percentOf, stepsTo } from './paths'

test('the way to a folder has a step for each folder on it', () => {
  expect(stepsTo('/')).toEqual([])
  expect(stepsTo('/2018/二月/')).toEqual([
    { name: '2018', path: '/2018/' },
    { name: '二月', path: '/2018/二月/' },
  ])
})

test('a folder in a folder ends with a slash', () => {
  expect(pathIn('/', ' 2018 ')).toBe('/2018/')
  expect(pathIn('/2018/', '二月')).toBe('/2018/二月/')
})

test('what climbs, controls or is nothing is no name', () => {
  expect(isName('2018')).toBe(true)
  expect(isName('..a')).toBe(true)
  for (const name of ['', '  ', '.', '..', 'a/b', 'a\u0000', 'a\u0085']) expect(isName(name)).toBe(false)
})

test('a limit of nothing is full, and no limit is not measured', () => {
  expect(percentOf(5, null)).toBeNull()
  expect(percentOf(0, 0)).toBe(100)
  expect(percentOf(1, 3)).toBe(33)
  expect(percentOf(9, 3)).toBe(100)
})
