// What every journey finds ready: one server, the fake cameras, and people who can be called in.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type Page, test as base } from '@playwright/test'
import { Api } from '../harness/api.ts'
import { DESKTOP, type Devices, openBrowser, openWindow, PHONE } from '../harness/browsers.ts'
import { Customer, Seat } from '../harness/people.ts'
import { ROOT, Server } from '../harness/server.ts'
import { CUSTOMER, SEAT } from '../media/cast.ts'
import { type FakeMedia, makeMedia } from '../media/make.ts'

export { expect } from '@playwright/test'

export const E2E = join(ROOT, 'target/e2e')

/** The shortest life that a link can be given, in seconds. */
const SHORTEST_LIFE_S = 60

interface House {
  server: Server
  api: Api
  media: { customer: FakeMedia; seat: FakeMedia }
  /** A link that was given the shortest life there is when the first test began. */
  mayfly: { link: string; dies_at: number }
  /** A browser with these devices; opened when first asked for, closed at the end. */
  browser: (devices: Devices) => Promise<Browser>
}

interface Company {
  customer: (looks?: Partial<Whom>) => Promise<Customer>
  seat: (login: string, looks?: Partial<Whom>) => Promise<Seat>
  /** A plain window of somebody without devices. */
  visitor: (viewport?: Whom['viewport']) => Promise<Page>
}

interface Whom {
  devices: Devices
  viewport: { width: number; height: number }
  sends: boolean
}

export const test = base.extend<Company & { folder: string }, { house: House }>({
  house: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures that are needed from this pattern
    async ({}, use) => {
      const films = join(E2E, 'media')
      const media = { customer: await makeMedia(CUSTOMER, films), seat: await makeMedia(SEAT, films) }
      const server = await Server.start(join(E2E, 'server'))
      const browsers = new Map<Devices, Promise<Browser>>()
      const browser = (devices: Devices) => {
        const there = browsers.get(devices) ?? openBrowser(devices)
        browsers.set(devices, there)
        return there
      }
      const api = new Api(server.base)
      const { business_no } = await api.order('MAYFLY-1', '秦朗')
      const mayfly = {
        link: await api.invite(business_no, { expires_in_s: SHORTEST_LIFE_S }),
        dies_at: Date.now() + SHORTEST_LIFE_S * 1000,
      }
      await use({ server, api, media, mayfly, browser })
      for (const opened of browsers.values()) await (await opened).close()
      await server.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  /** A folder of this test's own for what it looks into. */
  // eslint-disable-next-line no-empty-pattern -- as above
  folder: async ({}, use, info) => {
    const folder = join(E2E, 'files', info.titlePath.join('-').replace(/[^a-z0-9]+/gi, '-'))
    await mkdir(folder, { recursive: true })
    await use(folder)
  },

  customer: async ({ house }, use) => {
    const crowd = new Crowd()
    await use(
      async ({ devices = house.media.customer, viewport = PHONE, sends = false } = {}) =>
        new Customer(await crowd.enter(await house.browser(devices), { viewport, sends })),
    )
    await crowd.leave()
  },

  seat: async ({ house }, use, info) => {
    const crowd = new Crowd()
    const seats: Seat[] = []
    await use(async (login, { devices = house.media.seat, viewport = DESKTOP, sends = false } = {}) => {
      const seat = new Seat(await crowd.enter(await house.browser(devices), { viewport, sends }))
      seats.push(seat)
      await seat.logIn(house.server.base, login)
      return seat
    })
    if (info.status === info.expectedStatus) for (const seat of seats) await seat.goHome()
    await crowd.leave()
  },

  visitor: async ({ house }, use) => {
    const crowd = new Crowd()
    await use(async (viewport = DESKTOP) => crowd.enter(await house.browser('none'), { viewport }))
    await crowd.leave()
  },
})

/** The windows of one test. Whatever a page did not catch, or its own security policy forbade, is a failure. */
class Crowd {
  readonly #contexts: BrowserContext[] = []
  readonly #complaints: string[] = []

  async enter(browser: Browser, looks: Parameters<typeof openWindow>[1]): Promise<Page> {
    const { context, page } = await openWindow(browser, looks)
    this.#contexts.push(context)
    context.on('weberror', (error) => this.#complaints.push(error.error().stack ?? error.error().message))
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content.Security.Policy/.test(message.text()))
        this.#complaints.push(message.text())
    })
    return page
  }

  async leave(): Promise<void> {
    for (const context of this.#contexts) await context.close()
    if (this.#complaints.length > 0) throw new Error(`a page went wrong: ${this.#complaints.join('\n')}`)
  }
}
