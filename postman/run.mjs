// Runs every collection of this folder against a demo server, each against one of its own, and says how it went.
// One of them: node postman/run.mjs native

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import newman from 'newman'
import { startDemo } from '../.ci/demo.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const SUFFIX = '.postman_collection.json'
const program = process.env.MINGJIAN_BIN ?? join(here, '../target/debug/mingjian')
/** Where the collections expect the demo; here it listens elsewhere. */
const USUAL = '127.0.0.1:8080'

function play(collection) {
  return new Promise((done, failed) => {
    newman.run({ collection, reporters: ['cli'], color: 'off', workingDir: here, timeoutRequest: 30_000 }, (error, summary) =>
      error ? failed(error) : done(summary.run),
    )
  })
}

const wanted = process.argv.slice(2)
const names = readdirSync(here)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort()
if (names.length === 0) throw new Error(`no collection ${wanted.join(', ')} in ${here}`)

let failures = 0
const counts = { requests: 0, assertions: 0 }
for (const name of names) {
  const demo = await startDemo(program, join(here, '../target/postman', name))
  const text = readFileSync(join(here, name + SUFFIX), 'utf8').replaceAll(USUAL, new URL(demo.base).host)
  try {
    const { stats, failures: wrongs } = await play(JSON.parse(text))
    counts.requests += stats.requests.total
    counts.assertions += stats.assertions.total
    failures += wrongs.length
    if (stats.assertions.total === 0) {
      console.error(`${name}: a collection without a test proves nothing`)
      failures += 1
    }
  } finally {
    await demo.stop()
  }
}
console.log(
  `collections: ${names.length} (${names.join(', ')}), ${counts.requests} requests, ${counts.assertions} assertions, ${failures} failed`,
)
process.exit(failures === 0 ? 0 : 1)
