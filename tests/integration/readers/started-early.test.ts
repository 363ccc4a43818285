/**
 * The process that reads PDFs starts when a run has something to fetch, so that it has loaded its libraries
 * before the first file is there; a run that has nothing to fetch starts none.
 */
import { expect, onTestFinished, test } from 'vitest'
import { openWorld } from '../../kit/sheaf-world'
import { startWorld } from '../../web/scholarly'
import { plainWorks } from '../../web/works'

test('the process that reads PDFs starts before any service answers, and not for papers that are there', async () => {
  const { web, world } = await startWorld(plainWorks(1, { via: ['openalex'] }))
  onTestFinished(() => web.close())
  const requestsAtStart: number[] = []
  const sheaf = await openWorld(web, {
    host: (host) => ({
      ...host,
      startChild: (...how) => {
        requestsAtStart.push(web.requests.length)
        return host.startChild(...how)
      }
    })
  })
  const dois = world.works.map((work) => work.doi ?? '')
  expect(await sheaf.run(dois)).toMatchObject({ done: 1 })
  expect(requestsAtStart[0]).toBe(0)
  await sheaf.reopen()
  requestsAtStart.length = 0
  expect(await sheaf.run(dois)).toMatchObject({ done: 0, failed: 0 })
  expect(requestsAtStart).toEqual([])
})
