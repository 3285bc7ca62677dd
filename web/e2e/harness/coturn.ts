// A TURN server of our own: Debian's coturn on a free port of loopback, with a secret of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

const PROGRAM = process.env.MINGJIAN_TURNSERVER ?? 'turnserver'
const STARTS_WITHIN_MS = 10_000
/** From here on it hands out relay addresses; which of them are taken does not matter, it tries the next. */
const RELAY_PORTS = { min: 40_000, max: 45_000 }

export class Coturn {
  readonly #child: ChildProcess
  readonly port: number
  readonly secret: string

  private constructor(child: ChildProcess, port: number, secret: string) {
    this.#child = child
    this.port = port
    this.secret = secret
  }

  /** Starts it with what it writes below `folder`. Throws when it is not installed or does not come up. */
  static async start(folder: string): Promise<Coturn> {
    await mkdir(folder, { recursive: true })
    const [port, secret] = [await freePort(), randomBytes(16).toString('hex')]
    const here = '127.0.0.1'
    const child = spawn(
      PROGRAM,
      [
        // Whatever /etc/turnserver.conf says is the machine's, not the test's.
        ...['-n', '--no-cli', '--no-tls', '--no-dtls', '--no-software-attribute'],
        ...[`--listening-ip=${here}`, `--relay-ip=${here}`, `--listening-port=${port}`],
        ...[`--min-port=${RELAY_PORTS.min}`, `--max-port=${RELAY_PORTS.max}`],
        ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=mingjian.test', '--fingerprint'],
        // The server under test is on loopback, whither coturn relays nothing by default.
        '--allow-loopback-peers',
        ...['--log-file=stdout', `--pidfile=${join(folder, 'turnserver.pid')}`],
        ...[`--userdb=${join(folder, 'turndb')}`],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const log = createWriteStream(join(folder, 'coturn.log'))
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    const gone = new Promise<never>((_, failed) => {
      child.once('error', (error) => failed(new Error(`${PROGRAM} could not be started: ${error.message}`)))
      child.once('exit', (code) => failed(new Error(`${PROGRAM} ended with code ${code}, see ${folder}`)))
    })
    // After it has come up its end is nobody's news any more.
    gone.catch(() => {})
    try {
      await Promise.race([answers(port), gone])
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
    return new Coturn(child, port, secret)
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise<void>((done) => this.#child.once('exit', () => done()))
    this.#child.kill('SIGKILL')
    await gone
  }
}

/** A port that nobody listens on, over UDP or TCP, as far as one can know. */
function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const listener = createServer()
    listener.once('error', failed)
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address()
      listener.close(() =>
        address !== null && typeof address === 'object' ? found(address.port) : failed(new Error('no port')),
      )
    })
  })
}

/** Waits until somebody takes TCP connections there: coturn opens both transports at once. */
async function answers(port: number): Promise<void> {
  for (const end = Date.now() + STARTS_WITHIN_MS; ;) {
    const open = await new Promise<boolean>((told) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => (socket.destroy(), told(true)))
      socket.once('error', () => told(false))
    })
    if (open) return
    if (Date.now() > end) throw new Error(`coturn did not listen within ${STARTS_WITHIN_MS} ms`)
    await new Promise((again) => setTimeout(again, 50))
  }
}
