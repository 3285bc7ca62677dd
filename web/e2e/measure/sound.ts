// How strong a tone is at which moment.
import { SAMPLE_RATE } from '../media/make.ts'

/** The amplitude of one frequency in a stretch of sound (Goertzel, "An Algorithm for the Evaluation of Finite Trigonometric Series", 1958). */
export function amplitude(samples: Float32Array, hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE)
  let last = 0
  let before = 0
  for (const sample of samples) {
    const next = sample + turn * last - before
    before = last
    last = next
  }
  const power = last * last + before * before - turn * last * before
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length
}

/** Where the sound is first loud after half a second that was not, in milliseconds, to the sample. */
export function onsets(samples: Float32Array, threshold = 0.25): number[] {
  const found: number[] = []
  let quiet = 0
  samples.forEach((sample, index) => {
    if (Math.abs(sample) < threshold) quiet++
    else {
      if (quiet > SAMPLE_RATE / 2) found.push((index / SAMPLE_RATE) * 1000)
      quiet = 0
    }
  })
  return found
}
