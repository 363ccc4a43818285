import fc from 'fast-check'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isSheafError } from '../../../src/contract/errors'
import type { Effect } from '../../../src/main/engine/effects'
import { attemptRowsOfJob } from '../../../src/main/ledger/attempts'
import type { Statement } from '../../../src/main/ledger/database'
import { eventsOfJob } from '../../../src/main/ledger/job-events'
import { typeNumber } from '../../../src/main/ledger/history-names'
import { jobById } from '../../../src/main/ledger/jobs'
import { clearLease } from '../../../src/main/ledger/leases'
import { readJournal } from '../../../src/main/ledger/journal-file'
import { abandonOp, opsOfJob } from '../../../src/main/ledger/ops'
import { openKit, TTL, type LedgerKit } from './ledger-kit'

const effect = (perform: Effect<string>['perform'], more: Partial<Effect<string>> = {}): Effect<string> => ({
  kind: 'INDEX',
  context: { sha256: 'a'.repeat(64) },
  revive: (stored) => (typeof stored === 'string' ? stored : null),
  perform,
  ...more
})

const ok = (result: string) => () => Promise.resolve({ result })

async function kitWithJob(): Promise<{ kit: LedgerKit; jobId: string; taken: ReturnType<typeof take> }> {
  const kit = await openKit()
  const jobId = kit.plan('10.5555/one')
  return { kit, jobId, taken: take(kit, jobId) }
}

function take(kit: LedgerKit, jobId: string, owner = 'test:1:1') {
  const taken = kit.worker(owner).take(jobId)
  if (taken === null) throw new Error('the job could not be leased')
  return taken
}

