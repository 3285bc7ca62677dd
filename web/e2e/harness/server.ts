// One server of the product: the program itself, with the demo's fixtures, on free ports of this machine alone.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { access, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const ROOT = resolve(fileURLToPath(new URL('../../..', import.meta.url)))
const PROGRAM = process.env.MINGJIAN_BIN ?? join(ROOT, 'target/debug/mingjian')
const STARTS_WITHIN_MS = 30_000
const STOPS_WITHIN_MS = 10_000

export class Server {
  readonly #child: ChildProcess
  /** Scheme, host and port of the pages. */
  readonly base: string
  /** What the program wrote to standard error. */
  readonly log: string
  /** Where it keeps what it keeps. */
  readonly data: string

  private constructor(child: ChildProcess, base: string, folder: string) {
    this.#child = child
    this.base = base
    this.log = join(folder, 'server.log')
    this.data = join(folder, 'data')
  }

  /**
   * Starts a demo with an empty data folder below `folder`; `flags` are further ones. Throws when the program is missing or
   * does not come up.
   */
  static async start(folder: string, flags: readonly string[] = []): Promise<Server> {
    await access(PROGRAM).catch(() => {
      throw new Error(
        `${PROGRAM} is missing: build it with "cargo build -p mingjian-server", or name another with MINGJIAN_BIN`,
      )
    })
    const data = join(folder, 'data')
    await rm(data, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const any = '127.0.0.1:0'
    const child = spawn(
      PROGRAM,
      ['serve', '--demo', '--data', data, '--http', any, '--https', 'off', '--rtc', any, ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child.stderr.pipe(createWriteStream(join(folder, 'server.log')))
    try {
      return new Server(child, await listening(child), folder)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  /** Ends the program softly. Throws when it does not end by itself. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise<void>((done) => this.#child.once('exit', () => done()))
    this.#child.kill('SIGTERM')
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), STOPS_WITHIN_MS)
    await gone
    clearTimeout(patience)
    if (this.#child.signalCode === 'SIGKILL')
      throw new Error(`the server did not stop within ${STOPS_WITHIN_MS} ms of SIGTERM`)
  }
}

/** Waits for the program to say where it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = ''
    const patience = setTimeout(
      () =>
        failed(new Error(`the server did not say within ${STARTS_WITHIN_MS} ms where it listens: ${said}`)),
      STARTS_WITHIN_MS,
    )
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const address = /^listening (http:\/\/\S+)$/m.exec(said)?.[1]
      if (!address || !said.includes('listening rtc')) return
      clearTimeout(patience)
      found(address)
    })
    let complaint = ''
    child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
    child.once('error', failed)
    child.once('exit', (code) => {
      clearTimeout(patience)
      failed(new Error(`the server ended with code ${code} before it listened: ${complaint}`))
    })
  })
}
