// What stands between a customer and the call, and what the page says to do about it.
import { moves } from '../harness/people.ts'
import { expect, test } from './stage.ts'

test('who has forbidden the camera is told how to allow it', async ({ house: { api }, customer }) => {
  const { business_no } = await api.order('DENIED-1', '周杰')
  const zhou = await customer({ devices: 'denied' })
  await zhou.arrive(await api.invite(business_no))
  await zhou.page.getByRole('button', { name: '开始检测' }).click()
  const camera = zhou.page.getByRole('listitem').filter({ hasText: '摄像头' })
  await expect(camera).toContainText('没有得到允许')
  await camera.getByRole('button', { name: '怎么办' }).click()
  await expect(zhou.page.getByRole('dialog')).toContainText('找到“摄像头”，选“允许”')
  await expect(zhou.page.getByRole('button', { name: '开始排队' })).toBeHidden()
})

test('who has no camera is told to use another device', async ({ house: { api }, customer }) => {
  const { business_no } = await api.order('NONE-1', '吴敏')
  const wu = await customer({ devices: 'none' })
  await wu.arrive(await api.invite(business_no))
  await wu.page.getByRole('button', { name: '开始检测' }).click()
  const camera = wu.page.getByRole('listitem').filter({ hasText: '摄像头' })
  await expect(camera).toContainText('没有找到')
  await camera.getByRole('button', { name: '怎么办' }).click()
  await expect(wu.page.getByRole('dialog')).toContainText('用带摄像头的手机打开短信里的链接')
})

test('without the consent to be recorded nothing begins, and the page says why', async ({
  house: { api },
  customer,
}) => {
  const { business_no } = await api.order('CONSENT-1', '郑爽')
  const { page } = await customer()
  await page.goto(await api.invite(business_no))
  await page.getByRole('button', { name: '开始检测' }).click()
  await expect(page.getByRole('alert')).toContainText('请先勾选“我已阅读并同意录音录像”')
  await expect(page.getByRole('checkbox', { name: '我已阅读并同意录音录像' })).toBeFocused()
})

test('without the consent to face processing the interview goes on', async ({
  house: { api },
  customer,
  seat,
}) => {
  const { business_no } = await api.order('FACE-1', '冯雪')
  const feng = await customer()
  await feng.page.goto(await api.invite(business_no))
  await feng.page.getByRole('checkbox', { name: '我已阅读并同意录音录像' }).check()
  await feng.check()
  await feng.queue()
  const wang = await seat('agent1')
  await wang.takeOrders()
  await wang.accept()
  await moves(wang.page, '冯雪')
  await feng.hangUp.click()
  await expect(feng.page.getByRole('heading', { name: '通话已结束' })).toBeVisible()
  await expect(wang.page.getByRole('heading', { name: '通话未完成' })).toBeVisible()
  await wang.page.getByRole('main').getByRole('button', { name: '关闭' }).click()
  await expect(wang.page.getByRole('heading', { name: '通话未完成' })).toBeHidden()
  expect((await api.interview(business_no)).verdict).toBeNull()
})

test('a link whose time is over is called expired', async ({ house: { mayfly }, visitor }) => {
  const page = await visitor()
  await expect.poll(() => Date.now(), { timeout: 65_000 }).toBeGreaterThan(mayfly.dies_at)
  await page.goto(mayfly.link)
  await expect(page.getByRole('heading', { name: '链接已过期' })).toBeVisible()
})

test('a link that nobody has sent is called wrong, not expired', async ({ house: { server }, visitor }) => {
  const page = await visitor()
  await page.goto(`${server.base}/s/0000000000000000000000`)
  await expect(page.getByRole('heading', { name: '链接不正确' })).toBeVisible()
})

test('a wrong password is refused with a sentence, and the right one still works', async ({
  house: { server },
  visitor,
}) => {
  const page = await visitor()
  await page.goto(`${server.base}/review`)
  await page.getByRole('textbox', { name: '账号' }).fill('reviewer1')
  await page.getByRole('textbox', { name: '密码' }).fill('not-it')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('alert')).toContainText('账号或密码不正确')
  await page.getByRole('textbox', { name: '密码' }).fill('mingjian-demo')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('search', { name: '查找录像' })).toBeVisible()
})
