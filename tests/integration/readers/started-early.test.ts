/**
 * The PDF reader process starts when services are asked about papers of a run, so that its libraries are
 * loaded before the first file arrives. A run with nothing to fetch starts none.
 */
import { expect, onTestFinished, test } from 'vitest'
import { openWorld } from '../../kit/sheaf-world'
import { startWorld } from '../../web/scholarly'
import { plainWorks } from '../../web/works'

const OPENALEX = 'https://api.openalex.org/'

test('the reader process starts while services are asked, and not for papers that exist already', async () => {
  const { web, world } = await startWorld(plainWorks(1, { via: ['openalex'] }))
  onTestFinished(() => web.close())
  web.addSite((asked) => {
    const play = asked.url.startsWith(OPENALEX) ? world.site(asked) : null
    if (play === null) return null
    return async (exchange) => {
      await exchange.wait(600)
      await play(exchange)
    }
  })
  /** at each start of a process: had OpenAlex not answered yet? */
  const starts: boolean[] = []
  const sheaf = await openWorld(web, {
    host: (host) => ({
      ...host,
      startChild: (...how) => {
        starts.push(!web.requests.some(({ url, ended }) => url.startsWith(OPENALEX) && ended === 'whole'))
        return host.startChild(...how)
      }
    })
  })
  const dois = world.works.map((work) => work.doi ?? '')
  expect(await sheaf.run(dois)).toMatchObject({ done: 1 })
  expect(starts[0]).toBe(true)
  await sheaf.reopen()
  starts.length = 0
  expect(await sheaf.run(dois)).toMatchObject({ done: 0, failed: 0 })
  expect(starts).toEqual([])
})
