import { expect, test, vi } from 'vitest'
import { Http, type Fetch } from './http.ts'
import { Seat } from './seat.ts'

const user = {
  login: 'u1@DEMOBK',
  tenant: { id: 'DEMOBK', name: '示例银行' },
  queues: [{ id: '1001' }, { id: '1002' }],
}
const session = { user, csrf_token: 'csrf', return_url: 'https://bank.example/done' }
const sheet = {
  order: {
    business_no: 'A1',
    product_name: '华楼通',
    queue_id: '1001',
    customer: { name: '张三', id_no: '9999**********0016', mobile: '100****0001' },
    details: [{ label: '贷款金额', value: '50 万元' }],
  },
  assist_no: 'F1',
  risk_video_url: null,
  signature_url: null,
  product: {
    product_id: 'P1',
    product_name: '华楼通',
    intro: '介绍',
    risk_level: 'R2',
    risk_video_url: 'https://bank.example/risk.mp4',
    risk_tips: ['有风险'],
    statement: '本人已知悉',
    images: [],
  },
  enterprise: { name: '示例公司', credit_code: '9131', legal_person: '王五' },
  guarantors: [{ name: '李四', id_no: '1', mobile: '2' }],
  enterprise_guarantors: [],
}

function seat(...answers: Response[]) {
  const asked = vi.fn<Fetch>(async () => answers.shift() ?? Response.json({}, { status: 500 }))
  return { seat: new Seat(new Http('', asked)), asked }
}

const body = (asked: ReturnType<typeof seat>['asked'], turn: number) =>
  JSON.parse(String(asked.mock.calls[turn]?.[1].body)) as unknown

test('a token opens a session, and what it opens is checked against the names', async () => {
  const { seat: one, asked } = seat(Response.json(session))
  const opened = await one.loginInit('DEMOBK', '1001,1002', 'u1', { token: 'beef' })
  expect(opened.data).toEqual({
    tenantName: '示例银行',
    queueIds: ['1001', '1002'],
    userName: 'u1',
    returnUrl: 'https://bank.example/done',
  })
  expect(body(asked, 0)).toEqual({ token: 'beef' })
})

test.each([
  ['OTHERB', '1001', 'u1'],
  ['DEMOBK', '1003', 'u1'],
  ['DEMOBK', '1001', 'u2'],
])('names that differ from the token are refused: %s %s %s', async (tenant, queue, name) => {
  const opened = await seat(Response.json(session)).seat.loginInit(tenant, queue, name, { token: 'beef' })
  expect([opened.code, opened.success, opened.data]).toEqual([403, false, null])
})

test('a bare name is never enough', async () => {
  const { seat: one, asked } = seat(Response.json({ title: '尚未登录' }, { status: 401 }))
  const opened = await one.loginInit('DEMOBK', '1001', 'u1')
  expect([opened.code, opened.success]).toEqual([401, false])
  expect(asked.mock.calls[0]?.[0]).toBe('/api/v1/session')
})

test('order.json, product.json and the lenders come out in the shapes of the document', async () => {
  const answers = () => Response.json(sheet)
  const { seat: one } = seat(answers(), answers(), answers())
  const order = await one.getOrderInfos('A1')
  expect(order.data).toMatchObject({
    businessId: 'A1',
    assistId: 'F1',
    productId: 'P1',
    queueId: '1001',
    borrower: { name: '张三', idNo: '9999**********0016', phone: '100****0001' },
    riskVideoUrl: 'https://bank.example/risk.mp4',
    signatureUrl: '',
    extra: [{ label: '贷款金额', value: '50 万元' }],
  })
  expect((await one.showProduct('A1')).data?.[0]).toMatchObject({
    productIntro: '介绍',
    riskTips: ['有风险'],
    imgs: [],
  })
  const lenders = await one.showLenderInfos('A1')
  expect(lenders.data?.enterprise).toEqual({ name: '示例公司', creditCode: '9131', legalPerson: '王五' })
  expect(lenders.data?.guarantors).toEqual([{ name: '李四', idNo: '1', phone: '2' }])
})

test('an identity that nobody looked at is 3 with the reason', async () => {
  const { seat: one, asked } = seat(
    Response.json({ result: 'not_done', similarity: '0.0', description: '尚未配置身份核验服务，未进行核验' }),
  )
  const told = await one.getIdentityVer({ bussinessId: 'A1', imageBase64: 'data:image/jpeg;base64,/9j/' })
  expect(told.data).toEqual({ result: 3, similarity: '0.0', description: '尚未配置身份核验服务，未进行核验' })
  expect(asked.mock.calls[0]?.[0]).toBe('/api/v1/orders/A1/identity-checks')
  expect(body(asked, 0)).toEqual({ image_base64: '/9j/' })
})

test('a photo goes without a watermark as it is, and a refusal keeps its sentence', async () => {
  const { seat: one, asked } = seat(
    new Response(null, { status: 204 }),
    Response.json({ detail: '尚未配置照片接收地址' }, { status: 422 }),
  )
  const photo = { businessId: 'A/1', name: '1.jpg', imageBase64: '/9j/' }
  expect((await one.pushPhoto(photo)).success).toBe(true)
  expect(asked.mock.calls[0]?.[0]).toBe('/api/v1/orders/A%2F1/photos')
  expect(await one.pushPhoto(photo)).toMatchObject({ code: 422, msg: '尚未配置照片接收地址' })
})

test('no verdict without an interview', async () => {
  const { seat: one } = seat()
  expect((await one.signPass()).code).toBe(400)
  expect((await one.refuseOpe({ type: 'refuse', reason: '证件过期' })).code).toBe(400)
  expect((await one.refuseOpe({ type: 'other' as 'refuse', reason: '' })).code).toBe(400)
  expect((await one.stopService()).code).toBe(400)
})

test('a server that cannot be reached is an answer too', async () => {
  const http = new Http('https://a.example/', () => Promise.reject(new TypeError('offline')))
  expect(await http.call('GET', '/api/v1/session')).toMatchObject({ code: 500, success: false })
})
