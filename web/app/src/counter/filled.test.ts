import { expect, test } from 'vitest'
import { filled } from './filled'

const names = { 客户姓名: '张三', 产品名称: '华楼通', 订单编号: 'A1', 经办人: '王敏' }

test('a script is read out with the names of the case', () => {
  expect(filled('您好，{客户姓名}，您购买的是{产品名称}。', names)).toBe('您好，张三，您购买的是华楼通。')
})

test('a name that nobody knows stays as it stands', () => {
  expect(filled('{年龄}岁 {toString} {', names)).toBe('{年龄}岁 {toString} {')
})

test('what a name says is text and no part of the script', () => {
  expect(filled('{客户姓名}', { ...names, 客户姓名: '{产品名称}$&<b>' })).toBe('{产品名称}$&<b>')
})
