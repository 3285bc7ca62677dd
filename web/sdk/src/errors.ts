// The numbers of the native SDKs' own errors.

export const SDK_ERROR = {
  badParameter: 1600,
  faceData: 1601,
  network: 1602,
  fileMissing: 1603,
  queueUnknown: 1604,
  selfServiceOff: 1605,
  remoteOff: 1606,
  uploadFailed: 1608,
} as const

export type SdkErrorCode = (typeof SDK_ERROR)[keyof typeof SDK_ERROR]

export interface SdkError {
  code: SdkErrorCode
  message: string
}

export const sdkError = (code: SdkErrorCode, message: string): SdkError => ({ code, message })

/** What this server has no side for yet, said as it is. */
export const NO_SELF_SERVICE = '服务器尚未提供自主面签，视频没有上传，请改用远程面签'
export const NO_LIVENESS = '服务器尚未提供活体人脸核身，本次未识别'
