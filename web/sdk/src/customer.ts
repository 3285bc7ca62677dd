// The customer's side: one interview over the link that the business server was given for this person.

import { Call, Devices, Playing, Refused, Signal, type CustomerState, type EndState } from '@mingjian/room'
import { Emitter } from './emitter.ts'
import { part, type Http } from './http.ts'
import { done, refused, type R } from './r.ts'

/** What a link leads to. */
export interface LinkInfo {
  tenantName: string
  businessId: string
  productName: string
  name: string
}

/** The consents that the app has shown and its user has given; without the first nothing is recorded and nobody is called. */
export interface Consents {
  recording: boolean
  face?: boolean
}

export interface CustomerEvents {
  /** Everything that a customer's page draws, whenever it changes. */
  state: CustomerState
  /** The interview is over. */
  end: EndState
}

interface InvitationView {
  tenant_name: string
  business_no: string
  product_name: string
  name: string
}

/** Reads the code out of a link; a code is itself. */
export function codeOf(link: string): string | null {
  const found = /(?:^|\/s\/)([0-9A-Za-z]{22})(?:[?#]|$)/.exec(link)
  return found?.[1] ?? null
}

export class Customer extends Emitter<CustomerEvents> {
  readonly #http: Http
  readonly #signalUrl: string | undefined
  #close: (() => void) | null = null

  constructor(http: Http, signalUrl?: string) {
    super()
    this.#http = http
    this.#signalUrl = signalUrl
  }

  /** What the link leads to, before anything begins. */
  async open(link: string): Promise<R<LinkInfo>> {
    const code = codeOf(link)
    if (code === null) return refused(400, '链接无效，请由业务系统重新获取面签链接')
    const found = await this.#http.call<InvitationView>('GET', `/api/v1/invitations/${part(code)}`)
    if (!found.data) return refused(found.code, found.msg)
    const { tenant_name, business_no, product_name, name } = found.data
    return done({ tenantName: tenant_name, businessId: business_no, productName: product_name, name })
  }

  /**
   * Waits in the queue, and talks once a seat answers, until the interview is over. The pictures are put into `container`: one
   * `<video>` for each party, itself included.
   */
  async start(
    link: string,
    container: HTMLElement,
    consents: Consents,
    device: string,
  ): Promise<R<EndState>> {
    const code = codeOf(link)
    if (code === null) return refused(400, '链接无效，请由业务系统重新获取面签链接')
    if (!consents.recording) return refused(400, '请先取得客户对录音录像的同意')
    if (this.#close) return refused(400, '面签正在进行，请先结束')
    const devices = new Devices()
    const signal = new Signal<CustomerState>({
      hello: { as: 'customer', code, device, takeover: false },
      url: this.#signalUrl,
    })
    const pictures = new Pictures(container)
    let call: Call | null = null
    const hangUp = () => {
      call?.close()
      call = null
    }
    try {
      await devices.open()
      if (devices.camera.value.track)
        pictures.show('self', new MediaStream([devices.camera.value.track]), true)
      return await new Promise<R<EndState>>((resolve, reject) => {
        this.#close = () => resolve(refused(400, '面签已退出'))
        let begun = false
        signal.link.subscribe((now) => {
          if (now.status === 'closed') resolve(refused(400, now.message ?? '连接已关闭，请重新进入'))
        })
        signal.state.subscribe((state) => {
          if (!state) return
          this.emit('state', state)
          if (state.phase === 'welcome' && !begun) {
            begun = true
            enqueue(signal, consents).catch(reject)
          }
          if (state.phase === 'call' && !call) {
            call = new Call({ signal, devices })
            call.people.subscribe((people) => {
              for (const [participant, { stream }] of people) {
                if (participant !== state.me.participant && stream) pictures.show(participant, stream, false)
              }
            })
          }
          if (state.phase !== 'call') hangUp()
          if (state.phase === 'ended' && state.end) {
            this.emit('end', state.end)
            resolve(done(state.end))
          }
        })
      })
    } catch (error) {
      if (error instanceof Refused) return refused(400, error.message)
      return refused(500, '服务器没有应答，请稍后再试')
    } finally {
      this.#close = null
      hangUp()
      signal.close()
      devices.close()
      pictures.clear()
    }
  }

  /** Leaves the queue or the call. */
  stop(): void {
    this.#close?.()
  }
}

async function enqueue(signal: Signal<CustomerState>, consents: Consents): Promise<void> {
  await signal.request('consent', { recording: true, face: consents.face === true })
  await signal.request('enqueue', {})
}

/** The pictures of a call. */
class Pictures {
  readonly #container: HTMLElement
  readonly #shown = new Map<string, { video: HTMLVideoElement; playing: Playing; stream: MediaStream }>()

  constructor(container: HTMLElement) {
    this.#container = container
  }

  show(who: string, stream: MediaStream, muted: boolean): void {
    const before = this.#shown.get(who)
    if (before?.stream === stream) return
    before?.playing.close()
    const video = before?.video ?? document.createElement('video')
    video.playsInline = true
    video.muted = muted
    video.dataset.participant = who
    if (!before) this.#container.append(video)
    this.#shown.set(who, { video, playing: new Playing(video, stream), stream })
  }

  clear(): void {
    for (const { video, playing } of this.#shown.values()) {
      playing.close()
      video.remove()
    }
    this.#shown.clear()
  }
}
