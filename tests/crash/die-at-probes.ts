/**
 * Scenarios with one kill each, one for every passing of every probe. Two test files have half of them each.
 */
import { describe, test } from 'vitest'
import { PROBES, type ProbeName } from '../../src/main/platform/probes'
import type { ProbeWorld } from './probe-world'

/** How many kills at one probe: at its first passing, at its second, and so on. Default: one. */
const PASSINGS: Partial<Record<ProbeName, number>> = {
  'RESOLVE: recorded': 2,
  'HEAD: recorded': 2,
  'STREAM: sidecar written': 2,
  'STREAM: part written': 4,
  'STREAM: part complete': 3,
  'STREAM: recorded': 2,
  'FINALIZE: intent durable': 2,
  'FINALIZE: object renamed': 2,
  'FINALIZE: paper linked': 3,
  'FINALIZE: sidecar removed': 2,
  'FINALIZE: recorded': 2,
  'INDEX: recorded': 2,
  'DEDUPE: recorded': 2,
  'JOURNAL: written, not synced': 3,
  'JOURNAL: synced': 4
}

/** Set by `.ci/run`: one kill at each probe, and a third run after every second scenario. */
const IS_SHORT = process.env['CRASH_SHORT'] !== undefined
const MOST_PASSINGS = IS_SHORT ? 1 : Infinity

/**
 * Passed only when there is a library without a ledger; has a scenario of its own in `every-probe.test.ts`.
 */
export const ADOPTING: ProbeName = 'ADOPT: batch recorded'

/**
 * Probes that a run does not pass are excluded; `tests/integration/companion-dies.test.ts` and
 * `tests/integration/cli/library-rename.test.ts` cover them.
 */
const isOfRun = (probe: ProbeName): boolean =>
  probe !== ADOPTING && !probe.startsWith('COMPANION') && !probe.startsWith('RENAME: ')

/** Every second probe, from the first (0) or the second (1) on: two files run in parallel. */
export function killAtProbes({ inFolder, killAt: dieAt, recover }: ProbeWorld, half: 0 | 1): void {
  const probes = PROBES.filter(isOfRun).filter((_, index) => index % 2 === half)
  describe.each(probes.map((probe, at) => ({ probe, at })))('killed at $probe', ({ probe, at }) => {
    const count = Math.min(PASSINGS[probe] ?? 1, MOST_PASSINGS)
    const passings = Array.from({ length: count }, (_, index) => index + 1)
    test.each(passings)('passing %i: the next run completes and every promise holds', (nth) =>
      inFolder(async (folder) => {
        await dieAt(folder, probe, nth)
        await recover(folder, { again: nth === 1 && !(IS_SHORT && at % 2 === 1) })
      })
    )
  })
}
