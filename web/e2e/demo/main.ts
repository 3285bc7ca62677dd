// A whole interview by itself: a server, a business system, a customer and a seat in two browsers, and a reviewer.
// It leaves the recording and pictures of every page in target/demo, and ends with 1 when anything is not as it must be.
import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { Api, type Recording } from '../harness/api.ts'
import { DESKTOP, openBrowser, openWindow, PHONE } from '../harness/browsers.ts'
import { Customer, logIn, moves, Seat } from '../harness/people.ts'
import { firstFramesOf, notesOf } from '../harness/probe.ts'
import { ROOT, Server } from '../harness/server.ts'
import { type Actor, CUSTOMER, SEAT } from '../media/cast.ts'
import { makeMedia } from '../media/make.ts'
import { faultsOf } from '../measure/bars.ts'
import { prove, type Proof } from '../measure/proof.ts'
import { describe } from '../measure/track.ts'
import { bold, clock, dim, green, red, say } from './telling.ts'

const FOLDER = join(ROOT, 'target/demo')
/** How long the two talk, in frames of the customer's camera: a good ten seconds. */
const TALK_FRAMES = 260
const TALK_S = 10
const ORDER = 'A3239239'

const here = (file: string) => relative(ROOT, file)
const photograph = (page: Page, name: string) =>
  page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })

interface Outcome {
  recording: Recording
  listed_ms: number
  tracks: { actor: Actor; file: string; sha256: string; proof: Proof; streams: string[] }[]
  faults: string[]
}

async function main(): Promise<void> {
  const tell = clock()
  say(bold('明鉴 Mingjian: a whole interview, played by two browsers\n'))
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })

  const films = join(ROOT, 'target/e2e/media')
  const filmed = { customer: await makeMedia(CUSTOMER, films), seat: await makeMedia(SEAT, films) }
  tell('two cameras that count their pictures and two microphones that beep are ready')
  const server = await Server.start(FOLDER)
  tell(`the server is up: ${server.base}`)
  const browsers: Browser[] = []
  const leave = async () => {
    for (const browser of browsers) await browser.close()
    await server.stop()
  }
  process.once('SIGINT', () => void leave().finally(() => process.exit(130)))
  try {
    browsers.push(await openBrowser(filmed.customer), await openBrowser(filmed.seat))
    const outcome = await interview(server, browsers as [Browser, Browser], tell)
    report(server, outcome)
    if (outcome.faults.length > 0) throw new Error(outcome.faults.join('; '))
  } catch (error) {
    const pages = browsers.flatMap((browser) => browser.contexts().flatMap((context) => context.pages()))
    for (const [index, page] of pages.entries()) await photograph(page, `failed-${index + 1}`)
    throw error
  } finally {
    await leave()
  }
  say(`\n${green('Everything is as it must be.')} To look at it yourself: ${bold('./dev run')}`)
}

