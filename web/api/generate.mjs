// Makes `src/schema.ts` from the description of the native API. With --check it only says whether that file is stale.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const parts = here('../../crates/api/openapi/')
const out = here('src/schema.ts')

/** Joins lists and merges objects, as the server does. */
function merge(whole, part) {
  for (const [name, value] of Object.entries(part)) {
    if (Array.isArray(whole[name])) whole[name].push(...value)
    else if (typeof whole[name] === 'object' && whole[name] !== null) merge(whole[name], value)
    else whole[name] = value
  }
}

const files = readdirSync(parts).filter((name) => name.endsWith('.json') && name !== 'base.json')
const read = (name) => JSON.parse(readFileSync(parts + name, 'utf8'))
const description = read('base.json')
for (const name of files.sort()) merge(description, read(name))

const ast = await openapiTS(description, { alphabetize: true })
const text = `// Made by generate.mjs from crates/api/openapi. Do not edit.\n\n${astToString(ast)}`
const stale = (() => {
  try {
    return readFileSync(out, 'utf8') !== text
  } catch {
    return true
  }
})()
if (process.argv.includes('--check')) {
  if (stale) {
    process.stderr.write('web/api/src/schema.ts is stale: run npm --prefix web run generate\n')
    process.exit(1)
  }
} else if (stale) writeFileSync(out, text)
