/**
 * Offline modes: no service and no file host is contacted, also not by batched look-ups; `cache_only` still
 * uses the answers of earlier look-ups to say what would be fetched.
 */
import { expect, onTestFinished, test } from 'vitest'
import { defaultSettings, type Settings } from '../../src/contract/settings'
import { draft, openWorld } from '../kit/sheaf-world'
import { startWorld } from '../web/scholarly'

const never = new AbortController().signal

const offline = (offlineBehavior: 'block_all' | 'cache_only' | 'metadata_only'): Partial<Settings> => ({
  'network.offline': true,
  'safety.maxAttempts': 1,
  'sources.plan': { ...defaultSettings()['sources.plan'], offlineBehavior }
})

test.each(['block_all', 'cache_only'] as const)(
  '%s contacts no service and no file host',
  async (behaviour) => {
    const { web } = await startWorld([{ key: 'alpha', copies: [{ via: 'openalex' }] }])
    onTestFinished(() => web.close())
    const sheaf = await openWorld(web, { settings: offline(behaviour) })
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ failed: 1, by_reason: { OFFLINE: 1 } })
    expect(web.requests).toEqual([])
    await sheaf.reopen({ 'network.offline': false })
    expect(await sheaf.sheaf.retry({})).toBe(1)
    expect(await sheaf.run()).toMatchObject({ done: 1 })
  },
  60_000
)

test('cache_only uses the results of earlier look-ups; metadata_only may look up; no file is fetched', async () => {
  const { web, world } = await startWorld([
    { key: 'alpha', copies: [{ via: 'openalex' }] },
    { key: 'beta', copies: [{ via: 'openalex' }] }
  ])
  onTestFinished(() => web.close())
  const stop = new AbortController()
  const file = world.fileUrl('alpha', 'openalex')
  web.on('request', ({ url }) => {
    if (url === file) stop.abort(new Error('cut off'))
  })
  const sheaf = await openWorld(web)
  await sheaf.run(['10.5555/alpha'], stop.signal).catch(() => undefined)
  await sheaf.reopen(offline('cache_only'))
  web.forget()
  await sheaf.sheaf.preview({ drafts: [draft('10.5555/alpha')], formats: ['pdf'] }, never)
  expect(sheaf.linesOf('candidate').map(({ url }) => url)).toEqual([file])
  expect(web.requests).toEqual([])
  await sheaf.reopen(offline('metadata_only'))
  expect(await sheaf.run(['10.5555/beta'])).toMatchObject({ failed: 2, by_reason: { OFFLINE: 2 } })
  expect(web.requests.length).toBeGreaterThan(0)
  for (const key of ['alpha', 'beta']) expect(web.requestsFor(world.fileUrl(key, 'openalex'))).toEqual([])
}, 60_000)
