// Programs that are run to their end.
import { spawn } from 'node:child_process'

/** Runs a program and gives its standard output. Throws with the end of its complaint when it fails. */
export function run(program: string, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const complaint: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk))
    child.on('error', (error) => reject(new Error(`${program} could not be started: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out))
      else {
        const said = Buffer.concat(complaint).toString().trim().slice(-2000)
        reject(new Error(`${program} ended with ${signal ?? `code ${code}`}: ${said}`))
      }
    })
  })
}
