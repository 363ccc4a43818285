/**
 * A small world in which a run passes every probe, and the steps that every crash scenario shares: kill, run
 * the same command again, check every promise, and run a third time with nothing to do.
 */
import { afterAll, beforeAll, expect } from 'vitest'
import type { ProbeName } from '../../src/main/platform/probes'
import { linesOf } from '../kit/run-cli'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { makeCrashFolder, type CrashFolder } from './crash-folder'
import { expectAllDone, expectNothingToDo, expectPromisesKept, type Wanted } from './promises-kept'

const SHARED_TITLE = 'The shared account of two harbours under one roof'
const SHARED_AUTHORS = ['Abbott, Mara', 'Eriksen, Jon']

/**
 * A plain work, a large one, two with the same bytes, one whose first copy is another paper, one without a
 * copy.
 */
const WORKS: readonly WorldWork[] = [
  {
    key: 'plain',
    title: SHARED_TITLE,
    authors: SHARED_AUTHORS,
    year: 2012,
    bytes: 120_000,
    copies: [{ via: 'unpaywall' }]
  },
  { key: 'large', bytes: 1_500_000, copies: [{ via: 'unpaywall' }] },
  {
    key: 'twin',
    title: SHARED_TITLE,
    authors: SHARED_AUTHORS,
    year: 2012,
    doi: null,
    arxiv: '2401.00077',
    copies: [{ via: 'arxiv', of: 'plain' }]
  },
  {
    key: 'misled',
    copies: [{ via: 'unpaywall', misbehave: { kind: 'wrong-paper' } }, { via: 'landing_scrape' }]
  },
  { key: 'lost', copies: [] }
]
const ENDS = {
  plain: 'own',
  large: 'own',
  twin: { sameAs: 'plain' },
  misled: 'own',
  lost: 'no copy'
} as const

export interface ProbeWorld {
  readonly world: () => World
  readonly web: () => Web
  /** runs a scenario with a library of its own */
  readonly inFolder: (scenario: (folder: CrashFolder) => Promise<void>) => Promise<void>
  /** SIGKILL at the `nth` passing of the probe; fails when the process does not reach it. */
  readonly killAt: (folder: CrashFolder, probe: ProbeName, nth?: number) => Promise<void>
  /**
   * Runs the same command to its end and checks every promise; with `again` (the default) runs once more with
   * nothing to do.
   */
  readonly recover: (folder: CrashFolder, how?: { readonly again: boolean }) => Promise<void>
  /** The same without a kill. */
  readonly runWithoutKill: (folder: CrashFolder) => Promise<void>
}

/** For a whole test file: starts the web before its tests and closes it after them. */
export function useProbeWorld(): ProbeWorld {
  let world: World
  let web: Web
  let wanted: Wanted
  beforeAll(async () => {
    ;({ world, web } = await startWorld(WORKS))
    wanted = { world, ends: ENDS, quarantined: 1 }
  })
  afterAll(() => web.close())

  return {
    world: () => world,
    web: () => web,
    async inFolder(scenario) {
      web.forget()
      const folder = await makeCrashFolder({ world, web })
      try {
        await scenario(folder)
        expect(web.faults).toEqual([])
      } finally {
        await folder.remove()
      }
    },
    async killAt(folder, probe, nth = 1) {
      const end = await folder.run({ env: { SHEAF_DIE_AT: `${probe}#${nth}` } })
      expect(end.signal, `the process should be killed at ${probe}#${nth}\n${end.stderr}`).toBe('SIGKILL')
    },
    async recover(folder, { again } = { again: true }) {
      const end = await folder.run()
      expectAllDone(end, wanted)
      const [found] = linesOf(end, 'reconcile')
      expect(end.stderr).toContain(`Recovered ${found?.stale_leases ?? 'no'} stale leases`)
      expect(found).toMatchObject({ unknown_files: 0, requeued: 0 })
      const kept = await expectPromisesKept(folder, wanted)
      if (again) await expectNothingToDo(folder, wanted, kept)
    },
    async runWithoutKill(folder) {
      expectAllDone(await folder.run(), wanted)
      await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
    }
  }
}
