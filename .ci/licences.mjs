// Fails when a crate, or an npm package that is shipped, has a licence, a source or a name that ../deny.toml does not
// allow. It needs nothing but cargo and Node, so that it runs wherever the rest of the checks run.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The texts of `key = ["…", …]` inside `[section]` of a TOML file. */
export function readList(toml, section, key) {
  const plain = toml.replace(/#.*$/gm, '')
  const body = plain.split(/^\[/m).find((part) => part.startsWith(`${section}]`)) ?? ''
  const list = new RegExp(`^${key}\\s*=\\s*\\[([^\\]]*)\\]`, 'm').exec(body)
  if (!list) throw new Error(`deny.toml has no list ${section}.${key}`)
  return new Set([...list[1].matchAll(/"([^"]+)"/g)].map((match) => match[1]))
}

/** Whether an SPDX expression can be met with allowed licences alone; a slash is an old way to write OR. */
export function isAllowed(expression, allowed) {
  const tokens = expression.replace(/[()/]/g, (mark) => ` ${mark} `).split(/\s+/).filter(Boolean)
  let at = 0
  const either = () => {
    let met = all()
    while (tokens[at] === 'OR' || tokens[at] === '/') {
      at += 1
      met = all() || met
    }
    return met
  }
  const all = () => {
    let met = one()
    while (tokens[at] === 'AND') {
      at += 1
      met = one() && met
    }
    return met
  }
  const one = () => {
    let name = tokens[at++]
    if (name === '(') {
      const met = either()
      return tokens[at++] === ')' && met
    }
    if (tokens[at] === 'WITH') {
      name = `${name} WITH ${tokens[at + 1]}`
      at += 2
    }
    return allowed.has(name)
  }
  return either() && at === tokens.length
}

/** What is wrong with the crates of `cargo metadata`. */
export function judgeCrates(metadata, allowed, banned) {
  const registry = 'registry+https://github.com/rust-lang/crates.io-index'
  return metadata.packages.flatMap((crate) => {
    const name = `crate ${crate.name} ${crate.version}`
    const wrongs = []
    if (!isAllowed(crate.license ?? '', allowed)) wrongs.push(`${name}: licence ${crate.license ?? 'not told'}`)
    if (crate.source !== null && crate.source !== registry) wrongs.push(`${name}: source ${crate.source}`)
    if (banned.has(crate.name)) wrongs.push(`${name}: must not be used`)
    return wrongs
  })
}

/** What is wrong with the npm packages of a lock file that are shipped; what only builds and tests is left out. */
export function judgePackages(lock, allowed) {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (path === '' || entry.link || entry.dev || !path.includes('node_modules/')) return []
    const name = `npm package ${path.replace(/^.*node_modules\//, '')} ${entry.version}`
    const wrongs = []
    if (!isAllowed(entry.license ?? '', allowed)) wrongs.push(`${name}: licence ${entry.license ?? 'not told'}`)
    if (entry.resolved && !entry.resolved.startsWith('https://registry.npmjs.org/')) {
      wrongs.push(`${name}: source ${entry.resolved}`)
    }
    return wrongs
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const rules = readFileSync(`${root}deny.toml`, 'utf8')
  const allowed = readList(rules, 'licenses', 'allow')
  const args = ['metadata', '--format-version', '1', '--locked']
  const cargo = spawnSync('cargo', args, { cwd: root, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] })
  if (cargo.status !== 0) {
    console.error('licences: cargo cannot list the crates; what it said is above')
    process.exit(1)
  }
  const metadata = JSON.parse(cargo.stdout)
  const lock = JSON.parse(readFileSync(`${root}web/package-lock.json`, 'utf8'))
  const wrongs = [
    ...judgeCrates(metadata, allowed, readList(rules, 'bans', 'deny')),
    ...judgePackages(lock, allowed),
  ]
  for (const wrong of wrongs) console.error(wrong)
  console.log(`licences: ${metadata.packages.length} crates looked at, ${wrongs.length} wrong`)
  process.exitCode = wrongs.length === 0 ? 0 : 1
}
