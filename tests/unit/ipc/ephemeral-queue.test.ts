/** Two lists joined page by page are the joined list, cut into pages. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { JOB_SORTS, type JobView } from '../../../src/contract/views'
import { jobView } from '../../../src/main/ipc/job-view'
import {
  countEphemeral,
  inQueueOrder,
  joinPage,
  ledgerStretch,
  ephemeralUnder
} from '../../../src/main/ipc/ephemeral-queue'

const view = (id: string, title: string | null, year: number | null, createdAt: number): JobView =>
  jobView(
    {
      job_id: id,
      canonical_url: `https://doi.org/10.5555/${id}`,
      state: 'PLANNED',
      title,
      year,
      created_at: createdAt,
      updated_at: createdAt
    },
    { live: null, part: null }
  )

const jobs = (prefix: string) =>
  fc
    .array(
      fc.tuple(
        fc.option(fc.constantFrom('Alpha', 'beta', 'Gamma', 'delta')),
        fc.option(fc.integer({ min: 1990, max: 1994 })),
        fc.integer({ min: 0, max: 6 })
      ),
      { maxLength: 12 }
    )
    .map((all) => all.map(([title, year, at], index) => view(`${prefix}${String(index)}`, title, year, at)))

test('pages of both lists, put one after the other, are both lists in order, each job once', () => {
  fc.assert(
    fc.property(
      jobs('l'),
      jobs('p'),
      fc.constantFrom(...JOB_SORTS),
      fc.constantFrom('up' as const, 'down' as const),
      fc.integer({ min: 1, max: 7 }),
      (ledger, plain, sort, direction, limit) => {
        const compare = inQueueOrder(sort, direction)
        const sortedLedger = [...ledger].sort(compare)
        const sortedPlain = [...plain].sort(compare)
        const seen: JobView[] = []
        for (let offset = 0; offset < ledger.length + plain.length; offset += limit) {
          const asked = ledgerStretch({ offset, limit }, plain.length)
          const stretch = sortedLedger.slice(asked.offset, asked.offset + asked.limit)
          seen.push(
            ...joinPage(
              { offset, limit },
              { stretch, stretchOffset: asked.offset, plain: sortedPlain, compare }
            )
          )
        }
        expect(seen.map((one) => one.jobId).sort()).toEqual(
          [...ledger, ...plain].map((one) => one.jobId).sort()
        )
        for (let index = 1; index < seen.length; index += 1) {
          expect(compare(seen[index - 1]!, seen[index]!)).toBeLessThanOrEqual(0)
        }
      }
    )
  )
})

test('the filter of the queue holds for what nobody remembers', () => {
  const all = [view('a', 'Slow rivers', 1990, 1), view('b', 'Quick rivers', 1991, 2)]
  expect(ephemeralUnder({ group: 'all', text: 'rivers quick' }, all).map((one) => one.jobId)).toEqual(['b'])
  expect(ephemeralUnder({ group: 'done' }, all)).toEqual([])
  expect(ephemeralUnder({ group: 'all', runId: 'r' }, all)).toEqual([])
  expect(ephemeralUnder({ group: 'waiting', reasons: [] }, all)).toHaveLength(2)
  expect(countEphemeral(all).counts).toMatchObject({ all: 2, waiting: 2 })
})
