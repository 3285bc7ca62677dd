// The main job: from the business system's order to the recording that a reviewer plays.
import { join } from 'node:path'
import { firstFramesOf, hear, notesOf } from '../harness/probe.ts'
import { moves } from '../harness/people.ts'
import { writeFile } from 'node:fs/promises'
import { expect, test } from './stage.ts'

test('two people meet, and what they saw and said is in the recording', async ({ house, customer, seat, folder }) => {
  const { api } = house
  const placed = await api.order('JOURNEY-1', '张三')
  const zhang = await customer({ sends: true })
  const wang = await seat('agent1', { sends: true })

  await zhang.come(await api.invite(placed.business_no))
  await wang.takeOrders()
  await wang.accept()

  await moves(zhang.page, '王敏')
  await moves(wang.page, '张三')
  for (const page of [zhang.page, wang.page]) {
    await expect(page.locator('video')).toHaveCount(2)
    expect(await firstFramesOf(page)).toEqual([expect.objectContaining({ recording: true })])
  }
  console.log(await hear(zhang.page, '王敏'), await hear(wang.page, '张三'))
  await moves(wang.page, '张三', 200)

  await wang.pass()
  const decided = Date.now()
  await expect(zhang.page.getByRole('heading', { name: '面签已通过' })).toBeVisible()
  const recording = await api.recording(placed.business_no)
  console.log(Date.now() - decided, recording, await api.interview(placed.business_no))
  for (const [i, file] of recording.files.entries()) await api.download(file.url, join(folder, `${i}-${file.participant.role}.mp4`))
  await writeFile(join(folder, 'notes.json'), JSON.stringify({ z: await notesOf(zhang.page), w: await notesOf(wang.page), recording }))
})
