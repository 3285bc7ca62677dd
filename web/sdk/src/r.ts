// The envelope of the signing document: every verb of the SDK answers one and none throws.

/** `success` is true exactly when `code` is 200; `msg` is a sentence for people. */
export interface R<T> {
  code: number
  success: boolean
  data: T | null
  msg: string
}

export function done<T>(data: T): R<T> {
  return { code: 200, success: true, data, msg: '操作成功' }
}

export function refused<T = never>(code: number, msg: string): R<T> {
  return { code, success: false, data: null, msg }
}
