import fc from 'fast-check'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isSheafError } from '../../../src/contract/errors'
import type { Effect } from '../../../src/main/engine/effects'
import { eventsOfJob } from '../../../src/main/ledger/job-events'
import { clearLease, jobById } from '../../../src/main/ledger/jobs'
import { abandonOp, opsOfJob } from '../../../src/main/ledger/ops'
import { openDesk, TTL, type Desk } from './ledger-kit'

const effect = (perform: Effect<string>['perform'], more: Partial<Effect<string>> = {}): Effect<string> => ({
  kind: 'INDEX',
  context: { sha256: 'a'.repeat(64) },
  revive: (stored) => (typeof stored === 'string' ? stored : null),
  perform,
  ...more
})

const ok = (result: string) => () => Promise.resolve({ result })

async function desk1(): Promise<{ desk: Desk; jobId: string; mine: ReturnType<typeof take> }> {
  const desk = await openDesk()
  const jobId = desk.plan('10.5555/one')
  return { desk, jobId, mine: take(desk, jobId) }
}

function take(desk: Desk, jobId: string, owner = 'test:1:1') {
  const taken = desk.worker(owner).take(jobId)
  if (taken === null) throw new Error('the job could not be leased')
  return taken
}

describe('an effect', () => {
  test('with a recorded success is not performed again, and the replay is counted', async () => {
    const { desk, jobId, mine } = await desk1()
    await mine.keeper.effects.run(effect(ok('first')))
    const again = await mine.keeper.effects.run(effect(() => Promise.reject(new Error('performed twice'))))
    expect(again).toEqual({ result: 'first', replayed: true })
    expect(desk.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([
      { attempt: 1, replays: 1, resultCode: 'OK', result: 'first' }
    ])
  })

  test('defect 01: that raised is tried again as a new attempt of the same op', async () => {
    const { desk, jobId, mine } = await desk1()
    await expect(mine.keeper.effects.run(effect(() => Promise.reject(new Error('boom'))))).rejects.toThrow(
      'boom'
    )
    expect((await mine.keeper.effects.run(effect(ok('second')))).result).toBe('second')
    expect(desk.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([{ attempt: 2, resultCode: 'OK' }])
  })

  test('defect 02: that reconcile marked as abandoned is performed again, and told so', async () => {
    const { desk, jobId, mine } = await desk1()
    let unknown: boolean | null = null
    void mine.keeper.effects.run(effect(() => new Promise(() => undefined))).catch(() => undefined)
    await desk.ledger.flush()
    const [op] = desk.ledger.read((r) => opsOfJob(r, jobId))
    expect(op).toMatchObject({ finishedAt: null, resultCode: null })
    await desk.ledger.commit((w) => abandonOp(w, op!.opKey, '{}', desk.host.clock.now()))
    await mine.keeper.effects.run(
      effect((circumstances) => {
        unknown = circumstances.unknown
        return Promise.resolve({ result: 'done', recovery: 'redone' as const })
      })
    )
    expect(unknown).toBe(true)
    expect(desk.ledger.read((r) => opsOfJob(r, jobId))).toMatchObject([
      { attempt: 2, resultCode: 'OK', recovery: 'redone' }
    ])
    // The history still knows the attempt that never came back.
    expect(desk.ledger.read((r) => eventsOfJob(r, jobId)).filter((row) => row['kind'] === 'op')).toHaveLength(
      1
    )
  })

  test('defect 03: a recorded failure is never returned as a result', async () => {
    const { mine } = await desk1()
    const failing = effect(() => Promise.reject(new Error('once')))
    await expect(mine.keeper.effects.run(failing)).rejects.toThrow()
    await expect(mine.keeper.effects.run(failing)).rejects.toThrow('once')
  })

  test('defect 04: a result of any length leaves valid JSON behind', async () => {
    const { desk, jobId, mine } = await desk1()
    await mine.keeper.effects.run(effect(ok('ä"\\'.repeat(20_000))))
    const row = desk.ledger.read((r) =>
      r.get('SELECT result_json FROM artifact_ops WHERE job_id = ?', [jobId])
    )
    const text = String(row?.['result_json'])
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000)
    expect(() => JSON.parse(text) as unknown).not.toThrow()
  })

  test('whose success no longer speaks of the world is performed anew', async () => {
    const { mine } = await desk1()
    await mine.keeper.effects.run(effect(ok('old')))
    const again = await mine.keeper.effects.run(effect(ok('new'), { stillHolds: () => false }))
    expect(again).toEqual({ result: 'new', replayed: false })
  })

  test('has its intent on disk before it is performed, when it must', async () => {
    const { desk, mine } = await desk1()
    let onDisk = ''
    await mine.keeper.effects.run(
      effect(
        async () => {
          const { folder } = desk.ledger
          for (const name of await readdir(folder)) {
            if (name.startsWith('journal-')) onDisk += await readFile(join(folder, name), 'utf8')
          }
          return { result: 'done' }
        },
        { kind: 'FINALIZE', intentFirst: true }
      )
    )
    expect(onDisk).toContain('INSERT INTO artifact_ops')
    expect(onDisk).toContain('FINALIZE')
  })
})

describe('a lease', () => {
  test('defect 05: that went stale makes its job leasable again, whatever its state', async () => {
    const desk = await openDesk()
    for (const path of [[], ['HEAD_DONE'], ['HEAD_DONE', 'RESUME_OK'], ['HEAD_DONE', 'STREAMING']] as const) {
      const jobId = desk.plan(`10.5555/stale.${path.join('.')}`)
      const first = take(desk, jobId)
      for (const state of path) first.keeper.advance(state)
      await desk.ledger.commit((w) => clearLease(w, jobId, first.row.leaseEpoch, desk.host.clock.now()))
      expect(take(desk, jobId, 'test:2:1').row).toMatchObject({ state: 'LEASED', leaseEpoch: 2 })
    }
  })

  test('defect 06: is renewed in every active state', async () => {
    const desk = await openDesk()
    const jobId = desk.plan('10.5555/long')
    const worker = desk.worker('test:1:1')
    const { keeper, row } = worker.take(jobId)!
    const lost: Error[] = []
    worker.leases.keep({ jobId, owner: 'test:1:1', epoch: row.leaseEpoch }, (error) => lost.push(error))
    for (const state of ['HEAD_DONE', 'STREAMING'] as const) {
      keeper.advance(state)
      for (let beats = 0; beats < 5; beats += 1) {
        desk.host.clock.advance(TTL / 3)
        worker.leases.beat()
      }
      expect(desk.worker('test:2:1').take(jobId)).toBeNull()
    }
    expect(lost).toEqual([])
  })

  test('defect 07: of yesterday records nothing: the number is compared with the effect', async () => {
    const desk = await openDesk()
    const jobId = desk.plan('10.5555/asleep')
    const sleeper = take(desk, jobId)
    desk.host.clock.jump(8 * 3600)
    const awake = take(desk, jobId, 'test:2:1')
    await expect(sleeper.keeper.effects.run(effect(ok('late')))).rejects.toSatisfy((error) =>
      isSheafError(error, 'LEASE_LOST')
    )
    expect((await awake.keeper.effects.run(effect(ok('fresh')))).result).toBe('fresh')
  })

  test('is reclaimed after a night when nobody else was granted one', async () => {
    const desk = await openDesk()
    const jobId = desk.plan('10.5555/night')
    const sleeper = take(desk, jobId)
    desk.host.clock.jump(8 * 3600)
    expect((await sleeper.keeper.effects.run(effect(ok('mine')))).result).toBe('mine')
    expect(desk.ledger.read((r) => jobById(r, jobId))!.leaseUntil).toBeGreaterThan(desk.host.clock.now())
  })

  test('notices that the machine slept by the two clocks running apart', async () => {
    const desk = await openDesk()
    const slept: number[] = []
    const { Leases } = await import('../../../src/main/engine/leases')
    const leases = new Leases({ ...desk, owner: 'test:1:1', ttlSeconds: TTL, onSleep: (s) => slept.push(s) })
    desk.host.clock.advance(40)
    leases.beat()
    desk.host.clock.jump(600)
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

  test('one success a key, by the last one granted', async () => {
    const desk = await openDesk()
    const workers = [desk.worker('test:1:1'), desk.worker('test:2:1')]
    let n = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const jobId = desk.plan(`10.5555/race.${String((n += 1))}`)
        const held: (ReturnType<typeof take> | null)[] = [null, null]
        const under: ({ finish: () => void; ran: Promise<'recorded' | 'replayed' | 'refused'> } | null)[] = [
          null,
          null
        ]
        const outcomes: string[] = []
        for (const one of steps) {
          if (one.do === 'sleep') desk.host.clock.jump(one.seconds)
          if (one.do === 'take') held[one.who] = workers[one.who]!.take(jobId) ?? held[one.who]!
          if (one.do === 'beat') workers[one.who]!.leases.beat()
          if (one.do === 'begin' && held[one.who] !== null && under[one.who] === null) {
            let finish: () => void = () => undefined
            const gate = new Promise<void>((resolve) => {
              finish = resolve
            })
            const ran = held[one.who]!.keeper.effects.run(
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
            const epoch = desk.ledger.read((r) => jobById(r, jobId))!.leaseEpoch
            const mine = held[one.who]!.row.leaseEpoch
            under[one.who]!.finish()
            const outcome = await under[one.who]!.ran
            if (outcome === 'recorded') expect(mine).toBe(epoch)
            outcomes.push(outcome)
            under[one.who] = null
          }
        }
        for (const open of under) {
          open?.finish()
          if (open) outcomes.push(await open.ran)
        }
        expect(outcomes.filter((one) => one === 'recorded').length).toBeLessThanOrEqual(1)
        const done = desk.ledger.read((r) => opsOfJob(r, jobId)).filter((op) => op.resultCode === 'OK')
        expect(done.length).toBe(outcomes.filter((one) => one === 'recorded').length)
      }),
      { numRuns: 150 }
    )
  })
})
