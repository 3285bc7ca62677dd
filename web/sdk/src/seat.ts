// The seat's side: the verbs of dataProcessing.js.

import { Refused, Signal, type SeatState, type Verdict } from '@mingjian/room'
import { Emitter } from './emitter.ts'
import { toAndroid, type AndroidFaceResult, type FaceResult } from './face.ts'
import { part, type Http } from './http.ts'
import {
  lenderInfos,
  orderInfos,
  products,
  type LenderInfos,
  type OrderInfos,
  type Product,
  type SheetView,
} from './order.ts'
import { done, refused, type R } from './r.ts'
import { base64Of, drawWatermark, type Watermark } from './watermark.ts'

export interface LoginInfo {
  tenantName: string
  queueIds: string[]
  userName: string
  /** Where the business system wants its user back; it has registered the place. */
  returnUrl: string
}

/** What 通过 gives out. */
export interface PassResult {
  businessId: string
  assistId: string
  queueId: string
  signAddress: string
  latitudeLongitude: string
  /** In seconds. */
  waitTime: number
  photos: string[]
  videoPath: string
  videoName: string
  /** In seconds. */
  videoDuration: number
  agentUserName: string
  operateTime: string
}

/** What 拒绝 and 待补充 give out. */
export interface RefuseResult {
  type: 'refuse' | 'supplement'
  businessId: string
  assistId: string
  reason: string
  signAddress: string
  waitTime: number
  queueId: string
}

export interface IdentityResult {
  result: AndroidFaceResult
  /** `0.0` to `100.0`. */
  similarity: string
  description: string
}

export interface SeatEvents {
  /** Everything that a desk draws, whenever it changes. */
  state: SeatState
  /** A verdict was given. The callback to the business server is the record, this is for the page. */
  result: PassResult | RefuseResult
}

interface SessionView {
  user: { login: string; tenant: { id: string; name: string }; queues: { id: string }[] }
  csrf_token: string
  return_url?: string | null
}

export class Seat extends Emitter<SeatEvents> {
  readonly #http: Http
  readonly #signalUrl: string | undefined
  #signal: Signal<SeatState> | null = null

  constructor(http: Http, signalUrl?: string) {
    super()
    this.#http = http
    this.#signalUrl = signalUrl
  }

  /**
   * Opens a seat's session. `token` comes from the business server (`POST /api/v1/embed-tokens`); without one only a seat
   * that has logged in on this page already comes in. The names are checked against it: they open nothing themselves.
   */
  async loginInit(
    tenantID: string,
    queueID: string,
    userName: string,
    options: { token?: string } = {},
  ): Promise<R<LoginInfo>> {
    const opened =
      options.token === undefined
        ? await this.#http.call<SessionView>('GET', '/api/v1/session')
        : await this.#http.call<SessionView>('POST', '/api/v1/embed-sessions', { token: options.token })
    if (!opened.data) {
      return refused(
        opened.code,
        options.token === undefined ? '请由业务系统服务器申请一次性令牌后登录' : opened.msg,
      )
    }
    const { user, csrf_token, return_url } = opened.data
    const wanted = queueID.split(',').filter((queue) => queue !== '')
    const queueIds = user.queues.map((queue) => queue.id)
    const isWho = user.login === userName || user.login === `${userName}@${tenantID}`
    if (user.tenant.id !== tenantID || !isWho || !wanted.every((queue) => queueIds.includes(queue))) {
      return refused(403, '企业账号、队列编号或坐席账号与令牌不符，请核对')
    }
    this.#http.remember(csrf_token)
    return done({ tenantName: user.tenant.name, queueIds, userName, returnUrl: return_url ?? '' })
  }

  /** Goes to work: rings come from now on, as `state` with `ringing`. */
  async startService(): Promise<R<void>> {
    this.#signal ??= this.#open()
    return this.#ask('ready', { on: true })
  }

  /** Takes no more rings. */
  stopService(): Promise<R<void>> {
    return this.#ask('ready', { on: false })
  }

  /** Answers the ring. Draw the call with `@mingjian/room`'s `Call` over `signal`. */
  accept(interview: string): Promise<R<void>> {
    return this.#ask('accept', { interview })
  }

  /** Ends the call without a verdict. */
  hangUp(interview: string): Promise<R<void>> {
    return this.#ask('hang_up', { interview })
  }

  /** The signalling connection of the desk, once it works. */
  get signal(): Signal<SeatState> | null {
    return this.#signal
  }

