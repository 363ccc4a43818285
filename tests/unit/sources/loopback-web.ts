/**
 * A fixture web on loopback for the sources: real HTTP through the real net. Every origin is redirected to
 * one server, which answers by the original URL.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  defaultSettings,
  fallbackPlanSchema,
  type FallbackPlan,
  type Settings
} from '../../../src/contract/settings'
import type { Work } from '../../../src/contract/work'
import type { Tier } from '../../../src/contract/words'
import { makeNet } from '../../../src/main/net/make-net'
import type { Net } from '../../../src/main/net/net'
import { nodeClock, nodeRandom } from '../../../src/main/platform/node-host'
import { makeSources } from '../../../src/main/sources/ask-tier'
import type { TierAnswer, TierQuestion } from '../../../src/main/sources/sources'
import { testHost } from '../../kit/test-host'

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly delayMs?: number
}
export type Route = (url: string) => Answer | null

export interface Web {
  readonly net: Net
  /** full URLs requested, in order; robots.txt left out */
  readonly asked: string[]
  close(): Promise<void>
}

export async function openWeb(route: Route): Promise<Web> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const host = request.headers['x-forwarded-host'] ?? request.headers.host ?? ''
    const scheme = request.headers['x-forwarded-proto'] ?? 'http'
    const url = `${String(scheme)}://${String(host)}${request.url ?? ''}`
    if (url.endsWith('/robots.txt')) {
      response.writeHead(404).end()
      return
    }
    asked.push(url)
    const answer = route(url) ?? { status: 404, body: 'nothing here' }
    setTimeout(() => {
      send(response, answer)
    }, answer.delayMs ?? 0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  const base = defaultSettings()
  const settings: Settings = {
    ...base,
    'network.connectTo': [{ from: '*', to: `http://127.0.0.1:${port}` }],
    'network.rates': Object.fromEntries(Object.keys(base['network.rates']).map((host) => [host, 1_000]))
  }
  const host = { ...testHost(), clock: nodeClock, random: nodeRandom }
  const net = makeNet(host, settings, { state: null, version: '0.0.0' })
  return {
    net,
    asked,
    async close() {
      await net.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
  response.end(answer.body ?? '')
}

export const html = (body: string, status = 200): Answer => ({
  status,
  body,
  headers: { 'content-type': 'text/html' }
})
export const redirect = (location: string, status = 302): Answer => ({ status, headers: { location } })

export function work(ids: Work['ids'], more: Partial<Work> = {}): Work {
  return { workId: 'W1', ids, facts: {}, locations: [], ...more }
}

export function planWith(change: Partial<FallbackPlan> = {}): FallbackPlan {
  return { ...fallbackPlanSchema.parse({}), ...change }
}

/** Asks one tier of the plan about a work, with a new budget unless one is given. */
export async function askTier(
  web: Pick<Web, 'net'>,
  tier: Tier,
  about: Work,
  change: Partial<TierQuestion> & { readonly mailto?: string; readonly paidBudgetUsd?: number } = {}
): Promise<TierAnswer> {
  const { mailto = 'someone@university.example', paidBudgetUsd = 0, ...question } = change
  const keys = (): string | null => (paidBudgetUsd > 0 ? 'key' : null)
  const sources = makeSources({
    net: web.net,
    clock: nodeClock,
    mailto,
    keys,
    paidBudgetUsd: () => paidBudgetUsd
  })
  return sources.askTier({
    work: about,
    formats: ['pdf'],
    tier,
    plan: planWith(),
    budget: { endsAtMs: nodeClock.monotonicMs() + 20_000, attemptsLeft: 20 },
    landingPages: [],
    failedUrls: [],
    signal: new AbortController().signal,
    cookies: web.net.newCookieJar(),
    ...question
  })
}

/** A plan in which only these sources are enabled. */
export function onlySources(names: readonly string[], change: Partial<FallbackPlan> = {}): FallbackPlan {
  const plan = planWith(change)
  const policies = Object.fromEntries(
    Object.entries(plan.policies).map(([name, policy]) => [
      name,
      { ...policy, enabled: names.includes(name) }
    ])
  ) as FallbackPlan['policies']
  return { ...plan, policies }
}
