/**
 * The provenance of a finished file is stored once: with its STREAM op until the file is indexed, then with
 * its artifact. Readers of the op still get all of it. When the artifact is gone, the op still has the
 * verdict.
 */
import { describe, expect, test } from 'vitest'
import { opResult, type Streamed } from '../../../src/contract/op-results'
import { storedStream } from '../../../src/contract/stored-results'
import type { Provenance } from '../../../src/contract/work'
import { finalizedFileOf } from '../../../src/main/engine/finalized-file'
import { artifactById, deleteArtifact } from '../../../src/main/ledger/artifacts'
import { jobById } from '../../../src/main/ledger/jobs'
import type { Reader } from '../../../src/main/ledger/ledger'
import { lastSuccess, opRowsOfJob } from '../../../src/main/ledger/ops'
import { migratedLedger } from '../../kit/old-ledger'
import { openKit, TTL } from './ledger-kit'

const SHA = 'ab'.repeat(32)
const PLACED = { path: `objects/ab/${SHA}.pdf`, paperPath: 'papers/A.pdf', finalizedAt: 5 }
const PROVENANCE: Provenance = {
  source: 'unpaywall',
  tier: 'direct_oa',
  version: null,
  license: 'cc-by',
  evidence: 'Unpaywall names it.',
  url: 'https://a.example/1.pdf',
  finalUrl: 'https://b.example/1.pdf',
  foundOn: null,
  chain: [
    { url: 'https://a.example/1.pdf', status: 302, location: 'https://b.example/1.pdf' },
    { url: 'https://b.example/1.pdf', status: 200 }
  ],
  headers: { etag: '"1"' },
  checks: [{ name: 'opens', result: '2 pages' }],
  verdict: 'match',
  verdictBecause: 'Its first pages print its DOI.',
  pages: 2,
  encrypted: false,
  fetchedAt: 4
}
const STREAMED: Streamed = {
  url: PROVENANCE.url,
  sha256: SHA,
  bytes: 9,
  fetchedBytes: 9,
  resumedFrom: 0,
  fetchedTwice: 0,
  anewBecause: null,
  validator: '"1"',
  provenance: PROVENANCE
}
const FILE = { ...PLACED, sha256: SHA, bytes: 9, url: STREAMED.url, validator: '"1"', provenance: PROVENANCE }

/** A job whose file was streamed and placed; `list` writes its artifact. */
async function placed() {
  const kit = await openKit()
  const jobId = kit.plan('10.5555/once')
  const { jobStore } = kit.worker('test:1:1').take(jobId)!
  const { effects } = jobStore
  jobStore.advance('HEAD_DONE')
  const context = { url: STREAMED.url, range_start: 0 }
  await effects.run<Streamed>({
    kind: 'STREAM',
    context,
    revive: (stored) => opResult('STREAM', stored),
    toStored: storedStream,
    enters: [{ to: 'STREAMING' }],
    perform: () => Promise.resolve({ result: STREAMED })
  })
  await effects.run({
    kind: 'FINALIZE',
    context: { sha256: SHA, target_path: PLACED.path },
    revive: () => null,
    leadsTo: () => 'FINALIZED',
    perform: () => Promise.resolve({ result: PLACED })
  })
  const job = kit.ledger.read((r) => jobById(r, jobId))!
  const artifact = {
    artifactId: job.artifactId,
    workId: job.workId,
    jobId,
    format: 'pdf',
    sha256: SHA,
    bytes: 9,
    path: PLACED.path,
    paperPath: PLACED.paperPath,
    finalizedAt: 5,
    verdict: 'match',
    provenance: PROVENANCE
  } as const
  const list = () =>
    effects.run({
      kind: 'INDEX',
      context: { sha256: SHA },
      oneStep: true,
      revive: () => null,
      leadsTo: () => 'INDEXED',
      alsoRecord: (w) => {
        jobStore.recordArtifact(w, artifact)
      },
      perform: () => Promise.resolve({ result: { manifest: true } })
    })
  return { kit, jobId, job, list, read: <T>(ask: (r: Reader) => T): T => kit.ledger.read(ask) }
}

const keptWithStream = (r: Reader): string =>
  String(r.get(`SELECT result_json FROM artifact_ops WHERE op_type = 'STREAM'`)?.['result_json'])

