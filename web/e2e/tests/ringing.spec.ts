// From the ring to the verdict, when not everything goes straight.
import { moves } from '../harness/people.ts'
import { startSite } from '../harness/site.ts'
import { looks, ON_PHONE_AND_PC } from './looks.ts'
import { expect, test } from './stage.ts'

test('a refused call rings at the next seat, who answers with Enter and must give a reason to refuse; the bank takes its customer back', async ({
  house: { api },
  customer,
  seat,
}) => {
  const { business_no } = await api.order('RINGING-1', '赵强')
  const wang = await seat('agent1')
  const chen = await seat('agent2')
  await wang.takeOrders()
  const zhao = await customer()
  const bank = await startSite(
    '<!doctype html><meta charset="utf-8"><title>网上银行</title><h1>业务办理</h1>',
  )
  const return_url = `${bank.base}/orders?from=sign`
  await zhao.come(await api.invite(business_no, { return_url }))

  await expect(wang.page.getByRole('alertdialog', { name: '来电' })).toContainText('赵强')
  await chen.takeOrders()
  await wang.page.getByRole('button', { name: '拒接' }).click()
  await expect(wang.answer).toBeHidden()

  await expect(chen.answer).toBeFocused()
  await chen.page.keyboard.press('Enter')
  await moves(chen.page, '赵强')
  await expect(zhao.recording).toBeVisible()
  await expect(wang.answer).toBeHidden()

  await chen.page.getByRole('button', { name: '拒绝', exact: true }).click()
  const question = chen.page.getByRole('dialog', { name: '请说明拒绝的原因' })
  await question.getByRole('button', { name: '确定' }).click()
  await expect(question.getByRole('alert')).toHaveText('请选择或填写原因')
  expect(await api.interview(business_no)).toMatchObject({ state: 'in_call', verdict: null })

  await question.getByRole('button', { name: '身份信息不符' }).click()
  await question.getByRole('button', { name: '确定' }).click()
  await expect(zhao.page.getByRole('heading', { name: '这次面签没有通过' })).toBeVisible()
  await expect(chen.page.getByRole('heading', { name: '结论：拒绝' })).toBeVisible()
  expect(await api.interview(business_no)).toMatchObject({
    state: 'ended',
    verdict: 'refuse',
    reason: '身份信息不符',
  })

  try {
    const back = zhao.page.getByRole('link', { name: '返回业务办理' })
    await expect(back).toHaveAttribute('href', return_url)
    await expect(zhao.page.getByRole('timer')).toContainText('秒后自动返回')
    await looks(zhao.page, 'customer-end-with-a-way-back', ON_PHONE_AND_PC)
    // Nobody has to press it.
    await zhao.page.waitForURL(return_url, { timeout: 20_000 })
    await expect(zhao.page.getByRole('heading', { name: '业务办理' })).toBeVisible()
  } finally {
    bank.close()
  }
})
