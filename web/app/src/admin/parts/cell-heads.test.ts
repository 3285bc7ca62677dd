import { expect, test } from 'vitest'
import { noteHeads } from './cell-heads'

test('every cell knows its column, and a row over the whole width is left alone', () => {
  const table = document.createElement('table')
  table.innerHTML =
    '<thead><tr><th>名称</th><th> 大小 </th></tr></thead>' +
    '<tbody><tr><th>a.pdf</th><td>1 KB</td></tr><tr><td colspan="2">详情</td></tr></tbody>'
  noteHeads(table)
  const heads = [...table.querySelectorAll<HTMLElement>('tbody th, tbody td')].map(
    (cell) => cell.dataset.head,
  )
  expect(heads).toEqual(['名称', '大小', undefined])
})
