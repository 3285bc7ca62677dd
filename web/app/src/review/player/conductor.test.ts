import { expect, test } from 'vitest'
import { Conductor, type Follower } from './conductor'
import type { Place } from './program-map'

/** A picture whose media time runs by itself, off by a skew, as an element of a browser does. */
class Picture implements Follower {
  readonly failed = false
  finished = false
  ready = true
  media_ms = 0
  rate = 0
  seeks = 0

  constructor(
    readonly from_ms: number,
    public end_ms: number,
    readonly skew = 1,
  ) {}

  place(at_ms: number): Place | null {
    if (at_ms < this.from_ms) return { is: 'outside', next_ms: this.from_ms }
    if (at_ms >= this.end_ms) return { is: 'outside', next_ms: null }
    return { is: 'inside', mediaS: (at_ms - this.from_ms) / 1000 }
  }
  get position_ms() {
    return this.from_ms + this.media_ms
  }
  seek(mediaS: number) {
    this.media_ms = mediaS * 1000
    this.seeks += 1
  }
  play(rate: number) {
    this.rate = rate
  }
  pause() {
    this.rate = 0
  }
  run(passed_ms: number) {
    if (this.ready) this.media_ms += passed_ms * this.rate * this.skew
  }
}

function orchestra(...pictures: Picture[]) {
  const conductor = new Conductor()
  pictures.forEach((picture, index) => conductor.add(String(index), picture))
  let now = 1000
  conductor.tick(now)
  return {
    conductor,
    /** Lets time pass in steps of 50 ms and gives the largest drift between the first two pictures. */
    pass(duration_ms: number): number {
      let worst = 0
      for (let passed = 0; passed < duration_ms; passed += 50) {
        now += 50
        for (const picture of pictures) picture.run(50)
        conductor.tick(now)
        const [one, other] = pictures
        if (one && other && one.rate > 0 && other.rate > 0) {
          worst = Math.max(worst, Math.abs(one.position_ms - other.position_ms))
        }
      }
      return worst
    },
  }
}

test('two pictures whose clocks differ stay within 40 ms of each other', () => {
  const fast = new Picture(0, 600_000, 1.002)
  const slow = new Picture(0, 600_000, 0.999)
  const { conductor, pass } = orchestra(fast, slow)
  conductor.play()
  pass(10_000)
  const worst = pass(120_000)
  expect(worst).toBeGreaterThan(0)
  expect(worst).toBeLessThanOrEqual(40)
  expect(Math.abs(fast.position_ms - conductor.now.at_ms)).toBeLessThanOrEqual(23)
  expect(Math.abs(slow.position_ms - conductor.now.at_ms)).toBeLessThanOrEqual(23)
  expect(fast.seeks + slow.seeks).toBe(0)
})

test('a picture that is far off is moved rather than played faster', () => {
  const one = new Picture(0, 60_000)
  const other = new Picture(0, 60_000)
  const { conductor, pass } = orchestra(one, other)
  conductor.play()
  pass(1000)
  other.media_ms -= 5000
  pass(200)
  expect(other.seeks).toBe(1)
  expect(Math.abs(other.position_ms - one.position_ms)).toBeLessThanOrEqual(50)
})

test('while one has to load, everybody waits and nobody gets ahead', () => {
  const one = new Picture(0, 60_000)
  const other = new Picture(0, 60_000)
  const { conductor, pass } = orchestra(one, other)
  conductor.play()
  pass(1000)
  other.ready = false
  pass(3000)
  expect(conductor.now).toMatchObject({ playing: true, waiting: true })
  expect(one.rate).toBe(0)
  expect(conductor.now.at_ms).toBeLessThan(1200)
  other.ready = true
  pass(1000)
  expect(conductor.now.waiting).toBe(false)
  expect(conductor.now.at_ms).toBeGreaterThan(1800)
})

test('who comes later joins at the right moment, who leaves earlier does not end the rest', () => {
  const all = new Picture(0, 20_000)
  const guest = new Picture(5000, 9000)
  const { conductor, pass } = orchestra(all, guest)
  conductor.play()
  pass(4000)
  expect(guest.rate).toBe(0)
  pass(2000)
  expect(guest.rate).toBeGreaterThan(0)
  expect(Math.abs(guest.position_ms - conductor.now.at_ms)).toBeLessThanOrEqual(60)
  pass(4000)
  expect(guest.rate).toBe(0)
  expect(conductor.now).toMatchObject({ playing: true, waiting: false, ended: false })
  pass(11_000)
  expect(conductor.now).toMatchObject({ playing: false, ended: true })
})

test('playing again after the end starts from the beginning', () => {
  const only = new Picture(0, 2000)
  const { conductor, pass } = orchestra(only)
  conductor.play()
  pass(3000)
  expect(conductor.now.ended).toBe(true)
  conductor.play()
  pass(500)
  expect(conductor.now.at_ms).toBeLessThan(1000)
  expect(only.rate).toBe(1)
})

test('a recording still being made is waited for at its edge and goes on when more has come', () => {
  const customer = new Picture(0, 3000)
  const seat = new Picture(0, 2600)
  const { conductor, pass } = orchestra(customer, seat)
  conductor.growing = true
  conductor.play()
  pass(5000)
  expect(conductor.now).toMatchObject({ at_ms: 2450, playing: true, atEdge: true, ended: false })
  expect(customer.rate).toBe(0)
  customer.end_ms = 6000
  seat.end_ms = 5600
  pass(1500)
  expect(conductor.now.at_ms).toBeGreaterThan(3800)
})

test('somebody who left long ago does not hold back a recording still being made', () => {
  const gone = new Picture(0, 2000)
  gone.finished = true
  const here = new Picture(0, 9900)
  const { conductor, pass } = orchestra(gone, here)
  conductor.growing = true
  conductor.play()
  pass(10_000)
  expect(conductor.now.at_ms).toBeGreaterThan(9500)
})

test('somebody whose file is still open is waited for while the others are only a little ahead', () => {
  const late = new Picture(0, 2000)
  const here = new Picture(0, 8000)
  const { conductor, pass } = orchestra(late, here)
  conductor.growing = true
  conductor.play()
  pass(5000)
  expect(conductor.now).toMatchObject({ at_ms: 1850, atEdge: true })
})

test('speed moves clock and pictures alike', () => {
  const only = new Picture(0, 60_000)
  const { conductor, pass } = orchestra(only)
  conductor.setSpeed(2)
  conductor.play()
  pass(5000)
  expect(conductor.now.at_ms).toBeGreaterThan(9500)
  expect(Math.abs(only.position_ms - conductor.now.at_ms)).toBeLessThanOrEqual(150)
})

test('a seek while paused shows the new moment', () => {
  const one = new Picture(0, 60_000)
  const other = new Picture(10_000, 60_000)
  const { conductor } = orchestra(one, other)
  conductor.seek(30_000)
  expect([one.position_ms, other.position_ms]).toEqual([30_000, 30_000])
  expect(conductor.now.playing).toBe(false)
})
