// `SigningESDK` and `SEVideoManager` by their own names: initSDK, videoWithTenantID:contractID:businessID:,
// uploadVideoWithVideoName:…, and the delegate that answers SEVideoService….

import { deviceId } from './android.ts'
import type { Consents, Customer } from './customer.ts'
import { NO_LIVENESS, NO_SELF_SERVICE, SDK_ERROR, sdkError, type SdkError } from './errors.ts'
import { toIos, type IosFaceResult } from './face.ts'
import type { Http } from './http.ts'
import { runInterview, type InterviewType, type VideoResult } from './interview.ts'
import type { Unsent } from './unsent.ts'

export interface SEInitResult {
  error: SdkError | null
}

export interface SigningESDKDelegate {
  SigningESDKinitResult(result: SEInitResult): void
}

/** `SEFaceVerifyData`, with the statement that makes a result of the app's own believable. */
export interface SEFaceVerifyData {
  hasFaceVerFunc?: boolean
  name?: string
  idNo?: string
  faceVerifyResultType?: IosFaceResult
  sourcePhotoStr?: string
  faceStatement?: string
}

export interface SEFaceVerifyResult {
  resultType: IosFaceResult
  similarity: string
  description: string
}

/** `SEInterviewData`, with the link of this person. */
export interface SEInterviewData {
  interviewType?: InterviewType
  userName: string
  tenantName: string
  queueID?: string
  remotelyRiskVoideUrl?: string
  link: string
  container?: HTMLElement
  consents: Consents
}

export interface SEVideoServiceDelegate {
  SEVideoServiceContinue(): boolean
  SEVideoServiceWithFaceVerifyData(): SEFaceVerifyData | null
  SEVideoServiceWithFaceVerifyResult(faceVerifyResult: SEFaceVerifyResult): void
  SEVideoServiceWithInterviewData(): SEInterviewData
  SEVideoServiceWithVideoResult(result: VideoResult): void
}

/** `initSDK`: there is nothing to load, so the result is told at once. */
export class SigningESDK {
  delegate: SigningESDKDelegate | null = null

  initSDK(): void {
    const ready = typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function'
    const error = ready
      ? null
      : sdkError(SDK_ERROR.badParameter, '当前浏览器不支持视频通话，请更新或更换浏览器')
    this.delegate?.SigningESDKinitResult({ error })
  }
}

export class SEVideoManager {
  delegate: SEVideoServiceDelegate | null = null
  readonly #http: Http
  readonly #customer: Customer
  readonly #unsent: Unsent

  constructor(http: Http, customer: Customer, unsent: Unsent) {
    this.#http = http
    this.#customer = customer
    this.#unsent = unsent
  }

  /** 调起服务: asks the delegate for what it needs, runs the interview, and tells the delegate how it ended. */
  async videoWithTenantID(_tenantID: string, _contractID: string | null, businessID: string): Promise<void> {
    const delegate = this.delegate
    if (!delegate || !delegate.SEVideoServiceContinue()) return
    const face = delegate.SEVideoServiceWithFaceVerifyData()
    if (face && !(await this.#verify(face, delegate))) return
    const data = delegate.SEVideoServiceWithInterviewData()
    const opened = await this.#customer.open(data.link)
    const fits = opened.data?.businessId === businessID
    if (!fits) {
      const why = opened.data ? '面签链接与业务编号不符，请核对' : opened.msg
      delegate.SEVideoServiceWithVideoResult(failed(data, businessID, sdkError(SDK_ERROR.badParameter, why)))
      return
    }
    const plan = {
      link: data.link,
      interviewType: data.interviewType ?? 1,
      container: data.container ?? document.body,
      consents: data.consents,
      device: deviceId(),
    }
    const result = await runInterview(this.#customer, plan, businessID)
    delegate.SEVideoServiceWithVideoResult(result)
  }

  /** 上传视频. Videos of self-service interviews have no place on the server yet: the video stays and the error says so. */
  async uploadVideoWithVideoName(
    videoName: string,
    _tenantID: string,
    _contractId: string,
    businessID: string,
  ): Promise<VideoResult> {
    const video = await this.#unsent.find(videoName).catch(() => null)
    const error = video
      ? sdkError(SDK_ERROR.selfServiceOff, NO_SELF_SERVICE)
      : sdkError(SDK_ERROR.fileMissing, '本机没有这个视频，请核对视频名称')
    const result: VideoResult = {
      interviewType: 2,
      videoUploadOrNot: false,
      businessID,
      latitudeLongitude: '',
      locationInformation: '',
      certificationResul: '',
      localVideoName: videoName,
      uploadFromLocal: true,
      error,
    }
    this.delegate?.SEVideoServiceWithVideoResult(result)
    return result
  }

  /** Whether the interview may go on: a face that nobody looked at does not stop it, one that failed does. */
  async #verify(face: SEFaceVerifyData, delegate: SEVideoServiceDelegate): Promise<boolean> {
    const tell = (resultType: IosFaceResult, description: string) =>
      delegate.SEVideoServiceWithFaceVerifyResult({ resultType, similarity: '0.0', description })
    if (face.faceStatement !== undefined) {
      const taken = await this.#http.call('POST', '/api/v1/identity-statements', {
        token: face.faceStatement,
      })
      const resultType = taken.success ? (face.faceVerifyResultType ?? toIos('not_done')) : toIos('not_done')
      tell(resultType, taken.success ? '业务系统的人脸识别结果' : taken.msg)
      return resultType !== toIos('failed')
    }
    if (face.hasFaceVerFunc) tell(toIos('not_done'), NO_LIVENESS)
    return true
  }
}

function failed(data: SEInterviewData, businessID: string, error: SdkError): VideoResult {
  return {
    interviewType: data.interviewType ?? 1,
    videoUploadOrNot: false,
    businessID,
    latitudeLongitude: '',
    locationInformation: '',
    certificationResul: '',
    localVideoName: '',
    uploadFromLocal: false,
    error,
  }
}
