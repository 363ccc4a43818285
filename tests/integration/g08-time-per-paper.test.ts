/**
 * The time limit of a paper (`sources.plan`, totalTimeoutMs) covers all its candidates together, however many
 * stall.
 */
import { expect, onTestFinished, test } from 'vitest'
import { defaultSettings } from '../../src/contract/settings'
import { openWorld } from '../kit/sheaf-world'
import { startWorld } from '../web/scholarly'

const LIMIT_MS = 1_500
const COPIES = 8

test('stalling candidates share the time limit of their paper', { timeout: 60_000 }, async () => {
  const stalls = { kind: 'stall-before-headers', times: 99 } as const
  const copies = Array.from({ length: COPIES }, (_, at) => ({
    via: 'unpaywall' as const,
    misbehave: stalls,
    url: `https://stalls-${String(at)}.example.org/paper.pdf`
  }))
  const { web, world } = await startWorld([
    { key: 'stalls', landing: 'none', copies },
    { key: 'good', copies: [{ via: 'unpaywall' }] }
  ])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web, {
    settings: {
      'safety.maxAttempts': 1,
      'network.firstByteTimeoutMs': 800,
      'sources.plan': { ...defaultSettings()['sources.plan'], totalTimeoutMs: LIMIT_MS }
    }
  })
  const began = performance.now()
  expect(await sheaf.run(['10.5555/stalls', '10.5555/good'])).toMatchObject({ done: 1, failed: 1 })
  const elapsed = performance.now() - began
  const urls = Array.from({ length: COPIES }, (_, at) => world.fileUrl('stalls', 'unpaywall', at + 1))
  const asked = urls.filter((url) => web.requests.some((request) => request.url === url))
  // Without the limit: three requests of 0.8 s for each candidate, 19 s in all, and more with the pauses.
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.length).toBeLessThanOrEqual(3)
  expect(elapsed).toBeLessThan(LIMIT_MS * 10)
  expect(sheaf.sheaf.jobs({ state: ['FAILED'] }).map((job) => job['reason'])).toEqual(['TIMEOUT_FIRST_BYTE'])
})
