/**
 * The main job on real input: recorded landing pages and service responses for more than a hundred works.
 * After planning and running them, every paper that the recordings lead to is filed with the correct bytes,
 * and every other work has a reason. The printed table explains each.
 */
import { describe, expect, it } from 'vitest'
import { openWorld } from '../kit/sheaf-world'
import { makeRealInput } from '../web/real-input'
import { startWeb } from '../web/web'

const DONE = ['DEDUPED', 'SKIPPED_DUPLICATE']

describe('real input', () => {
  it(
    'a hundred and thirty works: every expected paper is filed, and nothing else',
    { timeout: 300_000 },
    async () => {
      const input = makeRealInput({ atMost: 130 })
      const web = await startWeb({ sites: [input.site] })
      const world = await openWorld(web, { settings: { 'network.workers': 8, 'safety.maxAttempts': 1 } })
      // A bot check closes its host for the day: pages of that host that were recorded on other days come
      // first.
      const pages = input.works.filter((work) => !work.isBotCheck)
      const botChecks = input.works.filter((work) => work.isBotCheck)
      const works = [...pages, ...botChecks]
      const summaries = [
        await world.run(pages.map((work) => work.name)),
        await world.run(botChecks.map((work) => work.name))
      ]
      const planned = world.linesOf('planned')
      const done = new Map(world.linesOf('done').map((line) => [line.job_id, line]))
      await web.close()

      expect(planned).toHaveLength(input.works.length)
      const rows = works.map((work, index) => ({ work, end: done.get(planned[index]!.job_id)! }))
      const arrived = rows.filter(({ end }) => DONE.includes(end.state))
      const expected = rows.filter(({ work }) => work.expectsPdf)
      const missing = expected.filter((row) => !arrived.includes(row))
      process.stdout.write(
        `${rows.length} works, ${expected.length} with a PDF to be expected, ${arrived.length} arrived, ` +
          summaries
            .map(
              ({ by_source, by_reason }) =>
                `by source ${JSON.stringify(by_source)}, by reason ${JSON.stringify(by_reason)}\n`
            )
            .join('') +
          rows
            .filter(({ end }) => !DONE.includes(end.state))
            .map(({ work, end }) => `  ${work.name}: ${end.state} ${end.reason ?? ''}; ${work.because}\n`)
            .join('')
      )
      expect(missing.map(({ work, end }) => `${work.name}: ${end.reason ?? ''}`)).toEqual([])
      for (const { work, end } of arrived) {
        expect(work.expectsPdf, `${work.name} was not expected`).toBe(true)
        expect([...work.sha256s], work.name).toContain(end.sha256)
      }
      for (const { work, end } of rows) if (!work.expectsPdf) expect(end.reason, work.name).toBeTruthy()
      expect(botChecks, 'some pages are bot checks').not.toEqual([])
      for (const { work, end } of rows)
        if (!work.expectsPdf) expect(end.reason === 'BOT_CHECK', work.name).toBe(work.isBotCheck)
      expect(web.faults).toEqual([])
    }
  )
})