  /** order.json. */
  async getOrderInfos(businessId: string): Promise<R<OrderInfos>> {
    return this.#sheet(businessId, orderInfos)
  }

  /** product.json. */
  async showProduct(businessId: string): Promise<R<Product[]>> {
    return this.#sheet(businessId, products)
  }

  /** Borrower, guarantors, enterprises. */
  async showLenderInfos(businessId: string): Promise<R<LenderInfos>> {
    return this.#sheet(businessId, lenderInfos)
  }

  /**
   * 三要素: name and number are those of the order, whatever the page says, and the tenant's identity service looks at the
   * picture. Where it has none, the result is 3 未识别 with the reason.
   */
  async getIdentityVer(asked: {
    bussinessId?: string
    businessId?: string
    imageBase64: string
  }): Promise<R<IdentityResult>> {
    const businessId = asked.businessId ?? asked.bussinessId ?? ''
    const answer = await this.#http.call<{ result: FaceResult; similarity: string; description: string }>(
      'POST',
      `/api/v1/orders/${part(businessId)}/identity-checks`,
      { image_base64: base64Of(asked.imageBase64) },
    )
    if (!answer.data) return refused(answer.code, answer.msg)
    const { result, similarity, description } = answer.data
    return done({ result: toAndroid(result), similarity, description })
  }

  /** Hands a photo on to the tenant's photo address, with a watermark drawn into it or without. */
  async pushPhoto(photo: {
    businessId: string
    name: string
    imageBase64: string
    watermark?: Watermark
  }): Promise<R<void>> {
    let image: string
    try {
      image = photo.watermark
        ? await drawWatermark(photo.imageBase64, photo.watermark)
        : base64Of(photo.imageBase64)
    } catch {
      return refused(400, '图片无法读取，请使用 JPG 或 PNG 图片')
    }
    return this.#http.call('POST', `/api/v1/orders/${part(photo.businessId)}/photos`, {
      name: photo.name,
      image_base64: image,
    })
  }

  /** 通过. */
  signPass(): Promise<R<PassResult>> {
    return this.#decide<PassResult>('pass', null)
  }

  /** 拒绝 or 待补充, with the reason. */
  async refuseOpe(asked: { type: 'refuse' | 'supplement'; reason: string }): Promise<R<RefuseResult>> {
    if (asked.type !== 'refuse' && asked.type !== 'supplement')
      return refused(400, 'type 应为 refuse 或 supplement')
    return this.#decide<RefuseResult>(asked.type, asked.reason)
  }

  /** Leaves the desk and ends the session. */
  async logout(): Promise<R<void>> {
    this.close()
    return this.#http.call('DELETE', '/api/v1/session')
  }

  /** Leaves the desk; the session stays. */
  close(): void {
    this.#signal?.close()
    this.#signal = null
  }

  #open(): Signal<SeatState> {
    const signal = new Signal<SeatState>({ hello: { as: 'seat' }, url: this.#signalUrl })
    signal.state.subscribe((state) => state && this.emit('state', state))
    return signal
  }

  async #sheet<T>(businessId: string, turn: (sheet: SheetView) => T): Promise<R<T>> {
    const sheet = await this.#http.call<SheetView>('GET', `/api/v1/orders/${part(businessId)}/sheet`)
    return sheet.data ? done(turn(sheet.data)) : refused(sheet.code, sheet.msg)
  }

  async #ask<K extends 'ready' | 'accept' | 'hang_up' | 'verdict'>(
    type: K,
    words: Parameters<Signal<SeatState>['request']>[1],
  ): Promise<R<void>> {
    if (!this.#signal) return refused(400, '请先调用 startService 开始接单')
    try {
      await this.#signal.request(type, words as never)
      return done(undefined)
    } catch (error) {
      if (error instanceof Refused) return refused(400, error.message)
      return refused(500, '服务器没有应答，请稍后再试')
    }
  }

  async #decide<T extends PassResult | RefuseResult>(verdict: Verdict, reason: string | null): Promise<R<T>> {
    const interview = this.#signal?.state.value?.call?.interview
    if (interview === undefined) return refused(400, '当前没有面签，无法给出结论')
    const decided = await this.#ask('verdict', { interview, verdict, reason })
    if (!decided.success) return refused(decided.code, decided.msg)
    const result = await this.#http.call<T>('GET', `/api/v1/interviews/${part(interview)}/result`)
    if (result.data) this.emit('result', result.data)
    return result
  }
}
