/**
 * Dies where there is a ledger from before, twice over, and while it is being rescued: after each of
 * these stories the same promises hold as after a single death.
 */
import { describe, test } from 'vitest'
import { PROBES, type ProbeName } from '../../src/main/platform/probes'
import { useProbeWorld } from './probe-world'

const { world, inFolder, dieAt, recover } = useProbeWorld()

/** The same instants when there is a snapshot to be replaced, and a journal that goes on from it. */
describe.each(PROBES.filter((probe) => /^(SNAPSHOT|JOURNAL|LOCK|CLOSE)/.test(probe)))(
  'with a ledger from before, dies at %s',
  (probe) => {
    test('and twice', () =>
      inFolder(async (folder) => {
        await folder.sheaf([
          'plan',
          '--doi',
          world().work('plain').doi ?? '',
          '--json',
          '--enable-idempotency'
        ])
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
