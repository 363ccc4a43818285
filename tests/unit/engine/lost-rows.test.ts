/**
 * The stored form of an op may leave out what a row nearby says: a STREAM's address is in its HEAD, its hash in the
 * FINALIZE (schemas 24 and 26). When a damaged ledger lost that row, the op is no success any more: it is performed
 * again, what is recorded then is whole, and the history of the job can still be read.
 */
import { expect, test } from 'vitest'
import { opResult, type HeadResult, type Streamed } from '../../../src/contract/op-results'
import { storedHead, storedStream } from '../../../src/contract/stored-results'
import type { OpKind } from '../../../src/contract/words'
import type { Effect } from '../../../src/main/engine/effects'
import { finalizedFileOf } from '../../../src/main/engine/finalized-file'
import { historyOf } from '../../../src/main/engine/history'
import { headContext, streamContext } from '../../../src/main/engine/ops/op-contexts'
import { typeNumber } from '../../../src/main/ledger/history-names'
import { jobById } from '../../../src/main/ledger/jobs'
import { lastSuccess, opRowsOfJob, OPS_OF_FILE, voidOps } from '../../../src/main/ledger/ops'
import { historyFacts } from '../../../src/main/ipc/job-history'
import { openKit } from './ledger-kit'

const SHA = 'ab'.repeat(32)
const URL = 'https://a.example/1.pdf'
const PLACED = { path: `objects/ab/${SHA}.pdf`, paperPath: 'papers/A.pdf', finalizedAt: 5 }
const HEAD: HeadResult = {
  ...{
    finalUrl: URL,
    status: 200,
    contentType: 'application/pdf',
    totalBytes: 9,
    validator: {},
    asked: 'GET'
  },
  ...{ chain: [{ url: URL, status: 200 }], headers: {} }
}
const STREAMED: Streamed = {
  ...{ url: URL, sha256: SHA, bytes: 9, fetchedBytes: 9, resumedFrom: 0, fetchedTwice: 0, anewBecause: null },
  validator: null,
  provenance: {
    ...{ source: 'unpaywall', tier: 'direct_oa', version: null, license: 'cc-by' },
    ...{ evidence: 'Unpaywall names it.', url: URL, finalUrl: URL, foundOn: null },
    ...{ chain: [{ url: URL, status: 200 }], headers: {}, checks: [{ name: 'opens', result: '2 pages' }] },
    ...{ verdict: 'match', verdictBecause: 'Its first pages print its DOI.', pages: 2, encrypted: false },
    fetchedAt: 4
  }
}

const performing =
  <T>(result: T, performed: OpKind[], kind: OpKind) =>
  () => {
    performed.push(kind)
    return Promise.resolve({ result })
  }

/** The ops of a download, as the engine runs them: each is performed at most once. */
async function download() {
  const kit = await openKit()
  const jobId = kit.plan('10.5555/lost')
  const { jobStore, row } = kit.worker('test:1:1').take(jobId)!
  const performed: OpKind[] = []
  const head: Effect<HeadResult> = {
    ...{ kind: 'HEAD', context: headContext(URL), toStored: storedHead },
    revive: (stored) => opResult('HEAD', stored),
    perform: performing(HEAD, performed, 'HEAD')
  }
  const stream: Effect<Streamed> = {
    ...{ kind: 'STREAM', context: streamContext(URL), toStored: storedStream },
    revive: (stored) => opResult('STREAM', stored),
    perform: performing(STREAMED, performed, 'STREAM')
  }
  const finalize: Effect<typeof PLACED> = {
    ...{ kind: 'FINALIZE', context: { sha256: SHA, target_path: PLACED.path } },
    revive: (stored) => opResult('FINALIZE', stored),
    perform: performing(PLACED, performed, 'FINALIZE')
  }
  const index: Effect<{ manifest: true }> = {
    ...{ kind: 'INDEX', context: { sha256: SHA }, oneStep: true },
    revive: (stored) => opResult('INDEX', stored),
    alsoRecord: (w) => {
      const { artifactId, workId } = jobById(w, jobId)!
      const file = {
        artifactId,
        workId,
        jobId,
        format: 'pdf',
        sha256: SHA,
        bytes: 9,
        verdict: 'match'
      } as const
      jobStore.recordArtifact(w, { ...file, ...PLACED, provenance: STREAMED.provenance })
    },
    perform: performing({ manifest: true } as const, performed, 'INDEX')
  }
  /** Runs them in order; returns which were performed now. */
  const run = async (kinds: readonly OpKind[]): Promise<readonly OpKind[]> => {
    performed.length = 0
    for (const effect of [head, stream, finalize, index])
      if (kinds.includes(effect.kind)) await jobStore.effects.run(effect as Effect<unknown>)
    return [...performed]
  }
  return {
    ...{ kit, jobId, run, row },
    lose: (kind: OpKind) =>
      kit.ledger.commit((w) => w.run('DELETE FROM op_rows WHERE op_type = ?', [typeNumber(kind)])),
    /** The results that readers get, by kind; null: no success. */
    results: () =>
      kit.ledger.read((r) =>
        Object.fromEntries(
          (['HEAD', 'STREAM', 'FINALIZE', 'INDEX'] as const).map((kind) => [
            kind,
            opResult(kind, lastSuccess(r, jobId, kind)?.result)
          ])
        )
      ),
    shown: () => historyFacts(kit.ledger.read((r) => historyOf(r, jobId)))
  }
}

