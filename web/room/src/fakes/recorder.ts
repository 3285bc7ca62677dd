import { vi } from 'vitest'

/** Stands in for MediaRecorder: a test hands it the pieces. */
export class FakeRecorder {
  static made: FakeRecorder[] = []
  static supported = ['video/webm;codecs=vp8,opus', 'video/webm']
  static isTypeSupported = (type: string) => FakeRecorder.supported.includes(type)
  state: 'inactive' | 'recording' = 'inactive'
  ondataavailable: ((event: { data: Blob }) => void) | null = null
  onstop: (() => void) | null = null
  onerror: (() => void) | null = null
  timeslice = 0
  /** What comes at the very end. */
  last: Blob | null = null

  constructor(
    readonly stream: MediaStream,
    readonly options: { mimeType: string },
  ) {
    FakeRecorder.made.push(this)
  }

  start(timeslice: number): void {
    this.state = 'recording'
    this.timeslice = timeslice
  }
  hand(...bytes: number[]): void {
    this.ondataavailable?.({ data: new Blob([Uint8Array.from(bytes)]) })
  }
  stop(): void {
    this.state = 'inactive'
    if (this.last) this.ondataavailable?.({ data: this.last })
    this.onstop?.()
  }

  static install(): void {
    FakeRecorder.made = []
    FakeRecorder.supported = ['video/webm;codecs=vp8,opus', 'video/webm']
    vi.stubGlobal('MediaRecorder', FakeRecorder)
  }
}
