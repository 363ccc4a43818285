/** Is there a ledger, is it sound, does another process hold it? A missing one is not created. */
import { counted } from '../../../contract/counted'
import { isSheafError } from '../../../contract/errors'
import { countArtifacts } from '../../ledger/artifacts'
import { countByState } from '../../ledger/job-lists'
import { openLedger } from '../../ledger/open-ledger'
import { errorDataOf, EXIT, exitStatusOf, type ExitStatus } from '../exit-status'
import type { CommandContext } from '../command-context'
import type { Check } from './doctor-checks'

export interface LedgerChecks {
  readonly checks: readonly Check[]
  readonly status: ExitStatus
}

export async function checkLedger(context: CommandContext): Promise<LedgerChecks> {
  const { files } = context.host
  const names = await files.list(context.dataDir).catch(() => [])
  if (!names.some(({ name }) => name === 'ledger.sqlite' || /^journal-.*\.log$/.test(name))) {
    const found = 'none yet; it is made at the first start'
    return { checks: [{ name: 'ledger', verdict: 'ok', found }], status: EXIT.done }
  }
  try {
    const ledger = await openLedger(context.host, { folder: context.dataDir })
    try {
      const jobs = Object.values(ledger.read(countByState)).reduce((sum, n) => sum + n, 0)
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