async function interview(
  server: Server,
  [left, right]: [Browser, Browser],
  tell: (line: string) => void,
): Promise<Outcome> {
  const api = new Api(server.base)
  const zhang = new Customer((await openWindow(left, { viewport: PHONE, sends: true })).page)
  const wang = new Seat((await openWindow(right, { viewport: DESKTOP, sends: true })).page)

  const link = await api.invite(ORDER)
  tell(`the business system asks for a link to order ${ORDER}`)
  await zhang.arrive(link)
  await photograph(zhang.page, '1-customer-welcome')
  tell('张三 opens it on a phone and consents to be recorded')
  await zhang.check()
  await photograph(zhang.page, '2-customer-check')
  tell('camera, microphone and network are good')
  await zhang.queue()
  await photograph(zhang.page, '3-customer-queue')
  tell('张三 waits in the queue 个贷面签')

  await wang.logIn(server.base, 'agent1')
  await wang.takeOrders()
  await wang.answer.waitFor()
  await photograph(wang.page, '4-desk-ringing')
  tell('王敏 logs in at the desk, turns 接单 on, and it rings')
  const answered = Date.now()
  await wang.accept()
  await moves(wang.page, '张三', 1)
  await moves(zhang.page, '王敏', 1)
  const seen = [...(await firstFramesOf(wang.page)), ...(await firstFramesOf(zhang.page))]
  const after = seen.map(({ at }) => `${((at - answered) / 1000).toFixed(2)} s`)
  tell(`王敏 answers; the first pictures came ${after.join(' and ')} later, under the sign 录制中`)
  await moves(wang.page, '张三', TALK_FRAMES / 2)
  await photograph(zhang.page, '5-customer-call')
  await photograph(wang.page, '6-desk-call')
  await moves(wang.page, '张三', TALK_FRAMES / 2)
  tell('they have talked')

  const decided = Date.now()
  await wang.pass()
  await zhang.page.getByRole('heading', { name: '面签已通过' }).waitFor()
  const recording = await api.finished(ORDER, 1000)
  const listed_ms = Date.now() - decided
  tell(`王敏 decides 通过; the recording was finished and listed ${listed_ms} ms later`)
  await photograph(zhang.page, '7-customer-end')

  const faults = seen
    .filter((first) => !first.recording)
    .map(({ label }) => `${label} was shown before 录制中`)
  if (recording.gaps.length > 0) faults.push(`the recording has ${recording.gaps.length} gaps`)
  const { verdict } = await api.interview(ORDER)
  if (verdict !== 'pass') faults.push(`the interview's verdict is ${verdict}, not pass`)

  const tracks: Outcome['tracks'] = []
  for (const [page, actor, other] of [
    [zhang.page, CUSTOMER, SEAT],
    [wang.page, SEAT, CUSTOMER],
  ] as const) {
    const file = join(FOLDER, `${actor.key}.mp4`)
    const [track, ...more] = recording.files.filter(({ participant }) => participant.role === actor.key)
    if (!track || more.length > 0) throw new Error(`the ${actor.key} has not exactly one file`)
    const sha256 = createHash('sha256')
      .update(await api.download(track.url, file))
      .digest('hex')
    if (sha256 !== track.sha256) faults.push(`${actor.key}: the file is not the one whose checksum is listed`)
    const notes = await notesOf(page)
    const proof = await prove(file, actor, other, notes, decided)
    const found = faultsOf(proof, TALK_S)
    faults.push(...found.map((fault) => `${actor.key}: ${fault}`))
    if (found.length > 0)
      await writeFile(join(FOLDER, `failed-${actor.key}.json`), JSON.stringify({ decided, notes }))
    tracks.push({ actor, file, sha256, proof, streams: await describe(file) })
  }
  tell('both files are fetched, decoded whole and held against what the browsers sent')

  const { page } = await openWindow(right, { viewport: DESKTOP })
  await page.goto(`${server.base}/review#${recording.id}`)
  await logIn(page, 'reviewer1')
  await page.getByRole('button', { name: '播放', exact: true }).click()
  await moves(page, '张三', 25)
  await moves(page, '王敏', 5)
  await photograph(page, '8-review')
  tell('孙悦 reviews it: both pictures side by side')
  return { recording, listed_ms, tracks, faults }
}

function report(server: Server, { recording, tracks, faults }: Outcome): void {
  say(
    `\n${bold('The recording')}  ${(recording.duration_ms / 1000).toFixed(1)} s, no cut, no copy: what was sent is what is kept`,
  )
  for (const { actor, file, sha256, proof, streams } of tracks) {
    const { pictures, sound, sync } = proof
    say(`\n  ${bold(here(file))}  ${dim(`sha256 ${sha256}`)}`)
    for (const stream of streams) say(`    ${stream}`)
    say(
      `    ${pictures.sent - pictures.missing} of ${pictures.sent} pictures the browser sent are in it, to the byte and in order`,
    )
    say(
      `    ${sound.sent - sound.missing} of ${sound.sent} packets of sound; its tone is ${actor.tone} Hz, nobody else's is heard`,
    )
    say(
      `    sound is ${sync.median_ms.toFixed(0)} ms behind the picture, ${sync.max_ms.toFixed(0)} ms at most, in ${sync.seconds} seconds`,
    )
  }
  say(`\n${bold('Pictures')}       ${here(join(FOLDER, '*.png'))}`)
  say(`${bold('Data folder')}    ${here(server.data)}`)
  for (const fault of faults) say(red(`\nWRONG: ${fault}`))
}

main().catch((error: unknown) => {
  say(`\n${red('The demo failed:')} ${error instanceof Error ? error.message : String(error)}`)
  say(dim(`what the server said is in ${here(join(FOLDER, 'server.log'))}`))
  process.exitCode = 1
})
