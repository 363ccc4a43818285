/** Is there a ledger, is it sound, does another process hold it? A missing one is not created. */
import { counted, totalOf } from '../../../contract/counted'
import { isSheafError } from '../../../contract/errors'
import { countArtifacts } from '../../ledger/artifacts'
import { countByState } from '../../ledger/job-lists'
import { holdsLedger } from '../../ledger/snapshots'
import { openLedger } from '../../ledger/open-ledger'
import { errorDataOf, EXIT, exitStatusOf, type ExitStatus } from '../exit-status'
import type { CommandContext } from '../command-context'
import type { Check } from './doctor-checks'

export interface LedgerChecks {
  readonly checks: readonly Check[]
  readonly status: ExitStatus
}

export async function checkLedger(context: CommandContext): Promise<LedgerChecks> {
  if (!(await holdsLedger(context.host.files, context.dataDir).catch(() => false))) {
    const found = 'none yet; it is made at the first start'
    return { checks: [{ name: 'ledger', verdict: 'ok', found }], status: EXIT.done }
  }
  try {
    const ledger = await openLedger(context.host, { folder: context.dataDir })
    try {
      const jobs = totalOf(ledger.read(countByState))
      const { artifacts } = ledger.read(countArtifacts)
      const { damage, tookOverFrom } = ledger.recovery
      const checks: Check[] = []
      if (tookOverFrom !== null) {
        const found = `left behind by process ${tookOverFrom}, which is gone; taken over`
        checks.push({ name: 'lock', verdict: 'ok', found })
      }
      checks.push(
        damage === null
          ? {
              name: 'ledger',
              verdict: 'ok',
              found: `whole: ${counted(jobs, 'job')}, ${counted(artifacts, 'file')}`
            }
          : {
              name: 'ledger',
              verdict: 'fail',
              found: damage.sentence,
              hint: `Everything before the damage is there. Keep ${damage.keptFile}; then sheaf reconcile --verify-hashes.`
            }
      )
      return { checks, status: damage === null ? EXIT.done : EXIT.damaged }
    } finally {
      await ledger.close()
    }
  } catch (error) {
    const { message, hint } = errorDataOf(error)
    const name = isSheafError(error, 'LEDGER_IN_USE') ? 'lock' : 'ledger'
    return { checks: [{ name, verdict: 'fail', found: message, hint }], status: exitStatusOf(error) }
  }
}
