// The files behind the fake cameras and microphones, made by ffmpeg.
//
// Picture and sound have one time: at every whole second of the file a white square lights up for three frames and the
// tone is loud for 120 ms. Chromium plays a file over again at its end and slips a frame there, so the files are longer
// than any journey whose frames are counted.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { run } from '../harness/run.ts'
import type { Actor } from './cast.ts'
import { drawFilter, HEIGHT, RATE, WIDTH } from './code.ts'
import { drawPortrait } from './portrait.ts'

/** How long the files are, in seconds. */
export const LENGTH_S = 75
/** Samples per second of the microphone. */
export const SAMPLE_RATE = 48_000
/** How long the tone is loud at each whole second, in seconds. */
export const BEEP_S = 0.12

export interface FakeMedia {
  camera: string
  microphone: string
}

/** Makes the files of an actor in `folder`, or finds those that the same source has made before. */
export async function makeMedia(actor: Actor, folder: string): Promise<FakeMedia> {
  await mkdir(folder, { recursive: true })
  const name = join(folder, `${actor.key}-${await fingerprint(actor)}`)
  const media = { camera: `${name}.y4m`, microphone: `${name}.wav` }
  if (!(await exists(media.camera))) {
    await forgetOlder(actor, folder)
    await makeCamera(actor, name, media.camera)
  }
  if (!(await exists(media.microphone))) await makeMicrophone(actor, media.microphone)
  return media
}

/** A film is most of a gigabyte, and the one of an older source is of no use. */
async function forgetOlder(actor: Actor, folder: string): Promise<void> {
  for (const file of await readdir(folder))
    if (file.startsWith(`${actor.key}-`)) await rm(join(folder, file), { force: true })
}

async function makeCamera(actor: Actor, name: string, file: string): Promise<void> {
  await drawPortrait(actor.portrait, `${name}-room.png`, `${name}-person.png`)
  const still = `loop=loop=-1:size=1,setpts=N/${RATE}/TB`
  const scene =
    `[0:v]${still},format=yuv420p[room];[1:v]${still},format=yuva420p[person];` +
    // Breathing and a slow sway: nobody sits as still as a photograph.
    `[room][person]overlay=x='9*sin(t*0.9)':y='5+4*sin(t*2.1)':eval=frame:shortest=0,` +
    `drawtext=text='${actor.key} %{frame_num}':x=476:y=14:fontsize=20:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=6,` +
    `drawbox=x=14:y=14:w=36:h=36:color=white:t=fill:enable='lt(mod(n\\,${RATE})\\,3)',` +
    drawFilter(actor.salt)
  const frames = LENGTH_S * RATE
  await whole(file, 'y4m', (partial) =>
    run('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-y', '-framerate', `${RATE}`, '-i', `${name}-room.png`],
      ...['-framerate', `${RATE}`, '-i', `${name}-person.png`, '-filter_complex', scene],
      ...['-frames:v', `${frames}`, '-r', `${RATE}`, '-s', `${WIDTH}x${HEIGHT}`, '-pix_fmt', 'yuv420p'],
      ...['-f', 'yuv4mpegpipe', partial],
    ]),
  )
}

/** The same camera with small pictures and few of them: for more people than one machine could code at full size. */
export async function makeSmall(media: FakeMedia, folder: string): Promise<FakeMedia> {
  const camera = join(folder, 'small.y4m')
  await whole(camera, 'y4m', (partial) =>
    run('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-y', '-i', media.camera, '-vf', 'scale=160:120,fps=8'],
      ...['-f', 'yuv4mpegpipe', partial],
    ]),
  )
  return { ...media, camera }
}

async function makeMicrophone(actor: Actor, file: string): Promise<void> {
  const loudness = `(0.12+0.5*lt(mod(t\\,1)\\,${BEEP_S}))`
  const tone = `${loudness}*sin(2*PI*${actor.tone}*t)`
  await whole(file, 'wav', (partial) =>
    run('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi'],
      ...['-i', `aevalsrc=${tone}:sample_rate=${SAMPLE_RATE}:duration=${LENGTH_S}`],
      ...['-c:a', 'pcm_s16le', '-f', 'wav', partial],
    ]),
  )
}

/** Gives a file its name only when it is whole, so that a run that was stopped leaves none that looks like one. */
async function whole(file: string, kind: string, make: (partial: string) => Promise<unknown>): Promise<void> {
  const partial = `${file}.${process.pid}.${kind}`
  await make(partial)
  await rename(partial, file)
}

/** Changes with everything the files are made from. */
async function fingerprint(actor: Actor): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(actor))
  for (const source of ['make.ts', 'code.ts', 'portrait.ts'])
    hash.update(await readFile(fileURLToPath(new URL(source, import.meta.url))))
  return hash.digest('hex').slice(0, 12)
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
