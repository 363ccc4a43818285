/**
 * G8, hosts that ask for a pause: Retry-After is obeyed in both formats, and a failing host is not contacted
 * for a while, by this process and the next.
 */
import { onTestFinished, describe, expect, test } from 'vitest'
import { failing, startWorld, type World } from '../web/scholarly'
import { html } from '../web/service-answers'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import type { Settings } from '../../src/contract/settings'
import { openWorld, type SheafWorld } from '../kit/sheaf-world'

interface Setup {
  readonly web: Web
  readonly world: World
  readonly sheaf: SheafWorld
}

async function start(works: readonly WorldWork[], settings: Partial<Settings> = {}): Promise<Setup> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, sheaf: await openWorld(web, { settings }) }
}

/** Works with all files at one host. */
const atOneHost = (count: number): WorldWork[] =>
  Array.from({ length: count }, (_, index) => `w${String(index)}`).map((key) => ({
    key,
    copies: [{ via: 'unpaywall', url: `https://one.example/${key}.pdf` }]
  }))

const dois = (works: readonly WorldWork[]): string[] => works.map(({ key }) => `10.5555/${key}`)

describe('Retry-After', () => {
  test.each(['seconds', 'date'] as const)('in %s is obeyed exactly', async (form) => {
    const works: WorldWork[] = [
      {
        key: 'busy',
        copies: [{ via: 'unpaywall', misbehave: { kind: 'status-429', times: 1, seconds: 2, form } }]
      }
    ]
    const { web, world, sheaf } = await start(works)
    expect(await sheaf.run(dois(works))).toMatchObject({ done: 1 })
    const [refused, next] = web.requestsFor(world.fileUrl('busy'))
    expect(refused!.status).toBe(429)
    // A date has whole seconds: two seconds ahead may be written as little more than one.
    expect(next!.atMs - refused!.atMs).toBeGreaterThanOrEqual(form === 'date' ? 950 : 1_990)
  })

  test('of a service applies to all works, and after a restart', async () => {
    const works = atOneHost(3)
    const { web, sheaf } = await start(works)
    web.addSite(failing('https://one.example/', { status: 503, times: 1, headers: { 'Retry-After': '3' } }))
    const first = sheaf.run(dois(works).slice(0, 1), AbortSignal.timeout(700))
    await first
    await sheaf.reopen()
    expect(await sheaf.run(dois(works))).toMatchObject({ done: 3 })
    const at = web.requests
      .filter(({ url }) => url.startsWith('https://one.example/'))
      .map(({ atMs }) => atMs)
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(2_990)
  })
})

test('a failing host is not contacted for any work, also by the next process; other hosts continue', async () => {
  const works: WorldWork[] = [...atOneHost(8), { key: 'good', copies: [{ via: 'unpaywall' }] }]
  const { web, sheaf } = await start(works, { 'network.workers': 1, 'safety.maxAttempts': 1 })
  web.addSite((asked) => (asked.url.startsWith('https://one.example/') ? html('<h1>Broken</h1>', 500) : null))
  const asked = (): number => web.requests.filter(({ url }) => url.startsWith('https://one.example/')).length
  expect(await sheaf.run(dois(works), AbortSignal.timeout(12_000))).toMatchObject({ done: 1 })
  const before = asked()
  expect(before).toBeGreaterThanOrEqual(5)
  expect(before, 'eight works would have sent many more requests').toBeLessThanOrEqual(8)
  await sheaf.reopen()
  await sheaf.sheaf.retry({})
  await sheaf.run(undefined, AbortSignal.timeout(1_500))
  expect(asked()).toBe(before)
})
