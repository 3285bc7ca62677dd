/**
 * The browser SDK of the signing document: `<script src="/sdk/mingjian-sdk.js">` gives `Mingjian`, served from the same origin
 * as the server. docs/faces/signing.md and docs/faces/mobile.md say what each verb does.
 */
import { deviceId, PureVersionSDK, type InterviewInformation, type User } from './android.ts'
import { serve } from './bridge.ts'
import { Customer } from './customer.ts'
import { Http, type Fetch } from './http.ts'
import { SEVideoManager, SigningESDK } from './ios.ts'
import { Seat } from './seat.ts'
import { UnsentOnDevice, type Unsent } from './unsent.ts'

export * from './android.ts'
export * from './customer.ts'
export * from './errors.ts'
export * from './face.ts'
export * from './interview.ts'
export * from './ios.ts'
export type { LenderInfos, OrderInfos, Product } from './order.ts'
export type { R } from './r.ts'
export * from './seat.ts'
export type { Unsent } from './unsent.ts'
export { drawWatermark, type Watermark } from './watermark.ts'
export { tellHost } from './bridge.ts'

export interface SdkOptions {
  /** Scheme and host of the server; the page's own where it is missing. */
  base?: string
  fetch?: Fetch
  unsent?: Unsent
}

export interface Sdk {
  seat: Seat
  customer: Customer
  /** Android's names. */
  pureVersionSDK: PureVersionSDK
  /** iOS's names. */
  signingESDK: SigningESDK
  videoManager: SEVideoManager
  unsent: Unsent
}

/** Everything there is, over one server. */
export function create(options: SdkOptions = {}): Sdk {
  const http = new Http(options.base ?? '', options.fetch ?? ((url, init) => fetch(url, init)))
  const signalUrl = options.base
    ? `${options.base.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/signal`
    : undefined
  const customer = new Customer(http, signalUrl)
  const unsent = options.unsent ?? new UnsentOnDevice()
  return {
    seat: new Seat(http, signalUrl),
    customer,
    pureVersionSDK: new PureVersionSDK(http, customer),
    signingESDK: new SigningESDK(),
    videoManager: new SEVideoManager(http, customer, unsent),
    unsent,
  }
}

/** The verbs for apps, by name; callbacks become the answer. */
export function verbsOf(sdk: Sdk) {
  const { seat, pureVersionSDK: android } = sdk
  return {
    loginInit: (p: { tenantID: string; queueID: string; userName: string; token?: string }) =>
      seat.loginInit(p.tenantID, p.queueID, p.userName, { token: p.token }),
    startService: () => seat.startService(),
    stopService: () => seat.stopService(),
    accept: (p: { interview: string }) => seat.accept(p.interview),
    hangUp: (p: { interview: string }) => seat.hangUp(p.interview),
    getOrderInfos: (p: { businessId: string }) => seat.getOrderInfos(p.businessId),
    showProduct: (p: { businessId: string }) => seat.showProduct(p.businessId),
    showLenderInfos: (p: { businessId: string }) => seat.showLenderInfos(p.businessId),
    getIdentityVer: (p: Parameters<Seat['getIdentityVer']>[0]) => seat.getIdentityVer(p),
    pushPhoto: (p: Parameters<Seat['pushPhoto']>[0]) => seat.pushPhoto(p),
    signPass: () => seat.signPass(),
    refuseOpe: (p: Parameters<Seat['refuseOpe']>[0]) => seat.refuseOpe(p),
    logout: () => seat.logout(),
    doLoginSDK: (p: {
      accountId: string
      business_id: string
      assist_id?: string
      companyName?: string
      link?: string
    }) =>
      new Promise((resolve) => {
        const callback = {
          onSuccess: (data: unknown) => resolve({ code: 200, success: true, data, msg: '操作成功' }),
          onFail: (msg: string) => resolve({ code: 400, success: false, data: null, msg }),
        }
        void android.doLoginSDK(
          null,
          p.accountId,
          p.business_id,
          p.assist_id ?? '',
          p.companyName ?? '',
          callback,
          {
            link: p.link,
          },
        )
      }),
    startInterview: (p: Omit<InterviewInformation, 'container'>) =>
      new Promise((resolve) => {
        const container = document.getElementById('mingjian') ?? document.body
        void android.startInterview(
          null,
          { ...p, container },
          {
            exitVideoCallBack: (latitudeLongitude, locationInformation, result) =>
              resolve({ latitudeLongitude, locationInformation, result }),
          },
        )
      }),
    exitInterview: () => android.exitInterview(),
    setFaceComparePicture: (p: { compareSourcePicture: string }) =>
      android.setFaceComparePicture(p.compareSourcePicture),
    startFaceIdentification: (p: { businessId: string; userList: User[]; userIndex: number }) =>
      new Promise((resolve) => {
        let next: number | null = null
        let told: { success: boolean; result: string } | null = null
        void android
          .startFaceIdentification(null, p.businessId, p.userList, p.userIndex, {
            onFaceResultSuccess: () => (told = { success: true, result: '' }),
            onFaceResultFailed: (result) => (told = { success: false, result }),
            onStartFaceResultActivity: (index) => (next = index),
          })
          .then(() => resolve({ ...told, next }))
      }),
    uploadVideoWithVideoName: (p: {
      videoName: string
      tenantID: string
      contractId: string
      businessID: string
    }) => sdk.videoManager.uploadVideoWithVideoName(p.videoName, p.tenantID, p.contractId, p.businessID),
    deviceId: () => deviceId(),
  }
}

/** Serves the verbs to the app around this page. */
export function startBridge(sdk: Sdk = create()): () => void {
  const bridge = serve(verbsOf(sdk))
  const ends = [
    sdk.seat.on('state', (state) => bridge.tell('seatState', state)),
    sdk.seat.on('result', (result) => bridge.tell('result', result)),
    sdk.customer.on('state', (state) => bridge.tell('customerState', state)),
    sdk.customer.on('end', (end) => bridge.tell('end', end)),
  ]
  bridge.tell('ready', {})
  return () => {
    ends.forEach((end) => end())
    bridge.close()
  }
}

// The page /sdk/bridge loads this file with `data-bridge`: its policy allows no script of its own.
if (typeof document !== 'undefined' && document.currentScript?.hasAttribute('data-bridge')) startBridge()
