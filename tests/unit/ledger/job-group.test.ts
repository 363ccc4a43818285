/** The group of a job, computed in TypeScript and in SQL, is the same for every combination. */
import { expect, test } from 'vitest'
import { jobGroupOf } from '../../../src/contract/job-group'
import { STATES } from '../../../src/contract/words'
import { idsOfQuery } from '../../../src/main/ledger/queue-queries'
import { openKit } from '../engine/ledger-kit'

test('the list of a group has the jobs of that group', async () => {
  const kit = await openKit()
  const wanted = new Map<string, string>()
  let n = 0
  for (const state of STATES) {
    for (const hold of [null, 'paused', 'ignored', 'removed']) {
      for (const owner of [null, 'host:1:1']) {
        for (const nextAttemptAt of [null, 5]) {
          n += 1
          const jobId = kit.plan(`10.5555/group.${String(n)}`)
          kit.ledger.transact((w) =>
            w.run(
              'UPDATE artifact_jobs SET state = ?, hold = ?, lease_owner = ?, next_attempt_at = ? WHERE job_id = ?',
              [state, hold, owner, nextAttemptAt, jobId]
            )
          )
          wanted.set(jobId, jobGroupOf({ state, hold, leased: owner !== null, nextAttemptAt }))
        }
      }
    }
  }
  const groups = ['active', 'waiting', 'attention', 'done', 'ignored'] as const
  const found = groups.flatMap((group) =>
    kit.ledger.read((r) => idsOfQuery(r, { group })).map((jobId) => [jobId, group] as const)
  )
  expect(new Map(found)).toEqual(wanted)
})
