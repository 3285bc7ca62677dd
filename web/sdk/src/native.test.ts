import { expect, test, vi } from 'vitest'
import { PureVersionSDK, type User } from './android.ts'
import { codeOf, Customer } from './customer.ts'
import { toAndroid, toIos } from './face.ts'
import { Http, type Fetch } from './http.ts'
import { SEVideoManager, SigningESDK, type SEVideoServiceDelegate } from './ios.ts'
import type { Unsent } from './unsent.ts'

const CODE = '0123456789ABCDEFGHIJKL'
const LINK = `https://video.bank.example/s/${CODE}?businessId=A1`
const invitation = { tenant_name: '示例银行', business_no: 'A1', product_name: '华楼通', name: '张*' }

function parts(...answers: Response[]) {
  const asked = vi.fn<Fetch>(async () => answers.shift() ?? Response.json({}, { status: 500 }))
  const http = new Http('', asked)
  const customer = new Customer(http)
  const unsent: Unsent = {
    keep: vi.fn(),
    find: async (name) => (name === 'kept.mp4' ? new Blob(['x']) : null),
    names: async () => ['kept.mp4'],
    remove: vi.fn(),
  }
  return { asked, http, customer, unsent }
}

function android(...answers: Response[]) {
  const { http, customer, asked } = parts(...answers)
  return { sdk: new PureVersionSDK(http, customer), asked }
}

async function face(user: User, ...answers: Response[]) {
  const { sdk, asked } = android(...answers)
  const callback = {
    onFaceResultSuccess: vi.fn(),
    onFaceResultFailed: vi.fn(),
    onStartFaceResultActivity: vi.fn(),
  }
  await sdk.startFaceIdentification(null, 'A1', [user], 0, callback)
  const failed = callback.onFaceResultFailed.mock.calls[0]?.[0] as string | undefined
  return { ...callback, failed: failed === undefined ? null : (JSON.parse(failed) as object), asked }
}

test('the platforms number the same result differently', () => {
  expect((['passed', 'failed', 'not_done'] as const).map(toAndroid)).toEqual([1, 2, 3])
  expect((['passed', 'failed', 'not_done'] as const).map(toIos)).toEqual([2, 1, 4])
})

test('the code is read out of a link of ours', () => {
  expect(codeOf(LINK)).toBe(CODE)
  expect(codeOf(CODE)).toBe(CODE)
  expect(codeOf(`https://a.example/${CODE}`)).toBe(null)
  expect(codeOf('')).toBe(null)
})

test('doLoginSDK needs the link, and the link needs to be of that business', async () => {
  const login = async (business: string, link?: string) => {
    const callback = { onSuccess: vi.fn(), onFail: vi.fn() }
    await android(Response.json(invitation)).sdk.doLoginSDK(null, 'DEMOBK', business, 'F1', '', callback, {
      link,
    })
    return callback
  }
  const good = await login('A1', LINK)
  expect(good.onSuccess).toHaveBeenCalledExactlyOnceWith({
    accountId: 'DEMOBK',
    businessId: 'A1',
    assistId: 'F1',
    companyName: '示例银行',
    productName: '华楼通',
  })
  expect(good.onFail).not.toHaveBeenCalled()
  for (const [business, link] of [['A1'], ['A2', LINK], ['A1', 'nonsense']] as const) {
    const bad = await login(business, link)
    expect(bad.onSuccess).not.toHaveBeenCalled()
    expect(bad.onFail).toHaveBeenCalledOnce()
  }
})

test('a face that nobody can look at is 3 未识别, never a pass', async () => {
  const asked = await face({ useFaceIdentification: true, name: '张三', idNumber: '1' })
  expect(asked.onFaceResultSuccess).not.toHaveBeenCalled()
  expect(asked.failed).toMatchObject({ faceResult: 3, similarity: '0.0' })
  expect(asked.onStartFaceResultActivity).not.toHaveBeenCalled()
  const on = await face({ useFaceIdentification: true, nextFail: true })
  expect(on.onStartFaceResultActivity.mock.calls[0]?.[0]).toBe(1)
})

test('a result that the app claims counts only with the signature of its server', async () => {
  const bare = await face({ faceResult: 1, similarity: '99.0' })
  expect(bare.onFaceResultSuccess).not.toHaveBeenCalled()
  expect(bare.asked).not.toHaveBeenCalled()
  const forged = await face(
    { faceResult: 1, faceStatement: 'a.b.c' },
    Response.json({ detail: '不对' }, { status: 401 }),
  )
  expect(forged.onFaceResultSuccess).not.toHaveBeenCalled()
  expect(forged.failed).toMatchObject({ faceResult: 3, description: '不对' })
  const signed = await face({ faceResult: 1, faceStatement: 'a.b.c' }, new Response(null, { status: 204 }))
  expect(signed.onFaceResultSuccess).toHaveBeenCalledOnce()
  const failed = await face({ faceResult: 2, faceStatement: 'a.b.c' }, new Response(null, { status: 204 }))
  expect(failed.failed).toMatchObject({ faceResult: 2 })
})

