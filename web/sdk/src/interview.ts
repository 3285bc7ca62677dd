// One interview as both native SDKs start it, below their names.

import type { EndState } from '@mingjian/room'
import type { Consents, Customer } from './customer.ts'
import { NO_SELF_SERVICE, SDK_ERROR, sdkError, type SdkError } from './errors.ts'

/** 1 远程, 2 自助, 4 both, 16 certificate recognition. */
export type InterviewType = 1 | 2 | 4 | 16

export interface InterviewPlan {
  /** The link that the business server was given for this person. */
  link: string
  interviewType: InterviewType
  container: HTMLElement
  consents: Consents
  /** Who this device is; the same in every call of this app, so that it may come back. */
  device: string
}

/** `SEVideoResult`. */
export interface VideoResult {
  interviewType: InterviewType
  /** Self-service only: false means left on the device. A remote interview is recorded on the server. */
  videoUploadOrNot: boolean
  businessID: string
  /** Nothing tells the place yet. */
  latitudeLongitude: string
  locationInformation: string
  /** JSON text (sic). */
  certificationResul: string
  localVideoName: string
  uploadFromLocal: boolean
  error: SdkError | null
}

export async function runInterview(
  customer: Customer,
  plan: InterviewPlan,
  businessID: string,
): Promise<VideoResult> {
  const result: VideoResult = {
    interviewType: plan.interviewType,
    videoUploadOrNot: false,
    businessID,
    latitudeLongitude: '',
    locationInformation: '',
    certificationResul: '',
    localVideoName: '',
    uploadFromLocal: false,
    error: null,
  }
  if (plan.interviewType === 2 || plan.interviewType === 16) {
    return { ...result, error: sdkError(SDK_ERROR.selfServiceOff, NO_SELF_SERVICE) }
  }
  const ended = await customer.start(plan.link, plan.container, plan.consents, plan.device)
  if (!ended.data) {
    const code = ended.code === 500 ? SDK_ERROR.network : SDK_ERROR.badParameter
    return { ...result, error: sdkError(code, ended.msg) }
  }
  return { ...result, videoUploadOrNot: true, certificationResul: certification(businessID, ended.data) }
}

/** `isSuccess` "0" failed, "1" ok, "2" under review. */
function certification(businessId: string, end: EndState): string {
  const isSuccess = end.verdict === 'pass' ? '1' : end.verdict === 'supplement' ? '2' : '0'
  return JSON.stringify({ business_id: businessId, isSuccess, errorMessage: end.reason ?? '' })
}
