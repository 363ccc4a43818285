/**
 * G8: an exhausted OpenAlex budget blocks paid requests until midnight UTC, and nothing else. Single works
 * are free and still looked up. The next process remembers the block; the command line shows it and can lift
 * it.
 */
import { expect, onTestFinished, test } from 'vitest'
import { runCli } from '../kit/run-cli'
import { openWorld } from '../kit/sheaf-world'
import { startWorld } from '../web/scholarly'
import type { Web } from '../web/web'
import { plainWorks } from '../web/works'

const DAY_SECONDS = 86_400
const LISTS = 'https://api.openalex.org/works?'
const SINGLETONS = 'https://api.openalex.org/works/doi:'

const asked = (web: Web, prefix: string): number =>
  web.requests.filter(({ url }) => decodeURIComponent(url).startsWith(prefix)).length

test('an exhausted budget blocks lists until midnight UTC; single works, other services and the next process continue', async () => {
  const { web, world } = await startWorld(plainWorks(6, { via: ['openalex'] }))
  onTestFinished(() => web.close())
  let isSpent = true
  web.addSite(({ url }) =>
    isSpent && url.startsWith(LISTS)
      ? (exchange) =>
          exchange.answer(
            429,
            {
              'Content-Type': 'application/json',
              'Retry-After': '51234',
              'X-RateLimit-Remaining-USD': '0',
              'X-RateLimit-Cost-Required-USD': '0.0001'
            },
            JSON.stringify({ error: 'Rate limit exceeded', message: 'Insufficient budget.' })
          )
      : null
  )
  const dois = world.works.map((work) => work.doi ?? '')
  const sheaf = await openWorld(web)
  expect(await sheaf.run(dois.slice(0, 3))).toMatchObject({ done: 3, failed: 0 })
  expect(asked(web, LISTS)).toBe(1)
  expect(asked(web, SINGLETONS)).toBe(3)

  const closedOf = (): unknown =>
    sheaf.sheaf.hosts().find(({ host }) => host === 'api.openalex.org')?.limits.closed
  const midnight = (Math.floor(Date.now() / 1000 / DAY_SECONDS) + 1) * DAY_SECONDS
  expect(closedOf()).toEqual({ because: 'budget', until: midnight })

  await sheaf.reopen()
  expect(await sheaf.run(dois.slice(3, 5))).toMatchObject({ done: 2, failed: 0 })
  expect(asked(web, LISTS), 'the next process does not request a list either').toBe(1)
  expect(asked(web, SINGLETONS)).toBe(5)

  await sheaf.sheaf.close()
  const cli = (...words: string[]): ReturnType<typeof runCli> =>
    runCli(['sources', ...words, '--json', '--data-dir', sheaf.dataDir, '--out', sheaf.libraryDir])
  const listed = await cli()
  expect(listed.lines).toContainEqual(
    expect.objectContaining({ host: 'api.openalex.org', closed: { because: 'budget', until: midnight } })
  )
  const opened = await cli('open', 'api.openalex.org')
  expect(opened).toMatchObject({ status: 0 })
  expect(opened.lines).toEqual([expect.objectContaining({ host: 'api.openalex.org', closed: null })])
  expect(await cli('open', 'no host')).toMatchObject({ status: 2 })

  isSpent = false
  await sheaf.reopen()
  expect(await sheaf.run(dois.slice(5))).toMatchObject({ done: 1 })
  expect(asked(web, LISTS), 'after the block is lifted, lists are requested again').toBe(2)
}, 180_000)
