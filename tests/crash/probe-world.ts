/**
 * A small world in which everything happens that a probe stands for, and the story every death in it
 * tells: it dies, the same command is given again, every promise is checked, and a third run finds
 * nothing to do.
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

/** A plain work, a large one, two with the same bytes, one whose first copy is another paper, one without. */
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
  /** a library of its own for one story */
  readonly inFolder: (story: (folder: CrashFolder) => Promise<void>) => Promise<void>
  /** SIGKILL at the `nth` passing of the probe, or the story fails. */
  readonly dieAt: (folder: CrashFolder, probe: ProbeName, nth?: number) => Promise<void>
  /** The same command to its end, and every promise; with `again` (the default) once more, with nothing to do. */
  readonly recover: (folder: CrashFolder, how?: { readonly again: boolean }) => Promise<void>
  /** The same from beginning to end, without a death. */
  readonly live: (folder: CrashFolder) => Promise<void>
}

/** For a whole test file: the web is started before its tests and closed after them. */
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
    async inFolder(story) {
      web.forget()
      const folder = await makeCrashFolder({ world, web })
      try {
        await story(folder)
        expect(web.faults).toEqual([])
      } finally {
        await folder.remove()
      }
    },
    async dieAt(folder, probe, nth = 1) {
      const end = await folder.run({ env: { SHEAF_DIE_AT: `${probe}#${nth}` } })
      expect(end.signal, `it should have died at ${probe}#${nth}\n${end.stderr}`).toBe('SIGKILL')
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
    async live(folder) {
      expectAllDone(await folder.run(), wanted)
      await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
    }
  }
}
