// Who sits in front of a fake camera: drawn as SVG, turned into pictures by the browser that the tests need anyway.
import { writeFile } from 'node:fs/promises'
import { chromium } from '@playwright/test'
import { CHROMIUM } from '../harness/chromium.ts'
import type { Portrait } from './cast.ts'
import { HEIGHT, WIDTH } from './code.ts'

function room({ wall, floor }: Portrait): string {
  return `<rect width="640" height="480" fill="${wall}"/>
    <rect y="380" width="640" height="100" fill="${floor}"/>
    <rect x="430" y="60" width="150" height="190" rx="6" fill="#ffffff" opacity=".55"/>
    <path d="M505 60v190M430 155h150" stroke="${floor}" stroke-width="5"/>
    <rect x="48" y="120" width="120" height="12" rx="4" fill="${floor}"/>
    <g opacity=".75">
      <rect x="58" y="72" width="16" height="48" fill="#8aa39b"/><rect x="77" y="64" width="14" height="56" fill="#c98f6b"/>
      <rect x="94" y="78" width="18" height="42" fill="#6b7fa3"/><rect x="116" y="70" width="14" height="50" fill="#b7a867"/>
    </g>`
}

function person({ skin, hair, coat, collar, glasses, longHair }: Portrait): string {
  const back = longHair
    ? `<path d="M222 200q0-130 98-130t98 130v120q-40 26-98 26t-98-26z" fill="${hair}"/>`
    : ''
  const front = longHair
    ? `<path d="M238 196q4-96 84-96 78 0 80 96-30-44-84-52-46 12-80 52z" fill="${hair}"/>`
    : `<path d="M238 206q-14-120 82-120t82 120q-4-44-28-62-50 14-108 0-24 18-28 62z" fill="${hair}"/>`
  const frame = glasses
    ? `<g fill="none" stroke="#30343a" stroke-width="4"><circle cx="286" cy="214" r="22"/><circle cx="354" cy="214" r="22"/><path d="M308 212h24"/></g>`
    : ''
  return `${back}
    <path d="M150 470q8-118 108-138h124q100 20 108 138z" fill="${coat}"/>
    <path d="M276 318h88l-44 82z" fill="${collar}"/>
    <rect x="290" y="282" width="60" height="58" rx="26" fill="${skin}"/>
    <ellipse cx="320" cy="214" rx="82" ry="98" fill="${skin}"/>
    ${front}
    <g fill="#2b2b2b"><circle cx="286" cy="214" r="7"/><circle cx="354" cy="214" r="7"/></g>
    <g fill="none" stroke="${hair}" stroke-width="6" stroke-linecap="round"><path d="M268 186q18-10 34-2"/><path d="M338 184q16-8 34 2"/></g>
    ${frame}
    <path d="M320 222q-8 24 2 30" fill="none" stroke="#00000030" stroke-width="5" stroke-linecap="round"/>
    <path d="M290 274q30 22 60 0" fill="none" stroke="#a5493f" stroke-width="7" stroke-linecap="round"/>`
}

/** Writes the room and, on a transparent ground, the person as PNG files of the camera's size. */
export async function drawPortrait(portrait: Portrait, roomFile: string, personFile: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM })
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } })
    for (const [drawing, file] of [
      [room(portrait), roomFile],
      [person(portrait), personFile],
    ] as const) {
      await page.setContent(
        `<body style="margin:0;background:transparent"><svg width="${WIDTH}" height="${HEIGHT}" style="display:block">${drawing}</svg></body>`,
      )
      await writeFile(file, await page.screenshot({ omitBackground: true }))
    }
  } finally {
    await browser.close()
  }
}
