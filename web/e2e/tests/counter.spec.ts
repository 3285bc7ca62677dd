// Double recording at the counter: led here by a business system, recorded through the server or without it, played, recorded again.
import type { Page } from '@playwright/test'
import { DESKTOP, PHONE, PHONE_SIDEWAYS } from '../harness/browsers.ts'
import { moves } from '../harness/people.ts'
import { faults, looks } from './looks.ts'
import { expect, test } from './stage.ts'

const TYPES = ['风控面谈', '客服签约', '信托视频'] as const

/** Where the document's own call leads to, for an order of this number. */
async function lead(
  base: string,
  business_no: string,
  people = '张三_999999199001010016_华楼通',
): Promise<string> {
  const query = new URLSearchParams({
    orderList: `${people}_${business_no}`,
    roleList: `${TYPES[0]}Code2_${TYPES[1]}Code2_${TYPES[2]}Code1`,
  })
  const response = await fetch(`${base}/video/redirect?${query}`, { redirect: 'manual' })
  expect(response.status).toBe(302)
  return new URL(response.headers.get('location') ?? '', base).href
}

/** `videoStatus` by type, as the business system asks for it. */
async function statuses(base: string, businessNo: string): Promise<Record<string, string>> {
  const response = await fetch(`${base}/video/uploadStatus`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenantId: 'DEMOBK', businessNo }),
  })
  const { code, data } = (await response.json()) as {
    code: string
    data: { videoList: { videoType: string; videoStatus: string }[] }
  }
  expect(code).toBe('0')
  return Object.fromEntries(data.videoList.map((one) => [one.videoType, one.videoStatus]))
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name })
const start = (page: Page) => page.getByRole('button', { name: '开始录制', disabled: false })
const stop = (page: Page) => page.getByRole('main').getByRole('button', { name: '结束录制' })

/** Records for as long as the picture takes to move on by `frames`. */
async function record(page: Page, frames = 40): Promise<void> {
  await expect(page.getByRole('status', { name: '录制中' })).toBeVisible({ timeout: 20_000 })
  await moves(page, '本机画面', frames)
  await stop(page).click()
}

test('two types are recorded, one of them again, and the newest is played', async ({
  house: { server },
  customer,
}) => {
  const { page } = await customer({ viewport: DESKTOP })
  const number = 'COUNTER-1'
  await page.goto(await lead(server.base, number))
  await expect(page.getByText('张三', { exact: true })).toBeVisible()
  await expect(tab(page, TYPES[0])).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByText('您好，张三')).toBeVisible()
  await moves(page, '本机画面')
  await looks(page, 'counter-ready', [DESKTOP, PHONE_SIDEWAYS, PHONE])
  expect(await statuses(server.base, number)).toEqual({ [TYPES[0]]: '0', [TYPES[1]]: '0' })

  await test.step('the first type', async () => {
    await start(page).click()
    await expect(page.getByRole('status', { name: '录制中' })).toBeVisible({ timeout: 20_000 })
    expect((await statuses(server.base, number))[TYPES[0]]).toBe('1')
    await looks(page, 'counter-recording', [DESKTOP, PHONE_SIDEWAYS])
    await record(page)
    await expect(tab(page, TYPES[0])).toContainText('已录制')
    expect((await statuses(server.base, number))[TYPES[0]]).toBe('3')
  })

  await test.step('the second type', async () => {
    await tab(page, TYPES[1]).click()
    await start(page).click()
    await record(page)
    await expect.poll(() => statuses(server.base, number)).toEqual({ [TYPES[0]]: '3', [TYPES[1]]: '3' })
  })

  await test.step('the first type again, with a reason; the old take is void and stays', async () => {
    await tab(page, TYPES[0]).click()
    await page.getByRole('button', { name: '重录' }).click()
    const dialog = page.getByRole('dialog', { name: '请说明重录的原因' })
    await expect(dialog.getByRole('button', { name: '确定重录' })).toBeDisabled()
    await dialog.getByRole('button', { name: '声音不清楚' }).click()
    await dialog.getByRole('button', { name: '确定重录' }).click()
    await record(page, 60)
    await expect(page.getByText('已作废：已重新录制：声音不清楚')).toBeVisible()
    await expect(page.getByRole('list', { name: '录制记录' }).getByRole('listitem')).toHaveCount(2)
  })

  await test.step('the newest valid take plays', async () => {
    await page.getByRole('button', { name: '播放', exact: true }).click()
    await moves(page, `播放：${TYPES[0]}`, 10)
    await looks(page, 'counter-playing', [DESKTOP])
  })

  await test.step('a reload finds the page again, its ticket is of no more use', async () => {
    expect(new URL(page.url()).searchParams.get('ticket')).toBeNull()
    await page.reload()
    await expect(tab(page, TYPES[0])).toContainText('已录制')
    expect(await faults(page)).toEqual([])
  })
})

