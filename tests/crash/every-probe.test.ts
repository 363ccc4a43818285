/**
 * Dies at every instant of `PROBES`, one death a story: a real process, a real SIGKILL, then the same
 * command again. After it every promise is checked, and a third run finds nothing to do.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROBES, type ProbeName } from '../../src/main/platform/probes'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { linesOf } from '../kit/run-cli'
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

/** How many deaths at one probe: at its first passing, at its second, and so on. Others: one. */
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

let world: World
let web: Web
let wanted: Wanted

beforeAll(async () => {
  ;({ world, web } = await startWorld(WORKS))
  wanted = { world, ends: ENDS, quarantined: 1 }
})

afterAll(() => web.close())

async function inFolder(story: (folder: CrashFolder) => Promise<void>): Promise<void> {
  web.forget()
  const folder = await makeCrashFolder({ world, web })
  try {
    await story(folder)
    expect(web.faults).toEqual([])
  } finally {
    await folder.remove()
  }
}

async function dieAt(folder: CrashFolder, probe: ProbeName, nth = 1): Promise<void> {
  const end = await folder.run({ env: { SHEAF_DIE_AT: `${probe}#${nth}` } })
  expect(end.signal, `it should have died at ${probe}#${nth}\n${end.stderr}`).toBe('SIGKILL')
}

async function recover(folder: CrashFolder): Promise<void> {
  const end = await folder.run()
  expectAllDone(end, wanted)
  const [found] = linesOf(end, 'reconcile')
  expect(end.stderr).toContain(`Recovered ${found?.stale_leases ?? 'no'} stale leases`)
  expect(found).toMatchObject({ unknown_files: 0, requeued: 0 })
  const kept = await expectPromisesKept(folder, wanted)
  await expectNothingToDo(folder, wanted, kept)
}

test('the world without a death: what the others are compared with', () =>
  inFolder(async (folder) => {
    expectAllDone(await folder.run(), wanted)
    await expectNothingToDo(folder, wanted, await expectPromisesKept(folder, wanted))
  }))

describe.each(PROBES)('dies at %s', (probe) => {
  const passings = Array.from({ length: PASSINGS[probe] ?? 1 }, (_, index) => index + 1)
  test.each(passings)('passing %i', (nth) =>
    inFolder(async (folder) => {
      await dieAt(folder, probe, nth)
      await recover(folder)
    })
  )
})

/** The same instants when there is a snapshot to be replaced, and a journal that goes on from it. */
describe.each(PROBES.filter((probe) => /^(SNAPSHOT|JOURNAL|LOCK|CLOSE)/.test(probe)))(
  'with a ledger from before, dies at %s',
  (probe) => {
    test('and twice', () =>
      inFolder(async (folder) => {
        await folder.sheaf(['plan', '--doi', world.work('plain').doi ?? '', '--json', '--enable-idempotency'])
        await dieAt(folder, probe)
        await dieAt(folder, probe)
        await recover(folder)
      }))
  }
)

/** The rescue is killed too, and the rescue of the rescue. */
describe.each<readonly ProbeName[]>([
  ['STREAM: part written', 'LOCK: taken', 'RECONCILE: half way', 'STREAM: part written'],
  ['FINALIZE: object renamed', 'RECONCILE: half way', 'FINALIZE: paper linked'],
  ['FINALIZE: paper linked', 'JOURNAL: written, not synced', 'INDEX: manifest appended'],
  ['FINALIZE: recorded', 'INDEX: manifest appended', 'INDEX: recorded', 'DEDUPE: recorded'],
  ['QUARANTINE: moved', 'QUARANTINE: moved', 'STREAM: part complete'],
  ['CLOSE: engine stopped', 'SNAPSHOT: previous kept', 'SNAPSHOT: temporary written', 'SNAPSHOT: renamed']
])('dies at %s, %s, %s …', (...deaths) => {
  test('one after another', () =>
    inFolder(async (folder) => {
      for (const probe of deaths) await dieAt(folder, probe)
      await recover(folder)
    }))
})

test('the twins of this world do have the same bytes', () => {
  const twin = world.works.find((work) => work.key === 'twin')
  expect(twin?.copies[0]?.versionBytes(0)).toEqual(world.pdf('plain'))
})
