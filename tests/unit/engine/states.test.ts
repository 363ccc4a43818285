import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DONE_STATES, TRANSITIONS, mayFollow, statesBefore } from '../../../src/contract/states'
import { STATES, type State } from '../../../src/contract/words'
import { isSheafError } from '../../../src/contract/errors'
import { jobById } from '../../../src/main/ledger/jobs'
import { openKit, TTL } from './ledger-kit'

describe('the transition table', () => {
  test('is the table of the specification', () => {
    expect(TRANSITIONS).toEqual({
      PLANNED: ['LEASED', 'FAILED'],
      LEASED: ['LEASED', 'HEAD_DONE', 'SKIPPED_DUPLICATE', 'FAILED'],
      HEAD_DONE: ['LEASED', 'RESUME_OK', 'STREAMING', 'SKIPPED_DUPLICATE', 'FAILED'],
      RESUME_OK: ['LEASED', 'STREAMING', 'FAILED'],
      STREAMING: ['LEASED', 'FINALIZED', 'SKIPPED_DUPLICATE', 'FAILED'],
      FINALIZED: ['INDEXED', 'SKIPPED_DUPLICATE', 'FAILED'],
      INDEXED: ['DEDUPED', 'SKIPPED_DUPLICATE', 'FAILED'],
      DEDUPED: [],
      FAILED: ['LEASED'],
      SKIPPED_DUPLICATE: []
    })
  })

  test('commands and answers agree', () => {
    for (const from of STATES) {
      for (const to of STATES) expect(statesBefore(to).includes(from)).toBe(mayFollow(from, to))
    }
    for (const done of DONE_STATES) expect(TRANSITIONS[done]).toEqual([])
  })
})

describe('no sequence of commands leaves the table', () => {
  const command = fc.oneof(
    fc.record({ kind: fc.constant('advance' as const), to: fc.constantFrom(...STATES) }),
    fc.record({ kind: fc.constant('take' as const), owner: fc.constantFrom('test:1:1', 'test:2:1') }),
    fc.record({ kind: fc.constant('release' as const) }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 2 * TTL }) })
  )

  test('whatever two workers request in any order', async () => {
    const kit = await openKit()
    let n = 0
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (commands) => {
        const jobId = kit.plan(`10.5555/states.${String((n += 1))}`)
        const held: NonNullable<ReturnType<ReturnType<typeof kit.worker>['take']>>[] = []
        for (const one of commands) {
          const before = stateOf(jobId)
          if (one.kind === 'wait') kit.host.clock.advance(one.seconds)
          if (one.kind === 'take') {
            const taken = kit.worker(one.owner).take(jobId)
            if (taken !== null) held.push(taken)
          }
          const last = held.at(-1)
          if (one.kind === 'release') await last?.jobStore.release(null)
          if (one.kind === 'advance' && last !== undefined) {
            try {
              last.jobStore.advance(one.to)
              expect(mayFollow(before, one.to)).toBe(true)
              expect(stateOf(jobId)).toBe(one.to)
            } catch (error) {
              // A refusal names the job and the wanted, allowed and actual states; the state is unchanged.
              if (!isSheafError(error)) throw error
              expect(['TRANSITION_REFUSED', 'LEASE_LOST']).toContain(error.code)
              expect(error.message).toContain(jobId)
              expect(error.message).toContain(one.to)
              expect(stateOf(jobId)).toBe(before)
            }
          }
          const after = stateOf(jobId)
          expect(after === before || mayFollow(before, after)).toBe(true)
        }
      }),
      { numRuns: 150 }
    )

    function stateOf(jobId: string): State {
      return kit.ledger.read((r) => jobById(r, jobId))!.state
    }
  })
})
