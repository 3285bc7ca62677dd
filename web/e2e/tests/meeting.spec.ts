// Meetings: people see each other, the host directs, everybody sees that it is recorded, and strangers watch it live.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { DESKTOP, PHONE } from '../harness/browsers.ts'
import { moves } from '../harness/people.ts'
import { run } from '../harness/run.ts'
import { makeSmall } from '../media/make.ts'
import { IN_A_CALL, looks, ON_PHONE_AND_PC, SCREENS } from './looks.ts'
import { expect, test } from './stage.ts'

const HOST_PIN = '100866'
const GUEST_PIN = '200866'

async function dial(page: Page, base: string, name: string, pin: string): Promise<void> {
  await page.goto(`${base}/m/1866`)
  await page.getByRole('textbox', { name: '姓名' }).fill(name)
  await page.getByLabel('会议密码').fill(pin)
  await page.getByRole('button', { name: '加入会议' }).click()
}

/** The meeting face as the bank's own system calls it. */
async function meeting<Data>(
  base: string,
  call: string,
  words: Record<string, string>,
): Promise<{ code: string; data?: Data }> {
  const answer = await fetch(`${base}/meeting/${call}`, {
    method: 'POST',
    headers: { auth: '800', 'content-type': 'application/json' },
    body: JSON.stringify(words),
  })
  return (await answer.json()) as { code: string; data?: Data }
}

const recorded = (page: Page) => page.getByRole('status').filter({ hasText: '录制中' })

test('three people meet: they see each other, the host mutes and removes, and everybody sees what is recorded', async ({
  house: { server },
  customer,
}) => {
  const [wang, zhang, li] = [
    (await customer({ viewport: DESKTOP })).page,
    (await customer({ viewport: PHONE })).page,
    (await customer({ viewport: PHONE })).page,
  ]
  await test.step('a wrong PIN is told, and the door stays shut', async () => {
    await dial(zhang, server.base, '张三', '000000')
    await expect(zhang.getByRole('alert')).toBeVisible()
    await looks(zhang, 'meeting-door', ON_PHONE_AND_PC)
  })
  await dial(wang, server.base, '王敏', HOST_PIN)
  await dial(zhang, server.base, '张三', GUEST_PIN)
  await dial(li, server.base, '李四', GUEST_PIN)
  await test.step('everybody sees everybody', async () => {
    for (const [page, others] of [
      [wang, ['张三', '李四']],
      [zhang, ['王敏', '李四']],
      [li, ['王敏', '张三']],
    ] as const)
      for (const other of others) await moves(page, other)
  })

  await test.step('what the host records everybody sees', async () => {
    for (const page of [wang, zhang, li]) await expect(recorded(page)).toHaveCount(0)
    await wang.getByRole('button', { name: '开始录制' }).click()
    for (const page of [wang, zhang, li]) await expect(recorded(page)).toBeVisible()
    await looks(wang, 'meeting-room', [DESKTOP])
    await looks(zhang, 'meeting-room-phone', IN_A_CALL)
  })

  await test.step('the host mutes one, who may speak again', async () => {
    await wang.getByRole('button', { name: /^参会者/ }).click()
    await wang.getByRole('button', { name: '将 张三 静音' }).click()
    await expect(zhang.getByText('主持人已将你静音')).toBeVisible()
    await zhang.getByRole('button', { name: '取消静音' }).click()
    await expect(zhang.getByText('主持人已将你静音')).toHaveCount(0)
  })

  await test.step('whoever reloads is back as the same', async () => {
    await li.reload()
    await moves(li, '王敏')
    await moves(wang, '李四')
  })

  await test.step('the host removes one', async () => {
    await wang.getByRole('button', { name: '移出 李四' }).click()
    await expect(li.getByText('你已被主持人移出会议')).toBeVisible()
    await expect(wang.getByRole('button', { name: '移出 李四' })).toHaveCount(0)
  })

  await test.step('the recording ends and the meeting goes on', async () => {
    await wang.getByRole('button', { name: '停止录制' }).click()
    for (const page of [wang, zhang]) await expect(recorded(page)).toHaveCount(0)
    await moves(zhang, '王敏')
  })
})

