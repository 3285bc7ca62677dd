// Every page, seen and scanned, along one interview. Pictures are left in target/e2e/screens.
import { logIn, moves } from '../harness/people.ts'
import { DESKTOP, PHONE } from '../harness/browsers.ts'
import { faults, IN_A_CALL, looks, ON_PHONE_AND_PC } from './looks.ts'
import { expect, test } from './stage.ts'

test('every page of an interview is good to look at and to listen to', async ({
  house: { api },
  customer,
  seat,
}) => {
  const { business_no } = await api.order('LOOKS-1', '李华')
  const li = await customer()
  const wang = await seat('agent1')
  await looks(wang.page, 'desk-idle', [DESKTOP])

  const link = await api.invite(business_no)
  await li.page.goto(link)
  await expect(li.page.getByRole('checkbox', { name: '我已阅读并同意录音录像' })).toBeVisible()
  await looks(li.page, 'customer-welcome', ON_PHONE_AND_PC)
  await li.consent()
  await li.check()
  await looks(li.page, 'customer-check', ON_PHONE_AND_PC)
  await li.queue()
  await looks(li.page, 'customer-queue', ON_PHONE_AND_PC)
  await looks(wang.page, 'desk-waiting', [DESKTOP])

  await wang.takeOrders()
  await expect(wang.answer).toBeVisible()
  await looks(wang.page, 'desk-ringing', [DESKTOP])
  await wang.accept()
  await moves(wang.page, '李华')
  await moves(li.page, '王敏')
  await looks(li.page, 'customer-call', IN_A_CALL)
  await looks(wang.page, 'desk-call', [DESKTOP, PHONE])
  await wang.page.getByRole('button', { name: '待补充' }).click()
  await expect(wang.page.getByRole('dialog', { name: '请说明需要补充的内容' })).toBeVisible()
  await looks(wang.page, 'desk-reason', [DESKTOP])
  await wang.page.getByRole('button', { name: '缺少收入证明' }).click()
  await wang.page.getByRole('button', { name: '确定' }).click()
  await expect(li.page.getByRole('heading', { name: '还需要您补充资料' })).toBeVisible()
  await looks(li.page, 'customer-end', ON_PHONE_AND_PC)
  await looks(wang.page, 'desk-summary', [DESKTOP])
})

test('the pages of those who do not call are good to look at, too', async ({
  house: { api, server },
  visitor,
  customer,
}) => {
  const page = await visitor()
  await page.goto(`${server.base}/desk`)
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
  await looks(page, 'login', ON_PHONE_AND_PC)

  await page.goto(`${server.base}/review`)
  await logIn(page, 'reviewer1')
  await page.getByRole('list', { name: '录像列表' }).getByRole('button').first().waitFor()
  await looks(page, 'review-list', ON_PHONE_AND_PC)
  await page.getByRole('list', { name: '录像列表' }).getByRole('button').first().click()
  await page.getByRole('button', { name: '播放', exact: true }).click()
  await moves(page, '王敏', 25)
  await looks(page, 'review-playing', ON_PHONE_AND_PC)

  const admin = await visitor()
  await admin.goto(`${server.base}/admin#/callbacks`)
  await logIn(admin, 'admin1')
  await expect(admin.getByRole('heading', { name: '回调发件箱' })).toBeVisible()
  await looks(admin, 'admin', ON_PHONE_AND_PC)
  await admin.setViewportSize(PHONE)
  await admin.getByRole('button', { name: '打开菜单' }).click()
  await expect(
    admin.getByRole('dialog', { name: '菜单' }).getByRole('link', { name: '回调发件箱' }),
  ).toBeVisible()
  await looks(admin, 'admin-menu', [PHONE])
  await admin.getByRole('dialog', { name: '菜单' }).getByRole('link', { name: '接口' }).click()
  await expect(admin.getByRole('heading', { name: '接口', exact: true })).toBeVisible()
  await expect(admin.getByRole('dialog', { name: '菜单' })).toBeHidden()
  await expect(admin.getByText('demo-app')).toBeVisible()
  await looks(admin, 'admin-interface', ON_PHONE_AND_PC)
  await admin.getByRole('spinbutton', { name: '柜台双录' }).scrollIntoViewIfNeeded()
  await looks(admin, 'admin-interface-switches', ON_PHONE_AND_PC)
  await admin.getByRole('spinbutton', { name: '协助' }).fill('3650')
  await admin.getByRole('button', { name: '保存', exact: true }).click()
  await expect(admin.getByText('已保存')).toBeVisible()
  await admin.reload()
  await expect(admin.getByRole('spinbutton', { name: '协助' })).toHaveValue('3650')
  await expect(admin.getByRole('textbox', { name: '返回地址' })).toHaveValue(/http:\/\/127\.0\.0\.1/)
  for (const [slug, title] of [
    ['files', '文件'],
    ['compositions', '合成录像'],
    ['rooms', '会议室'],
    ['archive', '账户'],
    ['archive/deposits', '归档记录'],
    ['archive/codes', '码表'],
    ['archive/clients', '系统编号'],
    ['messages', '短信发件箱'],
  ] as const) {
    await admin.goto(`${server.base}/admin#/${slug}`)
    await expect(admin.getByRole('heading', { name: title, exact: true })).toBeVisible()
    await expect(admin.getByRole('status').filter({ hasText: '正在加载' })).toHaveCount(0)
    await looks(admin, `admin-${slug.replace('/', '-')}`, ON_PHONE_AND_PC)
  }

  const lost = await visitor(PHONE)
  await lost.goto(`${server.base}/s/0000000000000000000000`)
  await expect(lost.getByRole('heading', { name: '链接不正确' })).toBeVisible()
  await looks(lost, 'customer-link-unknown', ON_PHONE_AND_PC)

  const denied = await customer({ devices: 'denied' })
  await denied.arrive(await api.invite((await api.order('LOOKS-2', '何平')).business_no))
  await denied.page.getByRole('button', { name: '开始检测' }).click()
  await expect(denied.page.getByRole('listitem').filter({ hasText: '摄像头' })).toContainText('没有得到允许')
  await looks(denied.page, 'customer-denied', ON_PHONE_AND_PC)
  await denied.page.getByRole('button', { name: '怎么办' }).first().click()
  await expect(denied.page.getByRole('dialog')).toBeVisible()
  await looks(denied.page, 'customer-denied-cure', [PHONE])
})

test('the scan finds a grey that cannot be read and a button without a name', async ({ visitor }) => {
  const page = await visitor()
  await page.setContent(
    '<html lang="zh-CN"><title>试</title><main><p style="color:#ccc">灰字</p><button></button></main>',
  )
  expect((await faults(page)).map((fault) => fault.split(':')[0]).sort()).toEqual([
    'button-name',
    'color-contrast',
  ])
})