test('without a server the take is kept here and sent later, through an interruption', async ({
  house: { server },
  customer,
}) => {
  const { page } = await customer({ viewport: DESKTOP })
  const number = 'COUNTER-2'
  await page.goto(await lead(server.base, number))
  await moves(page, '本机画面')

  await page.context().setOffline(true)
  await start(page).click()
  await expect(page.getByRole('status').filter({ hasText: '本地录制' })).toBeVisible()
  await expect(page.getByText('正在录制到本机')).toBeVisible()
  await moves(page, '本机画面', 60)
  await looks(page, 'counter-local', [DESKTOP])
  await stop(page).click()
  const unsent = page.getByRole('list', { name: '本机待上传' }).getByRole('listitem')
  await expect(unsent).toHaveCount(1)
  await expect(unsent).toContainText('连接不上服务器')
  await expect(tab(page, TYPES[0])).toContainText('待上传')
  expect((await statuses(server.base, number))[TYPES[0]]).toBe('0')

  // The network is back, and breaks again under the first piece.
  let broken = 0
  await page.route('**/video/upload/*', async (route) => {
    if (route.request().method() === 'PATCH' && broken++ === 0) await route.abort('connectionreset')
    else await route.continue()
  })
  await page.context().setOffline(false)
  await expect(unsent).toHaveCount(0, { timeout: 30_000 })
  expect(broken).toBeGreaterThan(1)
  expect((await statuses(server.base, number))[TYPES[0]]).toBe('3')
  await expect(page.getByRole('list', { name: '录制记录' })).toContainText('本地录制')
  await page.getByRole('button', { name: '播放', exact: true }).click()
  await moves(page, `播放：${TYPES[0]}`, 10)
})

test('a tab that dies while it records here loses a moment, and the next one sends the rest', async ({
  house: { server },
  customer,
}) => {
  const { page } = await customer({ viewport: DESKTOP })
  const number = 'COUNTER-3'
  await page.goto(await lead(server.base, number))
  await moves(page, '本机画面')
  await page.route('**/video/takes', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  )
  await start(page).click()
  await expect(page.getByRole('status').filter({ hasText: '本地录制' })).toBeVisible()
  await moves(page, '本机画面', 90)
  await page.close({ runBeforeUnload: false })

  const next = await page.context().newPage()
  // A network so slow that somebody can read what is being sent.
  await next.route('**/video/upload/*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await route.continue()
  })
  await next.goto(await lead(server.base, number))
  await expect(next.getByText('浏览器异常关闭时保留下来的录制')).toBeVisible({ timeout: 30_000 })
  await expect
    .poll(async () => (await statuses(server.base, number))[TYPES[0]], { timeout: 30_000 })
    .toBe('3')
})

test('a page without a ticket, or with a used one, says where to go', async ({
  house: { server },
  visitor,
}) => {
  const page = await visitor()
  const link = await lead(server.base, 'COUNTER-4')
  await page.goto(link)
  await expect(page.getByRole('tab', { name: TYPES[0] })).toBeVisible()
  const other = await visitor()
  await other.goto(link)
  await expect(other.getByRole('heading', { name: '页面已失效' })).toBeVisible()
  await looks(other, 'counter-closed', [DESKTOP, PHONE])
  await other.goto(`${server.base}/video/main`)
  await expect(other.getByRole('heading', { name: '页面已失效' })).toBeVisible()
})
