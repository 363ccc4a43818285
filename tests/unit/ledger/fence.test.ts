/**
 * Every statement by which a worker records something compares the fencing number (docs/design.md, G4). Each
 * one is run under a stale grant and must change nothing. Then the comparison is removed from the SQL, and
 * the same stale grant must change something, so the comparison is what refused it.
 */
import { describe, expect, onTestFinished, test } from 'vitest'
import { insertAttempt } from '../../../src/main/ledger/attempts'
import { numberWords } from '../../../src/main/ledger/history-names'
import { holdJob, insertJob } from '../../../src/main/ledger/jobs'
import { clearLease, grantLease, moveJob, releaseLease, renewLease } from '../../../src/main/ledger/leases'
import type { SqlRow, Writer } from '../../../src/main/ledger/ledger'
import { beginOp, countReplay, finishOp, voidOps } from '../../../src/main/ledger/ops'
import { beginPurchase } from '../../../src/main/ledger/purchases'
import { dropMovedProvenance } from '../../../src/main/ledger/streamed-provenance'
import { putLast, restorePriority, TRIED_LAST } from '../../../src/main/ledger/tried-last'
import { openKit } from '../engine/ledger-kit'

const JOB = 'a'.repeat(32)
const OWNER = 'host:1:1'
const STALE = { jobId: JOB, owner: OWNER, epoch: 1 }
const NOW = 1_000

/** Everything a worker may record, called with its grant. */
const STATEMENTS: Readonly<Record<string, (w: Writer, holder: typeof STALE) => number>> = {
  'renew its lease': (w, holder) => renewLease(w, holder, NOW + 600),
  'give its lease back': (w, holder) => releaseLease(w, holder, NOW + 5, NOW),
  'move its job': (w, holder) =>
    moveJob(w, { holder, to: 'HEAD_DONE', from: ['LEASED'], now: NOW, leaseUntil: NOW + 600 }),
  'begin an op': (w, holder) =>
    beginOp(w, {
      opKey: 'new',
      jobId: JOB,
      kind: 'HEAD',
      contextJson: '{}',
      leaseEpoch: holder.epoch,
      now: NOW
    }),
  'finish an op': (w, holder) =>
    finishOp(w, {
      opKey: 'begun',
      kind: 'STREAM',
      contextJson: '{}',
      leaseEpoch: holder.epoch,
      resultCode: 'OK',
      resultJson: '{}',
      recovery: null,
      now: NOW
    }),
  'move provenance out of an op': (w, holder) => dropMovedProvenance(w, 'streamed', holder),
  'void its successes': (w, holder) => voidOps(w, holder, ['STREAM'], 'why'),
  'count a replay': (w, holder) => countReplay(w, 'begun', holder),
  'record an attempt': (w, holder) =>
    insertAttempt(
      w,
      {
        runId: null,
        jobId: JOB,
        workId: 'W1',
        at: NOW,
        source: 'unpaywall',
        tier: 'direct_oa',
        url: null,
        outcome: 'success',
        reason: null,
        elapsedMs: 1
      },
      { holder, op: { opKey: 'begun', opAttempt: 1 } }
    ),
  'number a word of the history': (w, holder) => {
    const known = (): number => Number(w.get('SELECT count(*) AS n FROM words')?.['n'])
    const before = known()
    numberWords(w, ['a word that no row had'], holder)
    return known() - before
  },
  'begin a purchase': (w, holder) =>
    beginPurchase(w, { item: 'openalex:W1:pdf', workId: 'W1', priceMicros: 10_000, now: NOW }, holder),
  'clear a lease it saw': (w, holder) => clearLease(w, JOB, holder.epoch, NOW),
  'put a job last': (w, holder) => putLast(w, JOB, holder.epoch),
  'give a job its priority back': (w, holder) => restorePriority(w, JOB, holder.epoch)
}

/** Every comparison with a fencing number, as our SQL writes it. */
const COMPARISON = /(\w+\.)?lease_epoch = (\?\d*)(?! ?\+)/g

/** The same writer with comparisons of the fencing number that are always true. */
function withoutFence(w: Writer): Writer {
  return {
    ...w,
    all: (sql, parameters) => w.all(sql, parameters),
    get: (sql, parameters) => w.get(sql, parameters),
    each: (sql, parameters, row) => {
      w.each(sql, parameters, row)
    },
    run(sql, parameters) {
      const [head, ...rest] = sql.split(/\bWHERE\b/)
      return w.run(
        [head, ...rest.map((part) => part.replace(COMPARISON, '$2 IS NOT NULL'))].join('WHERE'),
        parameters
      )
    }
  }
}

