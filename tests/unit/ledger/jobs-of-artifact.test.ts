/** The jobs of an artifact are found without an index of every artifact (schema 25), also those of another tool. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Database } from '../../../src/main/ledger/database'
import { insertJob, jobsOfArtifact } from '../../../src/main/ledger/jobs'
import { migrateQuietly } from '../../../src/main/ledger/migrate'
import { loadSqlEngine } from '../../../src/main/ledger/sql-engine'
import { explaining } from '../../kit/explaining'
import { migratedLedger } from '../../kit/old-ledger'

const JOBS = [
  ['doi:10.1/a', 'doi:10.1/a#pdf'],
  ['doi:10.1/a', 'doi:10.1/a#xml'],
  // A DOI may contain the sign; an imported artifact may have any id.
  ['doi:10.1/a#b', 'doi:10.1/a#b#pdf'],
  ['doi:10.1/a', 'doi:10.1/a#b#pdf'],
  ['W1', 'sha256:00'],
  ['W1', ''],
  ['W2', 'doi:10.1/a#pdf']
] as const
const jobs = JOBS.map(([workId, artifactId], n) => ({ workId, artifactId, jobId: String(n) }))
const expected = [...new Set(JOBS.map(([, artifactId]) => artifactId))].map((artifactId) => ({
  artifactId,
  jobs: jobs.filter((job) => job.artifactId === artifactId).map(({ jobId }) => jobId)
}))

test('jobs are found by any id of an artifact, without reading all of them', async () => {
  const database = new Database(await loadSqlEngine((path) => readFile(path)), null)
  const plans: string[] = []
  database.transact((w) => {
    migrateQuietly(w)
    for (const job of jobs)
      insertJob(w, {
        ...{ ...job, canonicalUrl: `https://a.example/${job.jobId}`, idempotencyKey: job.jobId },
        ...{ priority: 0, runId: null, now: 1 }
      })
    const r = explaining(w, plans)
    for (const { artifactId, jobs: ids } of expected)
      expect(jobsOfArtifact(r, artifactId).map(({ jobId }) => jobId)).toEqual(ids)
    expect(jobsOfArtifact(r, 'doi:10.1/b#pdf')).toEqual([])
  })
  expect(plans.filter((plan) => /^SCAN/.test(plan))).toEqual([])
  expect(plans).toContainEqual(expect.stringContaining('artifact_jobs_of_others'))
})

test('so are those of a ledger of schema 24', async () => {
  const r = await migratedLedger(
    24,
    jobs.map(({ jobId, workId, artifactId }, n) => ({
      table: 'artifact_jobs',
      row: {
        ...{
          job_id: jobId,
          work_id: workId,
          artifact_id: artifactId,
          canonical_url: `https://a.example/${jobId}`
        },
        ...{ created_at: 1, updated_at: 1, idempotency_key: jobId, job_no: n + 1 }
      }
    }))
  )
  for (const { artifactId, jobs: ids } of expected)
    expect(jobsOfArtifact(r, artifactId).map(({ jobId }) => jobId)).toEqual(ids)
  const indexes = r.all(`SELECT name FROM sqlite_master WHERE name LIKE 'artifact_jobs_by_artifact'`)
  expect(indexes).toEqual([])
})
