// The result of a face in the codings of the platforms. They contradict each other, so they are translated here and nowhere else.

/** What the server says. */
export type FaceResult = 'passed' | 'failed' | 'not_done'

/** Android and the browser: 1 成功, 2 失败, 3 未识别. */
export type AndroidFaceResult = 1 | 2 | 3

/** iOS, `SEFaceVerifyResultType`: 1 failed, 2 passed, 4 none. */
export type IosFaceResult = 1 | 2 | 4

const ANDROID: Record<FaceResult, AndroidFaceResult> = { passed: 1, failed: 2, not_done: 3 }
const IOS: Record<FaceResult, IosFaceResult> = { passed: 2, failed: 1, not_done: 4 }

export const toAndroid = (result: FaceResult): AndroidFaceResult => ANDROID[result]
export const toIos = (result: FaceResult): IosFaceResult => IOS[result]