const ALL = ['HEAD', 'STREAM', 'FINALIZE', 'INDEX'] as const
const WHOLE = { HEAD, STREAM: STREAMED, FINALIZE: PLACED, INDEX: { manifest: true } }

test('a STREAM without its HEAD is performed again, and is a success then', async () => {
  const { kit, jobId, run, lose, results, shown } = await download()
  expect(await run(['HEAD', 'STREAM'])).toEqual(['HEAD', 'STREAM'])
  expect(
    kit.ledger.read((r) => r.all(`SELECT context FROM op_rows WHERE typeof(context) = 'integer'`))
  ).toHaveLength(1)
  await lose('HEAD')
  expect(results()).toMatchObject({ STREAM: null })
  expect(kit.ledger.read((r) => opRowsOfJob(r, jobId))).toMatchObject([
    { op_type: 'STREAM', result_code: 'OK', result_json: null, context_json: null }
  ])
  expect(shown().ops).toMatchObject([{ kind: 'STREAM', code: 'OK', result: null, url: null, attempt: 1 }])

  expect(await run(ALL)).toEqual(ALL)
  expect(results()).toEqual(WHOLE)
  expect(await run(ALL)).toEqual([])
  expect(shown().ops).toMatchObject([
    { kind: 'HEAD', attempt: 1 },
    { kind: 'STREAM', attempt: 1, code: 'OK', result: null },
    { kind: 'STREAM', attempt: 2, url: URL, result: { kind: 'STREAM', value: { sha256: SHA } } },
    { kind: 'FINALIZE' },
    { kind: 'INDEX' }
  ])
})

test('a listed file without its FINALIZE is fetched and placed again', async () => {
  const { kit, jobId, run, lose, results, shown } = await download()
  expect(await run(ALL)).toEqual(ALL)
  expect(kit.ledger.read((r) => finalizedFileOf(r, jobId))).toMatchObject(PLACED)
  await lose('FINALIZE')
  expect(results()).toMatchObject({ STREAM: null, FINALIZE: null })
  expect(kit.ledger.read((r) => finalizedFileOf(r, jobId))).toBeNull()
  expect(shown().ops).toMatchObject([{ kind: 'HEAD' }, { kind: 'STREAM', result: null }, { kind: 'INDEX' }])

  // The key of INDEX has the hash, so its success needs no other row.
  expect(await run(ALL)).toEqual(['STREAM', 'FINALIZE'])
  expect(results()).toEqual(WHOLE)
  expect(kit.ledger.read((r) => finalizedFileOf(r, jobId))).toMatchObject(PLACED)
})

test('an INDEX without its FINALIZE that is done again names its file', async () => {
  const { kit, jobId, run, lose } = await download()
  await run(ALL)
  await lose('FINALIZE')
  await kit.ledger.commit((w) => voidOps(w, { jobId }, OPS_OF_FILE, 'Its file was gone.'))
  expect(await run(ALL)).toEqual(['STREAM', 'FINALIZE', 'INDEX'])
  const rows = kit.ledger.read((r) => opRowsOfJob(r, jobId))
  expect(rows.find((one) => one['op_type'] === 'INDEX')).toMatchObject({
    ...{ attempt: 2, result_code: 'OK', context_json: JSON.stringify({ sha256: SHA }) }
  })
})
