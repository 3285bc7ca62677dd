import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isAllowed, judgeCrates, judgePackages, readList } from './licences.mjs'

const allowed = new Set(['MIT', 'Apache-2.0', 'ISC', 'Apache-2.0 WITH LLVM-exception'])
const cratesIo = 'registry+https://github.com/rust-lang/crates.io-index'

test('a licence is allowed when one way to meet it is', () => {
  for (const expression of [
    'MIT',
    'MIT/GPL-3.0-only',
    'GPL-3.0-only OR MIT',
    'MIT AND ISC',
    'ISC AND (GPL-2.0-only OR MIT)',
    'Apache-2.0 WITH LLVM-exception',
    'MIT OR GPL-2.0-only AND ISC',
  ]) {
    assert.ok(isAllowed(expression, allowed), expression)
  }
  for (const expression of [
    '',
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    '(MIT OR ISC) AND AGPL-3.0-only',
    'MIT WITH Classpath-exception-2.0',
    'ISC AND (GPL-2.0-only OR LGPL-2.1-only)',
    'MIT ISC',
    '(MIT',
  ]) {
    assert.ok(!isAllowed(expression, allowed), expression)
  }
})

test('a foreign licence, source or name of a crate is told', () => {
  const crate = (name, license, source) => ({ name, version: '1.0.0', license, source })
  const metadata = {
    packages: [
      crate('ours', 'Apache-2.0', null),
      crate('good', 'MIT', cratesIo),
      crate('copyleft', 'GPL-3.0-only', cratesIo),
      crate('silent', null, cratesIo),
      crate('forked', 'MIT', 'git+https://example.org/forked'),
      crate('openssl-sys', 'MIT', cratesIo),
    ],
  }
  assert.deepEqual(judgeCrates(metadata, allowed, new Set(['openssl-sys'])), [
    'crate copyleft 1.0.0: licence GPL-3.0-only',
    'crate silent 1.0.0: licence not told',
    'crate forked 1.0.0: source git+https://example.org/forked',
    'crate openssl-sys 1.0.0: must not be used',
  ])
})

test('a foreign licence of a shipped npm package is told', () => {
  const lock = {
    packages: {
      '': { name: 'web' },
      app: { version: '0.0.0' },
      'node_modules/@mingjian/app': { link: true },
      'node_modules/good': { version: '1.0.0', license: 'MIT' },
      'node_modules/tool': { version: '1.0.0', license: 'GPL-3.0-only', dev: true },
      'node_modules/a/node_modules/@b/c': { version: '2.0.0', license: 'GPL-3.0-only' },
      'node_modules/elsewhere': { version: '1.0.0', license: 'MIT', resolved: 'https://example.org/elsewhere.tgz' },
    },
  }
  assert.deepEqual(judgePackages(lock, allowed), [
    'npm package @b/c 2.0.0: licence GPL-3.0-only',
    'npm package elsewhere 1.0.0: source https://example.org/elsewhere.tgz',
  ])
})

test('a list is read from its own section', () => {
  const toml = '[a]\nallow = ["no"]\n[licenses]\nallow = [\n  "MIT", # "not this"\n  "ISC",\n]\n'
  assert.deepEqual([...readList(toml, 'licenses', 'allow')], ['MIT', 'ISC'])
  assert.throws(() => readList(toml, 'bans', 'deny'), /bans\.deny/)
})