test('the picture to compare with is kept for the app', () => {
  const { sdk } = android()
  sdk.setFaceComparePicture('/9j/')
  expect(sdk.faceComparePicture).toBe('/9j/')
})

test('startInterview tells on exit why there was none', async () => {
  const { sdk } = android()
  const exit = vi.fn()
  const consents = { recording: true }
  await sdk.startInterview(
    null,
    { faceType: 2, nickName: 'u', queueId: '1001', consents },
    { exitVideoCallBack: exit },
  )
  await sdk.startInterview(null, { nickName: 'u', queueId: '1001', consents }, { exitVideoCallBack: exit })
  expect(exit.mock.calls.map(([, , result]) => result.error.code)).toEqual([1605, 1600])
})

function delegate(over: Partial<SEVideoServiceDelegate> = {}) {
  return {
    SEVideoServiceContinue: vi.fn(() => true),
    SEVideoServiceWithFaceVerifyData: vi.fn(() => null),
    SEVideoServiceWithFaceVerifyResult: vi.fn(),
    SEVideoServiceWithInterviewData: vi.fn(() => ({
      interviewType: 2 as const,
      userName: 'u',
      tenantName: '示例银行',
      link: LINK,
      consents: { recording: true },
    })),
    SEVideoServiceWithVideoResult: vi.fn(),
    ...over,
  }
}

test('videoWithTenantID asks its delegate in order and tells it the end', async () => {
  const { http, customer, unsent } = parts(Response.json(invitation))
  const manager = new SEVideoManager(http, customer, unsent)
  const told = delegate({
    SEVideoServiceWithFaceVerifyData: vi.fn(() => ({ hasFaceVerFunc: true, name: '张三', idNo: '1' })),
  })
  manager.delegate = told
  await manager.videoWithTenantID('DEMOBK', 'F1', 'A1')
  expect(told.SEVideoServiceWithFaceVerifyResult).toHaveBeenCalledWith(
    expect.objectContaining({ resultType: 4 }),
  )
  expect(vi.mocked(told.SEVideoServiceWithVideoResult).mock.calls[0]?.[0]).toMatchObject({
    businessID: 'A1',
    error: { code: 1605 },
  })

  const stopped = delegate({ SEVideoServiceContinue: vi.fn(() => false) })
  manager.delegate = stopped
  await manager.videoWithTenantID('DEMOBK', 'F1', 'A1')
  expect(stopped.SEVideoServiceWithInterviewData).not.toHaveBeenCalled()
})

test('a link of another business and a failed face start nothing', async () => {
  const { http, customer, unsent } = parts(Response.json(invitation), new Response(null, { status: 204 }))
  const manager = new SEVideoManager(http, customer, unsent)
  const other = delegate()
  manager.delegate = other
  await manager.videoWithTenantID('DEMOBK', null, 'A2')
  expect(vi.mocked(other.SEVideoServiceWithVideoResult).mock.calls[0]?.[0]).toMatchObject({
    error: { code: 1600 },
  })
  const failed = delegate({
    SEVideoServiceWithFaceVerifyData: vi.fn(() => ({
      faceVerifyResultType: 1 as const,
      faceStatement: 'a.b.c',
    })),
  })
  manager.delegate = failed
  await manager.videoWithTenantID('DEMOBK', null, 'A1')
  expect(failed.SEVideoServiceWithFaceVerifyResult).toHaveBeenCalledWith(
    expect.objectContaining({ resultType: 1 }),
  )
  expect(failed.SEVideoServiceWithInterviewData).not.toHaveBeenCalled()
})

test('a video that is not there and one that has no place yet are told apart', async () => {
  const { http, customer, unsent } = parts()
  const manager = new SEVideoManager(http, customer, unsent)
  const missing = await manager.uploadVideoWithVideoName('gone.mp4', 'DEMOBK', 'F1', 'A1')
  const kept = await manager.uploadVideoWithVideoName('kept.mp4', 'DEMOBK', 'F1', 'A1')
  expect([missing.error?.code, kept.error?.code]).toEqual([1603, 1605])
  expect(unsent.remove).not.toHaveBeenCalled()
})

test('initSDK tells its delegate whether this browser can', () => {
  const sdk = new SigningESDK()
  sdk.delegate = { SigningESDKinitResult: vi.fn() }
  vi.stubGlobal('RTCPeerConnection', undefined)
  sdk.initSDK()
  vi.stubGlobal('RTCPeerConnection', class {})
  sdk.initSDK()
  const told = vi
    .mocked(sdk.delegate.SigningESDKinitResult)
    .mock.calls.map(([result]) => result.error?.code ?? null)
  expect(told).toEqual([1600, null])
  vi.unstubAllGlobals()
})
