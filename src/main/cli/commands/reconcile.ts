/** `sheaf reconcile`: reconciles ledger and disk, and reports what it did. */
import { counted, grouped, someOf } from '../../../contract/counted'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, showProgress, withSheaf, type CommandContext } from '../command-context'
import { capital } from '../wording'
import { reconcileInWords } from './status'

/** Maximum number of ids or paths in a line for people. */
const MOST_IDS = 20

export function reconcile(context: CommandContext, request: RequestOf<'reconcile'>): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf }) => {
    const found = await sheaf.reconcile(
      {
        verifyHashes: request.verifyHashes,
        why: 'asked for on the command line',
        onProgress(done, total) {
          showProgress(context, `Checked ${grouped(done)} of ${counted(total, 'file')}`)
        }
      },
      context.signal
    )
    showProgress(context, null)
    context.lines?.write(found)
    print(context, `${capital(reconcileInWords(found))}.`)
    for (const [what, ids] of Object.entries(found.ids ?? {})) {
      if (ids.length > 0) print(context, `  ${what.replaceAll('_', ' ')}: ${namesIn(ids)}`)
    }
    return context.signal.aborted ? EXIT.interrupted : EXIT.done
  })
}

/** Under another library folder all papers are unknown files: the line stays readable. */
function namesIn(ids: readonly string[]): string {
  return `${someOf(ids, MOST_IDS)}${ids.length > MOST_IDS ? ' (--json names all)' : ''}`
}