describe('an effect', () => {
  test('with a recorded success is not performed again, and the replay is counted', async () => {
    const { kit, jobId, taken } = await kitWithJob()
    await taken.jobStore.effects.run(effect(ok('first')))
    const again = await taken.jobStore.effects.run(effect(() => Promise.reject(new Error('performed twice'))))
    expect(again).toEqual({ result: 'first', replayed: true })
    expect(kit.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([
      { attempt: 1, replays: 1, resultCode: 'OK', result: 'first' }
    ])
  })

  test('defect 01: that threw is tried again as a new attempt of the same op', async () => {
    const { kit, jobId, taken } = await kitWithJob()
    await expect(taken.jobStore.effects.run(effect(() => Promise.reject(new Error('boom'))))).rejects.toThrow(
      'boom'
    )
    expect((await taken.jobStore.effects.run(effect(ok('second')))).result).toBe('second')
    expect(kit.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([{ attempt: 2, resultCode: 'OK' }])
  })

  test('is referenced by its requests and state changes, each attempt separately', async () => {
    const { kit, jobId, taken } = await kitWithJob()
    const { ledger } = kit
    const request = {
      source: 'unpaywall',
      tier: 'direct_oa',
      url: 'https://example.org/1.pdf',
      elapsedMs: 1
    } as const
    taken.jobStore.advance('HEAD_DONE')
    const download = (perform: Effect<string>['perform']): Effect<string> =>
      effect(perform, {
        kind: 'STREAM',
        context: { url: request.url, range_start: 0 },
        enters: taken.jobStore.state === 'STREAMING' ? [] : [{ to: 'STREAMING' }],
        failedAttempt: () => ({ ...request, outcome: 'retryable', reason: 'CONNECTION_RESET' }),
        leadsTo: () => 'FINALIZED'
      })
    await expect(
      taken.jobStore.effects.run(download(() => Promise.reject(new Error('cut off'))))
    ).rejects.toThrow('cut off')
    await taken.jobStore.effects.run(
      download(() =>
        Promise.resolve({ result: 'whole', attempts: [{ ...request, outcome: 'success', reason: null }] })
      )
    )
    const [op] = ledger.read((r) => opsOfJob(r, jobId))
    const own = { op_key: op!.opKey }
    expect(ledger.read((r) => attemptRowsOfJob(r, jobId))).toMatchObject([
      { ...own, op_attempt: 1, outcome: 'retryable' },
      { ...own, op_attempt: 2, outcome: 'success' }
    ])
    const events = ledger.read((r) => eventsOfJob(r, jobId))
    expect(
      events
        .filter((row) => row['kind'] === 'state' || row['kind'] === 'op')
        .map((row) => [row['kind'], row['to_state'], row['op_key'] !== null, row['op_attempt']])
    ).toEqual([
      ['state', 'HEAD_DONE', false, null],
      ['state', 'STREAMING', true, 1],
      ['op', null, true, 1],
      ['state', 'FINALIZED', true, 2]
    ])
    // State lines are emitted in order.
    await ledger.flush()
    expect(kit.lines.flatMap((line) => (line.type === 'state' ? [line.to] : []))).toEqual([
      'HEAD_DONE',
      'STREAMING',
      'FINALIZED'
    ])
  })

  test('defect 02: that reconcile marked as abandoned is performed again and knows that its outcome is unknown', async () => {
    const { kit, jobId, taken } = await kitWithJob()
    let unknown: boolean | null = null
    void taken.jobStore.effects.run(effect(() => new Promise(() => undefined))).catch(() => undefined)
    await kit.ledger.flush()
    const [op] = kit.ledger.read((r) => opsOfJob(r, jobId))
    expect(op).toMatchObject({ finishedAt: null, resultCode: null })
    await kit.ledger.commit((w) => abandonOp(w, op!.opKey, '{}', kit.host.clock.now()))
    await taken.jobStore.effects.run(
      effect((circumstances) => {
        unknown = circumstances.unknown
        return Promise.resolve({ result: 'done', recovery: 'redone' as const })
      })
    )
    expect(unknown).toBe(true)
    expect(kit.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([
      { attempt: 2, resultCode: 'OK', recovery: 'redone' }
    ])
    // The history still has the attempt whose outcome is unknown.
    expect(kit.ledger.read((r) => eventsOfJob(r, jobId)).filter((row) => row['kind'] === 'op')).toHaveLength(
      1
    )
  })

  test('defect 03: a recorded failure is never returned as a result', async () => {
    const { taken } = await kitWithJob()
    const failing = effect(() => Promise.reject(new Error('once')))
    await expect(taken.jobStore.effects.run(failing)).rejects.toThrow()
    await expect(taken.jobStore.effects.run(failing)).rejects.toThrow('once')
  })

  test('defect 04: a result of any length is stored as valid JSON', async () => {
    const { kit, jobId, taken } = await kitWithJob()
    await taken.jobStore.effects.run(effect(ok('ä"\\'.repeat(20_000))))
    const row = kit.ledger.read((r) =>
      r.get('SELECT result_json FROM artifact_ops WHERE job_id = ?', [jobId])
    )
    const text = String(row?.['result_json'])
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000)
    expect(() => JSON.parse(text) as unknown).not.toThrow()
  })

  test('whose recorded result no longer holds is performed again', async () => {
    const { taken } = await kitWithJob()
    await taken.jobStore.effects.run(effect(ok('old')))
    const again = await taken.jobStore.effects.run(effect(ok('new'), { stillHolds: () => false }))
    expect(again).toEqual({ result: 'new', replayed: false })
  })

  test('has its intent on disk before it is performed, when it requires that', async () => {
    const { kit, taken } = await kitWithJob()
    const onDisk: Statement[] = []
    await taken.jobStore.effects.run(
      effect(
        async () => {
          const { folder } = kit.ledger
          for (const name of await readdir(folder)) {
            if (name.startsWith('journal-'))
              readJournal(await readFile(join(folder, name)), Infinity, (_, all) => onDisk.push(...all))
          }
          return { result: 'done' }
        },
        { kind: 'FINALIZE', intentFirst: true }
      )
    )
    const intent = onDisk.find(({ sql }) => sql.startsWith('INSERT INTO op_rows'))
    expect(intent?.parameters).toContain(typeNumber('FINALIZE'))
  })
})

describe('a lease', () => {
  test('defect 05: that expired makes its job leasable again, whatever its state', async () => {
    const kit = await openKit()
    for (const path of [[], ['HEAD_DONE'], ['HEAD_DONE', 'RESUME_OK'], ['HEAD_DONE', 'STREAMING']] as const) {
      const jobId = kit.plan(`10.5555/stale.${path.join('.')}`)
      const first = take(kit, jobId)
      for (const state of path) first.jobStore.advance(state)
      await kit.ledger.commit((w) => clearLease(w, jobId, first.row.leaseEpoch, kit.host.clock.now()))
      expect(take(kit, jobId, 'test:2:1').row).toMatchObject({ state: 'LEASED', leaseEpoch: 2 })
    }
  })

  test('defect 06: is renewed in every active state', async () => {
    const kit = await openKit()
    const jobId = kit.plan('10.5555/long')
    const worker = kit.worker('test:1:1')
    const { jobStore, row } = worker.take(jobId)!
    const lost: Error[] = []
    worker.leases.keep({ jobId, owner: 'test:1:1', epoch: row.leaseEpoch }, (error) => lost.push(error))
    for (const state of ['HEAD_DONE', 'STREAMING'] as const) {
      jobStore.advance(state)
      for (let beats = 0; beats < 5; beats += 1) {
        kit.host.clock.advance(TTL / 3)
        worker.leases.beat()
      }
      expect(kit.worker('test:2:1').take(jobId)).toBeNull()
    }
    expect(lost).toEqual([])
  })

  test('defect 07: that is stale records nothing: its fencing number is compared with every effect', async () => {
    const kit = await openKit()
    const jobId = kit.plan('10.5555/asleep')
    const sleeper = take(kit, jobId)
    kit.host.clock.jump(8 * 3600)
    const awake = take(kit, jobId, 'test:2:1')
    await expect(sleeper.jobStore.effects.run(effect(ok('late')))).rejects.toSatisfy((error) =>
      isSheafError(error, 'LEASE_LOST')
    )
    expect((await awake.jobStore.effects.run(effect(ok('fresh')))).result).toBe('fresh')
  })

  test('is reclaimed after hours when no other worker was granted one', async () => {
    const kit = await openKit()
    const jobId = kit.plan('10.5555/night')
    const sleeper = take(kit, jobId)
    kit.host.clock.jump(8 * 3600)
    expect((await sleeper.jobStore.effects.run(effect(ok('mine')))).result).toBe('mine')
    expect(kit.ledger.read((r) => jobById(r, jobId))!.leaseUntil).toBeGreaterThan(kit.host.clock.now())
  })

  test('detects that the machine slept by comparing the two clocks', async () => {
    const kit = await openKit()
    const slept: number[] = []
    const { Leases } = await import('../../../src/main/engine/leases')
    const leases = new Leases({
      ...kit,
      owner: 'test:1:1',
      ttlSeconds: TTL,
      onSleep: (s) => slept.push(s)
    })
    kit.host.clock.advance(40)
    leases.beat()
    kit.host.clock.jump(600)
    leases.beat()
    expect(slept).toEqual([600])
  })
})

describe('two workers in any interleaving never both record', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('take' as const), who: fc.constantFrom(0, 1) }),
    fc.record({ do: fc.constant('finish' as const), who: fc.constantFrom(0, 1) }),
    fc.record({ do: fc.constant('begin' as const), who: fc.constantFrom(0, 1) }),
    fc.record({ do: fc.constant('sleep' as const), seconds: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ do: fc.constant('beat' as const), who: fc.constantFrom(0, 1) })
  )

  test('each key has one success, recorded by the last grant', async () => {
    const kit = await openKit()
    const workers = [kit.worker('test:1:1'), kit.worker('test:2:1')]
    let n = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const jobId = kit.plan(`10.5555/race.${String((n += 1))}`)
        const held: (ReturnType<typeof take> | null)[] = [null, null]
        const under: ({ finish: () => void; ran: Promise<'recorded' | 'replayed' | 'refused'> } | null)[] = [
          null,
          null
        ]
        const outcomes: string[] = []
        for (const one of steps) {
          if (one.do === 'sleep') kit.host.clock.jump(one.seconds)
          if (one.do === 'take') held[one.who] = workers[one.who]!.take(jobId) ?? held[one.who]!
          if (one.do === 'beat') workers[one.who]!.leases.beat()
          if (one.do === 'begin' && held[one.who] !== null && under[one.who] === null) {
            let finish: () => void = () => undefined
            const gate = new Promise<void>((resolve) => {
              finish = resolve
            })
            const ran = held[one.who]!.jobStore.effects.run(
              effect(() => gate.then(() => ({ result: String(one.who) })))
            )
              .then(({ replayed }) => (replayed ? ('replayed' as const) : ('recorded' as const)))
              .catch((error: unknown) => {
                if (!isSheafError(error, 'LEASE_LOST')) throw error
                return 'refused' as const
              })
            under[one.who] = { finish, ran }
          }
          if (one.do === 'finish' && under[one.who] !== null) {
            const epoch = kit.ledger.read((r) => jobById(r, jobId))!.leaseEpoch
            const heldEpoch = held[one.who]!.row.leaseEpoch
            under[one.who]!.finish()
            const outcome = await under[one.who]!.ran
            if (outcome === 'recorded') expect(heldEpoch).toBe(epoch)
            outcomes.push(outcome)
            under[one.who] = null
          }
        }
        for (const open of under) {
          open?.finish()
          if (open) outcomes.push(await open.ran)
        }
        expect(outcomes.filter((one) => one === 'recorded').length).toBeLessThanOrEqual(1)
        const done = kit.ledger.read((r) => opsOfJob(r, jobId)).filter((op) => op.resultCode === 'OK')
        expect(done.length).toBe(outcomes.filter((one) => one === 'recorded').length)
      }),
      { numRuns: 150 }
    )
  })
})
