// A demo server of one's own: an empty data folder, free ports of this machine alone, ended by its own process id.

import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const STARTS_WITHIN_MS = 60_000
const STOPS_WITHIN_MS = 20_000

/** Starts one with its data and log in `folder`; gives its address and a way to end it. */
export async function startDemo(program, folder) {
  const data = join(folder, 'data')
  rmSync(data, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const any = '127.0.0.1:0'
  const flags = ['serve', '--demo', '--data', data, '--http', any, '--https', 'off', '--rtc', any]
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.pipe(createWriteStream(join(folder, 'server.log')))
  const gone = new Promise((done) => child.once('exit', done))
  try {
    const base = await listening(child)
    return {
      base,
      async stop() {
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`the demo server ended by itself, see ${join(folder, 'server.log')}`)
        }
        child.kill('SIGTERM')
        const patience = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS)
        await gone
        clearTimeout(patience)
      },
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** Waits for the program to say where it listens. */
function listening(child) {
  return new Promise((found, failed) => {
    let said = ''
    const patience = setTimeout(() => failed(new Error(`no address within ${STARTS_WITHIN_MS} ms: ${said}`)), STARTS_WITHIN_MS)
    const end = (settle, value) => {
      clearTimeout(patience)
      settle(value)
    }
    child.stdout.on('data', (chunk) => {
      said += chunk
      const address = /^listening (http:\/\/\S+)$/m.exec(said)?.[1]
      if (address && said.includes('listening rtc')) end(found, address)
    })
    child.once('error', (error) => end(failed, error))
    child.once('exit', (code) => end(failed, new Error(`the server ended with code ${code} before it listened`)))
  })
}
