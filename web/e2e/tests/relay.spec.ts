// Networks that let nothing through but TURN: a call whose media goes through a real coturn, both ways and on both sides.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Api } from '../harness/api.ts'
import { DESKTOP, openBrowser, openWindow, PHONE } from '../harness/browsers.ts'
import { Coturn } from '../harness/coturn.ts'
import { Customer, moves, Seat } from '../harness/people.ts'
import { hear } from '../harness/probe.ts'
import { Server } from '../harness/server.ts'
import { CUSTOMER, SEAT } from '../media/cast.ts'
import { E2E, expect, test } from './stage.ts'

declare global {
  interface Window {
    /** Every connection that the page made, oldest first. */
    __connections: RTCPeerConnection[]
  }
}

/** Runs in the page before its own code: no candidate but a relay's, as behind a firewall that knows only TURN. */
function relayOnly(): void {
  window.__connections = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration: RTCConfiguration = {}) {
      super({ ...configuration, iceTransportPolicy: 'relay' })
      window.__connections.push(this)
    }
  }
}

/** Of the newest connection that is up: the kind of its own chosen candidate, how it reaches the relay, what came in. */
function path(page: Page): Promise<{ kind: string; protocol: string; bytes: number } | null> {
  return page.evaluate(async () => {
    const pc = window.__connections.findLast(({ connectionState }) => connectionState === 'connected')
    if (!pc) return null
    const reports = [...(await pc.getStats()).values()] as Record<string, unknown>[]
    const of = (id: unknown) => reports.find((report) => report.id === id)
    const transport = reports.find(({ type }) => type === 'transport')
    const pair = of(transport?.selectedCandidatePairId)
    const local = of(pair?.localCandidateId)
    if (!pair || !local) return null
    return {
      kind: String(local.candidateType),
      protocol: String(local.relayProtocol),
      bytes: Number(pair.bytesReceived),
    }
  })
}

for (const transport of ['udp', 'tcp'])
  test(`two people whose networks let only TURN over ${transport} through see and hear each other`, async ({
    house: { media },
  }) => {
    const folder = join(E2E, `relay-${transport}`)
    const coturn = await Coturn.start(folder)
    const url = `turn:127.0.0.1:${coturn.port}?transport=${transport}`
    const server = await Server.start(folder, ['--turn', url, '--turn-secret', coturn.secret])
    const browsers = [await openBrowser(media.customer), await openBrowser(media.seat)] as const
    try {
      const enter = async (browser: (typeof browsers)[number], viewport: typeof PHONE) => {
        const { context, page } = await openWindow(browser, { viewport })
        await context.addInitScript(relayOnly)
        return page
      }
      const customer = new Customer(await enter(browsers[0], PHONE))
      const seat = new Seat(await enter(browsers[1], DESKTOP))
      const api = new Api(server.base)
      const { business_no } = await api.order('RELAY-1', '张三')
      await seat.logIn(server.base, 'agent1')
      await customer.come(await api.invite(business_no))
      await seat.takeOrders()
      await seat.accept()
      for (const [page, other, actor] of [
        [customer.page, '王敏', SEAT],
        [seat.page, '张三', CUSTOMER],
      ] as const) {
        await moves(page, other, 50)
        expect(Math.abs((await hear(page, other)).hz - actor.tone)).toBeLessThan(15)
        const before = await path(page)
        expect(before).toMatchObject({ kind: 'relay', protocol: transport })
        await expect
          .poll(async () => (await path(page))?.bytes ?? 0)
          .toBeGreaterThan((before?.bytes ?? 0) + 50_000)
      }
      await seat.pass()
      await expect(customer.page.getByRole('heading', { name: '面签已通过' })).toBeVisible()
      const recording = await api.finished(business_no, 10_000)
      expect(recording.files.map(({ participant }) => participant.name).sort()).toEqual(['张三', '王敏'])
    } finally {
      for (const browser of browsers) await browser.close()
      await server.stop()
      await coturn.stop()
    }
  })
