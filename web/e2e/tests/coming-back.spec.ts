// A page that goes away and comes back, and a recording that goes on.
import { logIn, moves } from '../harness/people.ts'
import { readCode } from '../media/code.ts'
import { CUSTOMER } from '../media/cast.ts'
import { blocksOf } from '../harness/probe.ts'
import { expect, test } from './stage.ts'

test('a customer who reloads the page comes back into the same recording, which plays while it is made', async ({
  house: { api, server },
  customer,
  seat,
  visitor,
}) => {
  const { business_no } = await api.order('RELOAD-1', '钱芳')
  const qian = await customer()
  const wang = await seat('agent1')
  const link = await api.invite(business_no)
  await qian.come(link)
  await wang.takeOrders()
  await wang.accept()
  await moves(wang.page, '钱芳', 50)

  await qian.page.reload()
  await moves(wang.page, '钱芳', 25)
  await moves(qian.page, '王敏', 25)
  await expect(qian.recording).toBeVisible()
  expect(await api.interview(business_no)).toMatchObject({ state: 'in_call' })
  const recordings = await api.recordings(business_no)
  expect(recordings).toHaveLength(1)

  const page = await visitor()
  await test.step('a reviewer watches while it is being made', async () => {
    await page.goto(`${server.base}/review#${recordings[0]?.id}`)
    await logIn(page, 'reviewer1')
    await expect(page.getByRole('list', { name: '录像列表' }).getByText('录制中')).toBeVisible()
    await page.getByRole('button', { name: '播放', exact: true }).click()
    await moves(page, '钱芳', 25)
    await moves(page, '王敏', 25)
    await page.getByRole('button', { name: '跳到最新' }).click()
    const before = await newest(page)
    await expect.poll(() => newest(page)).toBeGreaterThan(before + 25)
  })

  await wang.pass()
  await expect(qian.page.getByRole('heading', { name: '面签已通过' })).toBeVisible()
  await test.step('the gap is marked, for programs and for people', async () => {
    const [recording] = await api.recordings(business_no)
    const customers = recording?.files.find(({ participant }) => participant.role === 'customer')?.participant
      .id
    const gap = recording?.gaps.find(
      ({ participant, reason }) => participant === customers && reason === 'reconnect',
    )
    expect(gap, 'a gap of the customer').toBeDefined()
    expect((gap?.to_ms ?? 0) - (gap?.from_ms ?? 0)).toBeLessThan(30_000)
    await expect(page.getByRole('button', { name: /钱芳：重新连接/ })).toBeVisible()
  })

  await test.step('the link is used up: who reloads sees the result again, another device nothing', async () => {
    await qian.page.reload()
    await expect(qian.page.getByRole('heading', { name: '面签已通过' })).toBeVisible()
    const stranger = await visitor()
    await stranger.goto(link)
    await expect(stranger.getByRole('heading', { name: '链接已使用过' })).toBeVisible()
    await expect(stranger.getByText('钱')).toHaveCount(0)
  })
})

/** The number of the customer's picture that is on the reviewer's page; -1 while it cannot be read. */
async function newest(page: Parameters<typeof blocksOf>[0]): Promise<number> {
  const [blocks] = await blocksOf(page, ['钱芳'])
  return readCode(blocks ?? [], CUSTOMER.salt) ?? -1
}

test('a link that is open on one device can be taken to another, and the first one says so', async ({
  house: { api },
  customer,
}) => {
  const { business_no } = await api.order('DEVICES-1', '孙丽', '1002')
  const link = await api.invite(business_no)
  const phone = await customer()
  await phone.come(link)

  const tablet = await customer()
  await tablet.page.goto(link)
  await expect(tablet.page.getByRole('heading', { name: '已在另一台设备上打开' })).toBeVisible()
  await tablet.page.getByRole('button', { name: '在这台设备上继续' }).click()
  await expect(tablet.page.getByText('当前排位')).toBeVisible()
  await expect(phone.page.getByRole('heading', { name: '已在另一台设备上打开' })).toBeVisible()

  await tablet.page.getByRole('button', { name: '离开排队' }).click()
  await expect(tablet.page.getByRole('heading', { name: '您已离开排队' })).toBeVisible()
  await expect.poll(async () => (await api.interview(business_no)).state).not.toBe('waiting')
})
