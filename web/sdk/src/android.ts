// `PureVersionSDK` by its own names: doLoginSDK, startInterview, startFaceIdentification, setFaceComparePicture.

import type { Consents, Customer } from './customer.ts'
import { NO_LIVENESS } from './errors.ts'
import type { AndroidFaceResult } from './face.ts'
import type { Http } from './http.ts'
import { runInterview, type InterviewType, type VideoResult } from './interview.ts'

export interface DoLoginResult {
  accountId: string
  businessId: string
  assistId: string
  companyName: string
  productName: string
}

export interface DoLoginCallBack {
  onSuccess(result: DoLoginResult): void
  onFail(message: string): void
}

/** The document's User, with one addition: a result that the app brings is believed only as a statement of its server. */
export interface User {
  useFaceIdentification?: boolean
  name?: string
  idNumber?: string
  nextFail?: boolean
  useDefaultFaceImg?: boolean
  defaultComparisonSource?: string
  faceResult?: AndroidFaceResult
  similarity?: string
  /** The result, signed by the business server (docs/faces/signing.md). */
  faceStatement?: string
}

export interface FaceResultCallback {
  onFaceResultSuccess(): void
  /** JSON text with `faceResult`, `similarity` and `description`. */
  onFaceResultFailed(result: string): void
  onStartFaceResultActivity(index: number, userInfoList: User[]): void
}

/** FaceType.INTERVIEW_TYPE_REMOTE and its siblings. */
export const FaceType = { INTERVIEW_TYPE_REMOTE: 1, INTERVIEW_TYPE_SELF: 2, INTERVIEW_TYPE_BOTH: 4 } as const

export interface InterviewInformation {
  faceType?: InterviewType
  nickName: string
  queueId: string
  signatureUrl?: string
  userInfoList?: User[]
  /** Where the pictures are put; the page's body where it is missing. */
  container?: HTMLElement
  consents: Consents
  /** Who this device is; made and kept on it where it is missing. */
  device?: string
}

export interface OnExitVideoCallBack {
  exitVideoCallBack(latitudeLongitude: string, locationInformation: string, result: VideoResult): void
}

const DEVICE = 'mingjian.device'

/** Made once and kept, so that a link that was opened here may be opened here again. */
export function deviceId(): string {
  const known = localStorage.getItem(DEVICE)
  if (known) return known
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const made = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  localStorage.setItem(DEVICE, made)
  return made
}

export class PureVersionSDK {
  readonly #http: Http
  readonly #customer: Customer
  #link: string | null = null
  #businessId = ''
  #comparePicture: string | null = null

  constructor(http: Http, customer: Customer) {
    this.#http = http
    this.#customer = customer
  }

  /**
   * Logs in. Numbers alone open nothing: `options.link` is the link that the business server was given for this person
   * (`POST /api/v1/orders/{business_no}/invitations` or `sendSmsScheme`).
   */
  async doLoginSDK(
    _context: unknown,
    accountId: string,
    business_id: string,
    assist_id: string,
    companyName: string,
    doLoginCallBack: DoLoginCallBack,
    options: { link?: string } = {},
  ): Promise<void> {
    if (options.link === undefined) {
      doLoginCallBack.onFail('缺少面签链接，请由业务系统服务器获取后传入')
      return
    }
    const opened = await this.#customer.open(options.link)
    if (!opened.data) doLoginCallBack.onFail(opened.msg)
    else if (opened.data.businessId !== business_id) doLoginCallBack.onFail('面签链接与业务编号不符，请核对')
    else {
      this.#link = options.link
      this.#businessId = business_id
      doLoginCallBack.onSuccess({
        accountId,
        businessId: business_id,
        assistId: assist_id,
        companyName: companyName || opened.data.tenantName,
        productName: opened.data.productName,
      })
    }
  }

  /** Runs the interview until it is over, then calls back. */
  async startInterview(
    _activity: unknown,
    interviewInformation: InterviewInformation,
    onExitVideoCallBack: OnExitVideoCallBack,
  ): Promise<void> {
    const information = interviewInformation
    const plan = {
      link: this.#link ?? '',
      interviewType: information.faceType ?? FaceType.INTERVIEW_TYPE_REMOTE,
      container: information.container ?? document.body,
      consents: information.consents,
      device: information.device ?? deviceId(),
    }
    const result = await runInterview(this.#customer, plan, this.#businessId)
    onExitVideoCallBack.exitVideoCallBack(result.latitudeLongitude, result.locationInformation, result)
  }

  /** Leaves the queue or the call; `exitVideoCallBack` follows. */
  exitInterview(): void {
    this.#customer.stop()
  }

  /** The picture that a face would be compared with: it stays on this device, since nobody compares faces yet. */
  setFaceComparePicture(compareSourcePicture: string): void {
    this.#comparePicture = compareSourcePicture
  }

  /** The picture that was set. */
  get faceComparePicture(): string | null {
    return this.#comparePicture
  }

  /**
   * One person's face. A result of the business system's own is handed to the server as the statement that its server signed;
   * the server's own liveness check does not exist yet, and that is what is told: 3 未识别.
   */
  async startFaceIdentification(
    _activity: unknown,
    _businessId: string,
    userList: User[],
    userIndex: number,
    callback: FaceResultCallback,
  ): Promise<void> {
    const user = userList[userIndex]
    if (!user) {
      callback.onFaceResultFailed(told(3, '0.0', 'userIndex 超出人员列表'))
      return
    }
    const next = () => callback.onStartFaceResultActivity(userIndex + 1, userList)
    if (user.faceStatement !== undefined) {
      const taken = await this.#http.call('POST', '/api/v1/identity-statements', {
        token: user.faceStatement,
      })
      if (taken.success && user.faceResult === 1) {
        callback.onFaceResultSuccess()
        next()
        return
      }
      callback.onFaceResultFailed(
        taken.success
          ? told(user.faceResult ?? 3, user.similarity ?? '0.0', '人脸识别未通过')
          : told(3, '0.0', taken.msg),
      )
    } else if (user.useFaceIdentification) {
      callback.onFaceResultFailed(told(3, '0.0', NO_LIVENESS))
    } else {
      callback.onFaceResultFailed(told(3, '0.0', '人脸识别结果需要业务系统服务器签名后传入'))
    }
    if (user.nextFail) next()
  }
}

function told(faceResult: AndroidFaceResult, similarity: string, description: string): string {
  return JSON.stringify({ faceResult, similarity, description })
}
