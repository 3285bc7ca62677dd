// Holds a demo server against the description of its native API, with schemathesis, which makes requests up: good ones,
// bad ones, and chains of them. Always the same ones, and no longer than a minute or so.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDemo } from './demo.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
const folder = join(target, 'schemathesis')
const venv = join(folder, 'venv')
const wanted = readFileSync(join(root, '.ci/schemathesis/requirements.txt'), 'utf8')

function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', cwd: folder, ...options })
  if (error) throw error
  return status
}

/** Installs it where nothing else is, once for these versions. */
function install() {
  const done = join(venv, 'installed.txt')
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return
  mkdirSync(folder, { recursive: true })
  if (run('python3', ['-m', 'venv', '--clear', venv]) !== 0) throw new Error('python3 -m venv failed: install python3-venv')
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(root, '.ci/schemathesis/requirements.txt')]
  if (run(join(venv, 'bin/python'), pip) !== 0) throw new Error('schemathesis could not be installed')
  writeFileSync(done, wanted)
}

/** What is a tenant admin's alone is asked for with a session. */
async function logIn(base) {
  const response = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin1', password: 'mingjian-demo' }),
  })
  if (!response.ok) throw new Error(`logging in was answered ${response.status}`)
  const { csrf_token } = await response.json()
  return { cookie: response.headers.get('set-cookie').split(';')[0], csrf_token }
}

install()
const demo = await startDemo(process.env.MINGJIAN_BIN ?? join(target, 'debug/mingjian'), folder)
const began = Date.now()
let status = 1
try {
  const page = await logIn(demo.base)
  const config = readFileSync(join(root, '.ci/schemathesis/schemathesis.toml'), 'utf8')
  writeFileSync(join(folder, 'schemathesis.toml'), config.replaceAll('"{cookie}"', JSON.stringify(page.cookie)).replaceAll('"{csrf_token}"', JSON.stringify(page.csrf_token)))
  status = run(join(venv, 'bin/schemathesis'), ['--no-color', 'run', `${demo.base}/api/v1/openapi.json`])
} finally {
  await demo.stop()
}
console.log(`schemathesis: ${status === 0 ? 'no' : 'SOME'} difference from the description, ${Math.round((Date.now() - began) / 1000)} s`)
process.exit(status)
