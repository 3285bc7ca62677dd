import { beforeEach, expect, it } from 'vitest'
import { recall, remember } from './tab-memory'

beforeEach(() => sessionStorage.clear())

it('brings a reload back to the step it was in', () => {
  remember('abc', { step: 'check', ended: null })
  expect(recall('abc').step).toBe('check')
})

it('does not carry one link over to another', () => {
  remember('abc', { step: 'check', ended: null })
  expect(recall('def').step).toBe('welcome')
})

it('begins at the beginning when what it kept cannot be read', () => {
  sessionStorage.setItem('mingjian.visit', '{')
  expect(recall('abc')).toEqual({ step: 'welcome', ended: null })
})
