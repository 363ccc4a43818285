/**
 * Kills where a previous ledger exists, kills twice in a row, and kills during recovery. The same promises
 * hold as after a single kill.
 */
import { describe, test } from 'vitest'
import { PROBES, type ProbeName } from '../../src/main/platform/probes'
import { useProbeWorld } from './probe-world'

const { world, inFolder, killAt: dieAt, recover } = useProbeWorld()

/** The same instants when there is a snapshot to replace and a journal that continues it. */
describe.each(PROBES.filter((probe) => /^(SNAPSHOT|JOURNAL|LOCK|CLOSE)/.test(probe)))(
  'with an existing ledger, killed at %s',
  (probe) => {
    test('twice: the next run completes and every promise holds', () =>
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

/** Recovery is killed too, and the recovery from that. */
describe.each<readonly ProbeName[]>([
  ['STREAM: part written', 'LOCK: taken', 'RECONCILE: half way', 'STREAM: part written'],
  ['FINALIZE: object renamed', 'RECONCILE: half way', 'FINALIZE: paper linked'],
  ['FINALIZE: paper linked', 'JOURNAL: written, not synced', 'INDEX: manifest appended'],
  ['FINALIZE: recorded', 'INDEX: manifest appended', 'INDEX: recorded', 'DEDUPE: recorded'],
  ['QUARANTINE: moved', 'QUARANTINE: moved', 'STREAM: part complete'],
  ['CLOSE: engine stopped', 'SNAPSHOT: previous kept', 'SNAPSHOT: temporary written', 'SNAPSHOT: renamed']
])('killed at %s, %s, %s …', (...deaths) => {
  test('one kill per run: the next run completes and every promise holds', () =>
    inFolder(async (folder) => {
      for (const probe of deaths) await dieAt(folder, probe)
      await recover(folder)
    }))
})
