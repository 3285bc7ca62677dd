// What a customer and a seat do on their pages, by the names of the controls.
import type { Locator, Page } from '@playwright/test'

/** Generous for a busy machine; whoever waits this long has found a defect. */
const PATIENCE_MS = 20_000

export class Customer {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the link and gives both consents. */
  async arrive(link: string): Promise<void> {
    await this.page.goto(link)
    await this.consent()
  }

  async consent(): Promise<void> {
    await this.page.getByRole('checkbox', { name: '我已阅读并同意录音录像' }).check({ timeout: PATIENCE_MS })
    await this.page.getByRole('checkbox', { name: '我同意人脸识别' }).check()
  }

  async check(): Promise<void> {
    await this.page.getByRole('button', { name: '开始检测' }).click()
    await this.page
      .getByRole('button', { name: '开始排队', disabled: false })
      .waitFor({ timeout: PATIENCE_MS })
  }

  async queue(): Promise<void> {
    await this.page.getByRole('button', { name: '开始排队' }).click()
    await this.page.getByText('当前排位').waitFor({ timeout: PATIENCE_MS })
  }

  /** From the link into the queue. */
  async come(link: string): Promise<void> {
    await this.arrive(link)
    await this.check()
    await this.queue()
  }

  get hangUp(): Locator {
    return this.page.getByRole('button', { name: '挂断' })
  }

  get recording(): Locator {
    return this.page.getByRole('status').filter({ hasText: '录制中' })
  }
}

export class Seat {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async logIn(base: string, login: string, password = 'mingjian-demo'): Promise<void> {
    await this.page.goto(`${base}/desk`)
    await logIn(this.page, login, password)
    await this.ready.waitFor({ timeout: PATIENCE_MS })
  }

  get ready(): Locator {
    return this.page.getByRole('switch', { name: '接单' })
  }

  get answer(): Locator {
    return this.page.getByRole('button', { name: '接听' })
  }

  get recording(): Locator {
    return this.page.getByRole('status', { name: '录制中' })
  }

  async takeOrders(): Promise<void> {
    await this.ready.click({ timeout: PATIENCE_MS })
    await this.page.getByRole('switch', { name: '接单', checked: true }).waitFor({ timeout: PATIENCE_MS })
  }

  /** A seat that comes back within half a minute is still ready; the next one who logs in should not find it so. */
  async goHome(): Promise<void> {
    const on = this.page.getByRole('switch', { name: '接单', checked: true })
    if (await on.isEnabled().catch(() => false)) {
      await on.click()
      await on.waitFor({ state: 'hidden', timeout: PATIENCE_MS })
    }
  }

  async accept(): Promise<void> {
    await this.answer.click({ timeout: PATIENCE_MS })
  }

  async pass(): Promise<void> {
    await this.page.getByRole('button', { name: '通过', exact: true }).click()
  }
}

/** The form that every page for staff begins with. */
export async function logIn(page: Page, login: string, password = 'mingjian-demo'): Promise<void> {
  await page.getByRole('textbox', { name: '账号' }).fill(login, { timeout: PATIENCE_MS })
  await page.getByRole('textbox', { name: '密码' }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}

/** The picture of one party, by a part of its label. */
export function picture(page: Page, label: string): Locator {
  return page.locator(`video[aria-label*="${label}"]`)
}

/** Waits until a picture is there and has moved on by `frames`. Throws when it stands still. */
export async function moves(page: Page, label: string, frames = 10): Promise<void> {
  await picture(page, label).waitFor({ timeout: PATIENCE_MS })
  await page.evaluate(([name, wanted, patience]) => window.__probe.moves(name, wanted, patience), [
    label,
    frames,
    PATIENCE_MS,
  ] as const)
}
