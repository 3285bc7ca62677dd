// What a page looks like to the eye, and to somebody who cannot see it.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { DESKTOP, PHONE, PHONE_SIDEWAYS } from '../harness/browsers.ts'
import { E2E, expect } from './stage.ts'

export const SCREENS = join(E2E, 'screens')

/** Where each kind of page is used. */
export const ON_PHONE_AND_PC = [PHONE, DESKTOP]
export const IN_A_CALL = [PHONE, PHONE_SIDEWAYS, DESKTOP]

/**
 * Takes pictures of a page in each size, and fails on what the accessibility rules call serious or critical and on
 * anything that sticks out sideways.
 */
export async function looks(
  page: Page,
  name: string,
  sizes: { width: number; height: number }[],
): Promise<void> {
  await mkdir(SCREENS, { recursive: true })
  const before = page.viewportSize()
  for (const size of sizes) {
    const what = `${name}-${size.width}x${size.height}`
    await page.setViewportSize(size)
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: join(SCREENS, `${what}.png`), animations: 'disabled' })
    const overhang = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect.soft(overhang, `pixels that ${what} sticks out sideways`).toBeLessThanOrEqual(0)
  }
  expect.soft(await faults(page), `accessibility of ${name}`).toEqual([])
  if (before) await page.setViewportSize(before)
}

/** What the accessibility rules call serious or critical on a page. */
export async function faults(page: Page): Promise<string[]> {
  // The scan of frames opens a second page in the same window, which would take the camera's picture its focus.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