/** A job granted twice to the same process, with an op left open by the first grant. */
async function staleGrant(priority: number) {
  const kit = await openKit()
  const { ledger } = kit
  ledger.transact((w) => {
    insertJob(w, {
      jobId: JOB,
      workId: 'W1',
      artifactId: 'W1#pdf',
      canonicalUrl: 'https://example.org/1',
      idempotencyKey: 'k',
      priority,
      runId: null,
      now: NOW - 500
    })
    grantLease(w, { jobId: JOB, owner: OWNER, until: NOW - 400, now: NOW - 500 })
    beginOp(w, {
      opKey: 'begun',
      jobId: JOB,
      kind: 'STREAM',
      contextJson: '{}',
      leaseEpoch: 1,
      now: NOW - 450
    })
    const of = { kind: 'STREAM', contextJson: '{}' } as const
    const streamed = { opKey: 'streamed', jobId: JOB, ...of, leaseEpoch: 1, now: NOW - 440 }
    beginOp(w, streamed)
    const resultJson = '{"provenance":{"url":"https://example.org/1"}}'
    finishOp(w, { ...streamed, resultCode: 'OK', resultJson, recovery: null })
    grantLease(w, { jobId: JOB, owner: OWNER, until: NOW + 100, now: NOW })
  })
  const look = (): SqlRow[] =>
    ledger.read((r) =>
      ['artifact_jobs', 'artifact_ops', 'attempts', 'words', 'purchases'].flatMap((table) =>
        r.all(`SELECT * FROM ${table}`)
      )
    )
  expect(
    look().find((row) => row['lease_epoch'] === 2),
    'granted twice'
  ).toBeDefined()
  return { ledger, look }
}

describe.each(Object.keys(STATEMENTS))('%s', (name) => {
  const statement = STATEMENTS[name]!
  const priority = name.includes('priority') ? TRIED_LAST : 0

  test('is refused under a stale grant', async () => {
    const { ledger, look } = await staleGrant(priority)
    const before = look()
    expect(ledger.transact((w) => statement(w, STALE)).value).toBe(0)
    expect(look()).toEqual(before)
  })

  test('is accepted under the latest grant', async () => {
    const { ledger, look } = await staleGrant(priority)
    // The open op belongs to the earlier grant: it is begun again, as the next holder does.
    ledger.transact((w) => {
      beginOp(w, { opKey: 'begun', jobId: JOB, kind: 'STREAM', contextJson: '{}', leaseEpoch: 2, now: NOW })
    })
    const before = look()
    expect(ledger.transact((w) => statement(w, { ...STALE, epoch: 2 })).value).toBe(1)
    expect(look()).not.toEqual(before)
  })

  test('without its comparison, a stale grant would be recorded', async () => {
    const { ledger, look } = await staleGrant(priority)
    const before = look()
    expect(ledger.transact((w) => statement(withoutFence(w), STALE)).value).toBe(1)
    expect(look()).not.toEqual(before)
  })
})

test('holding a job ends its lease: what its worker records afterwards is refused', async () => {
  const kit = await openKit()
  const jobId = kit.plan('10.5555/held')
  const taken = kit.worker(OWNER).take(jobId)!
  kit.ledger.transact((w) => holdJob(w, jobId, 'paused', kit.host.clock.now()))
  onTestFinished(() => {
    taken.stop.abort()
  })
  expect(() => {
    taken.jobStore.advance('HEAD_DONE')
  }).toThrow('no longer the last one')
})

test('an op that ends after its job was held records neither its end nor its requests', async () => {
  const kit = await openKit()
  const { ledger, host } = kit
  const jobId = kit.plan('10.5555/held')
  const taken = kit.worker(OWNER).take(jobId)!
  const request = {
    source: 'unpaywall',
    tier: 'direct_oa',
    url: null,
    outcome: 'success',
    reason: null,
    elapsedMs: 1
  } as const
  const late = taken.jobStore.effects.run({
    kind: 'HEAD',
    context: { url: 'https://example.org/1' },
    revive: () => null,
    perform: () => {
      ledger.transact((w) => holdJob(w, jobId, 'paused', host.clock.now()))
      return Promise.resolve({ result: {}, attempts: [request] })
    }
  })
  await expect(late).rejects.toMatchObject({ code: 'LEASE_LOST' })
  expect(ledger.read((r) => r.all('SELECT * FROM attempts'))).toEqual([])
  expect(ledger.read((r) => r.all('SELECT finished_at FROM artifact_ops'))).toEqual([{ finished_at: null }])
})

test('a worker whose lease was cleared records nothing for a job that was paused afterwards', async () => {
  const kit = await openKit()
  const jobId = kit.plan('10.5555/paused')
  const now = kit.host.clock.now()
  const granted = kit.worker(OWNER).leases.take(jobId, 0)!
  const holder = { jobId, owner: OWNER, epoch: granted.leaseEpoch }
  const changed = kit.ledger.transact((w) => {
    clearLease(w, jobId, holder.epoch, now)
    holdJob(w, jobId, 'paused', now)
    return [
      renewLease(w, holder, now + 600),
      moveJob(w, { holder, to: 'HEAD_DONE', from: ['LEASED'], now, leaseUntil: now + 600 })
    ]
  })
  expect(changed.value).toEqual([0, 0])
})
