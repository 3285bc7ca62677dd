import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(__dirname, 'zh-CN')
const files = readdirSync(folder)
/** A Western mark that touches a Chinese character on either side. */
const western = /[\u4e00-\u9fff”][,:;?!()]|[,;?!()][\u4e00-\u9fff“]/

/** The lines of a module that hold words for people: comments are in English, code is not Chinese. */
const wordsOf = (file: string) =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => /[\u4e00-\u9fff]/.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line))

test('the words are there to be looked at', () => {
  expect(files).toContain('desk.ts')
  expect(wordsOf('desk.ts').length).toBeGreaterThan(50)
})

test.each(files)('%s sets Chinese sentences with Chinese punctuation', (file) => {
  expect(wordsOf(file).filter((line) => western.test(line))).toEqual([])
})