test('nine people meet, everybody sees all nine at once, and so does whoever plays the film', async ({
  house: { server, media },
  customer,
  folder,
}) => {
  test.setTimeout(180_000)
  // Nine browsers that code and decode everybody at full size are more than a machine of two cores can do.
  const devices = await makeSmall(media.customer, folder)
  const names = ['钱一', '孙二', '李三', '周四', '吴五', '郑六', '冯七', '陈八', '褚九']
  const pages: Page[] = []
  for (const [place, name] of names.entries()) {
    const { page } = await customer({ devices, viewport: place === 0 ? DESKTOP : PHONE })
    await dial(page, server.base, name, place === 0 ? HOST_PIN : GUEST_PIN)
    await expect(page.getByRole('button', { name: '离开' })).toBeVisible()
    pages.push(page)
  }
  for (const [place, page] of pages.entries())
    await Promise.all(names.filter((_, other) => other !== place).map((name) => moves(page, name, 3)))
  const opened = await meeting<{ recordId: string }>(server.base, 'openRecord', { conferenceKey: '1866' })
  expect(opened.code).toBe('200')
  const [host] = pages
  // Those of another meeting in this room have a while to come back.
  await expect(host!.locator('video')).toHaveCount(names.length, { timeout: 40_000 })
  await looks(host!, 'meeting-of-nine', IN_A_CALL)
  expect((await meeting(server.base, 'closeRecord', { conferenceKey: '1866' })).code).toBe('200')
  for (const page of pages) await page.close()

  await test.step('the film holds everybody', async () => {
    const recordId = opened.data?.recordId ?? ''
    const film = async () =>
      (await meeting<{ downUrl: string }[]>(server.base, 'getRecords', { recordId })).data?.[0]?.downUrl
    await expect.poll(film, { timeout: 60_000, intervals: [500] }).toMatch(/^http/)
    const file = join(folder, 'nine.mp4')
    await writeFile(file, Buffer.from(await (await fetch((await film()) ?? '')).arrayBuffer()))
    const streams = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', file],
    ])
    expect(streams.toString().split(/\s+/).filter(Boolean).sort()).toEqual(['aac', 'h264'])
    const late = ['-v', 'error', '-y', '-sseof', '-2', '-i', file, '-frames:v', '1']
    await run('ffmpeg', [...late, join(SCREENS, 'film-of-nine.png')])
    // The mean of each of the nine places: a wall and a face, and not the dark of a place that is empty.
    const places = await run('ffmpeg', [
      ...late,
      ...['-vf', 'scale=3:3:flags=area,format=gray', '-f', 'rawvideo', '-'],
    ])
    expect(places).toHaveLength(9)
    expect(Math.min(...places)).toBeGreaterThan(90)
  })
})

test('a meeting is watched live by somebody with the link alone, at most ten seconds late', async ({
  house: { server },
  customer,
  visitor,
}) => {
  const wang = (await customer({ viewport: DESKTOP })).page
  await dial(wang, server.base, '王敏', HOST_PIN)
  await expect(wang.getByRole('button', { name: '离开' })).toBeVisible()
  const call = (path: string) => meeting<{ liveurl: string }>(server.base, path, { conferenceKey: '1866' })
  const opened = await call('openLive')
  expect(opened.code).toBe('200')
  await expect(wang.getByRole('status').filter({ hasText: '直播中' })).toBeVisible()

  const page = await visitor()
  const begun_at = Date.now()
  await page.goto(opened.data?.liveurl ?? '')
  await expect(page.getByRole('heading', { name: '示例会议室' })).toBeVisible()
  await page.locator('video[aria-label^="参会者"]').first().waitFor({ timeout: 15_000 })
  await moves(page, '参会者', 10)
  expect(Date.now() - begun_at).toBeLessThan(20_000)
  await looks(page, 'watch', ON_PHONE_AND_PC)
  await test.step('what is shown is at most ten seconds old', async () => {
    const latency_s = await page
      .locator('video')
      .first()
      .evaluate((video: HTMLVideoElement) => {
        const { seekable } = video
        return seekable.length > 0 ? seekable.end(seekable.length - 1) - video.currentTime : Infinity
      })
    expect(latency_s).toBeLessThan(8)
  })
  expect((await call('closeLive')).code).toBe('200')
  await expect(page.getByText('直播已结束')).toBeVisible()
})
