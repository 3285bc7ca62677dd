/** Stands in for the browser's WebSocket: the test plays the server's part. */
export class FakeSocket {
  static all: FakeSocket[] = []
  readyState = 0
  sent: Record<string, unknown>[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null

  constructor(readonly url: string) {
    FakeSocket.all.push(this)
  }

  static get last(): FakeSocket {
    const last = FakeSocket.all[FakeSocket.all.length - 1]
    if (!last) throw new Error('no socket was opened')
    return last
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }

  close(): void {
    this.readyState = 3
  }

  /** The newest frame of a type that the page sent. */
  frame(type: string): Record<string, unknown> | undefined {
    return [...this.sent].reverse().find((frame) => frame.type === type)
  }

  accept(): void {
    this.readyState = 1
    this.onopen?.()
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  /** Answers the newest request of a type. */
  reply(type: string, reply: object = { type: 'ok' }): void {
    const frame = this.frame(type)
    if (!frame) throw new Error(`the page has sent no ${type}`)
    this.say({ re: frame.id, ...reply })
  }

  break(code = 1006): void {
    this.readyState = 3
    this.onclose?.({ code, reason: '' })
  }
}

/** Lets promises that are due run, without moving time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
