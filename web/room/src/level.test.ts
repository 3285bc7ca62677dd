import { expect, it } from 'vitest'
import { loudness, onMeter } from './level.ts'

it('hears digital silence as minus infinity and shows it as nothing', () => {
  expect(loudness(new Float32Array(128))).toBe(-Infinity)
  expect(onMeter(-Infinity)).toBe(0)
})

it('measures a full-scale sine at -3 dB', () => {
  const sine = Float32Array.from({ length: 4_800 }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / 48_000))
  expect(loudness(sine)).toBeCloseTo(-3.01, 1)
})

it('fills the meter with loud speech and no more', () => {
  expect(onMeter(-15)).toBe(1)
  expect(onMeter(0)).toBe(1)
  expect(onMeter(-37.5)).toBeCloseTo(0.5, 2)
})
