// One browser per person, each with a camera and a microphone of its own.
import { readFile } from 'node:fs/promises'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import type { FakeMedia } from '../media/make.ts'
import { CHROMIUM } from './chromium.ts'

/** `none`: no device at all; `denied`: devices that the person does not allow. */
export type Devices = FakeMedia | 'none' | 'denied'

export async function openBrowser(devices: Devices): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: flags(devices) })
}

function flags(devices: Devices): string[] {
  switch (devices) {
    case 'none':
      return []
    case 'denied':
      return ['--use-fake-device-for-media-stream', '--deny-permission-prompts']
    default:
      return [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${devices.camera}`,
        `--use-file-for-fake-audio-capture=${devices.microphone}`,
      ]
  }
}

export const PHONE = { width: 390, height: 844 }
export const PHONE_SIDEWAYS = { width: 844, height: 390 }
export const DESKTOP = { width: 1440, height: 900 }

export interface Looks {
  viewport: { width: number; height: number }
  /** Notes what is captured and encoded, see `probe/page.js`. */
  sends?: boolean
}

/** A person's own window: own cookies, Chinese, Shanghai's time, and somebody who looks over the shoulder. */
export async function openWindow(
  browser: Browser,
  looks: Looks,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: looks.viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  const worker = await readFile(new URL('probe/worker.js', import.meta.url), 'utf8')
  await context.route('**/e2e-probe-worker.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: worker }),
  )
  if (looks.sends) await context.addInitScript('window.__probeSends = true')
  await context.addInitScript(await readFile(new URL('probe/page.js', import.meta.url), 'utf8'))
  return { context, page: await context.newPage() }
}
