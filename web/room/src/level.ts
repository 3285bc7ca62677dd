import { Live, type Readable } from './live.ts'
import { Scope } from './scope.ts'

/** Loudness 0 to 1 as a meter shows it; `heard` is whether anything but silence has come since the start. */
export interface LevelReading {
  level: number
  heard: boolean
  /** For how long there has been only silence, in milliseconds. */
  silent_ms: number
}

const EVERY_MS = 100
/** A quiet room with an open microphone lies around -70 dBFS, a muted one at minus infinity, speech above -45. */
const SILENCE_DBFS = -60
const LOUDEST_DBFS = -15

/**
 * Listens to a microphone without sending it. Needs a tap before it on phones (an AudioContext starts suspended);
 * where there is no AudioContext the reading stays at zero and `works` is false.
 */
export class Level {
  readonly #reading = new Live<LevelReading>({ level: 0, heard: false, silent_ms: 0 })
  readonly #scope = new Scope()
  readonly works: boolean

  constructor(track: MediaStreamTrack) {
    const Context =
      window.AudioContext ?? (window as { webkitAudioContext?: typeof AudioContext }).webkitAudioContext
    this.works = Context !== undefined
    if (!Context) return
    const context = new Context()
    this.#scope.add(() => void context.close().catch(() => {}))
    const source = context.createMediaStreamSource(new MediaStream([track]))
    this.#scope.add(() => source.disconnect())
    const analyser = context.createAnalyser()
    analyser.fftSize = 2048
    source.connect(analyser)
    void context.resume().catch(() => {})

    const samples = new Float32Array(analyser.fftSize)
    let heard_at = Date.now()
    const timer = setInterval(() => {
      // A suspended context hears nothing, which is not the microphone's fault.
      if (context.state !== 'running') {
        heard_at = Date.now()
        return
      }
      analyser.getFloatTimeDomainData(samples)
      const dbfs = loudness(samples)
      if (dbfs > SILENCE_DBFS) heard_at = Date.now()
      this.#reading.set({
        level: onMeter(dbfs),
        heard: this.#reading.value.heard || dbfs > SILENCE_DBFS,
        silent_ms: Date.now() - heard_at,
      })
    }, EVERY_MS)
    this.#scope.add(() => clearInterval(timer))
  }

  get reading(): Readable<LevelReading> {
    return this.#reading
  }

  close(): void {
    this.#scope.close()
  }
}

/** Root mean square of samples in decibels relative to full scale; minus infinity for digital silence. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return 10 * Math.log10(sum / samples.length)
}

/** Decibels laid on a meter: silence is 0, loud speech 1. */
export function onMeter(dbfs: number): number {
  const share = (dbfs - SILENCE_DBFS) / (LOUDEST_DBFS - SILENCE_DBFS)
  return Math.min(1, Math.max(0, share))
}