describe('the provenance of a file', () => {
  test('is stored with its STREAM op before the file is indexed', async () => {
    const { jobId, read } = await placed()
    expect(read(keptWithStream)).toContain('Unpaywall names it.')
    expect(read((r) => finalizedFileOf(r, jobId))).toEqual(FILE)
  })

  test('moves to the artifact, and a reader of the op gets all of it', async () => {
    const { jobId, job, list, read } = await placed()
    await list()
    expect(read(keptWithStream)).not.toContain('Unpaywall names it.')
    expect(read((r) => artifactById(r, job.artifactId))?.provenance).toEqual(PROVENANCE)
    expect(opResult('STREAM', read((r) => lastSuccess(r, jobId, 'STREAM'))?.result)).toEqual(STREAMED)
    const row = read((r) => opRowsOfJob(r, jobId)).find((one) => one['op_type'] === 'STREAM')
    expect(opResult('STREAM', JSON.parse(String(row?.['result_json'])))).toEqual(STREAMED)
    expect(read((r) => finalizedFileOf(r, jobId))).toEqual(FILE)
  })

  test('the op still has the verdict when the artifact is gone', async () => {
    const { kit, jobId, job, list, read } = await placed()
    await list()
    await kit.ledger.commit((w) => deleteArtifact(w, job.artifactId))
    const left = opResult('STREAM', read((r) => lastSuccess(r, jobId, 'STREAM'))?.result)
    const { source, verdict, verdictBecause, pages } = PROVENANCE
    expect(left).toMatchObject({ bytes: 9, provenance: { source, verdict, verdictBecause, pages } })
  })

  test('rows of schema 9, each with the full provenance, give the same file', async () => {
    const op = (kind: string, result: object) => ({
      table: 'artifact_ops',
      row: {
        op_key: kind,
        job_id: 'j',
        op_type: kind,
        started_at: 1,
        finished_at: 2,
        result_code: 'OK',
        result_json: JSON.stringify(result),
        attempt: 1,
        replays: 0,
        lease_epoch: 1
      }
    })
    const { resumedFrom, fetchedTwice, fetchedBytes, anewBecause, ...file } = STREAMED
    expect([resumedFrom, fetchedTwice, fetchedBytes, anewBecause]).toEqual([0, 0, 9, null])
    const old = await migratedLedger(9, [op('STREAM', STREAMED), op('FINALIZE', { ...file, ...PLACED })])
    expect(finalizedFileOf(old, 'j')).toEqual(FILE)
  })
})

test('an op that is one step leaves no intent behind, and is done again under the same key', async () => {
  const { kit, jobId, list, read } = await placed()
  const { jobStore } = kit.worker('test:1:1').take(kit.plan('10.5555/other'))!
  const failing = jobStore.effects.run({
    kind: 'DEDUPE',
    context: { sha256: SHA },
    oneStep: true,
    revive: () => null,
    perform: () => {
      expect(read((r) => opRowsOfJob(r, jobStore.holder.jobId))).toEqual([])
      return Promise.reject(new Error('the disk is gone'))
    }
  })
  await expect(failing).rejects.toThrow('the disk is gone')
  expect(read((r) => opRowsOfJob(r, jobStore.holder.jobId))).toMatchObject([
    { attempt: 1, result_code: 'INTERNAL' }
  ])
  await list()
  expect(read((r) => opRowsOfJob(r, jobId)).at(-1)).toMatchObject({ op_type: 'INDEX', result_code: 'OK' })
})

test('recording renews the lease only when a third of its time is used up', async () => {
  const kit = await openKit()
  const jobId = kit.plan('10.5555/lease')
  const { jobStore } = kit.worker('test:1:1').take(jobId)!
  const until = (): number => kit.ledger.read((r) => jobById(r, jobId))?.leaseUntil ?? 0
  const granted = until()
  const record = (n: number) =>
    jobStore.effects.run({
      kind: 'HEAD',
      context: { url: `https://a.example/${String(n)}` },
      revive: () => null,
      perform: () => Promise.resolve({ result: {} })
    })
  kit.host.clock.jump(TTL / 4)
  await record(1)
  expect(until()).toBe(granted)
  kit.host.clock.jump(TTL / 4)
  await record(2)
  expect(until()).toBe(granted + TTL / 2)
})
