/** `sheaf reconcile`: brings ledger and disk into agreement, and says what it did. */
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, withSheaf, type Stage } from '../stage'
import { reconcileInWords } from './status'

export function reconcile(stage: Stage, request: RequestOf<'reconcile'>): Promise<ExitStatus> {
  return withSheaf(stage, async ({ sheaf }) => {
    const found = await sheaf.reconcile(
      { verifyHashes: request.verifyHashes, why: 'asked for on the command line' },
      stage.signal
    )
    stage.lines?.write(found)
    print(stage, `${capital(reconcileInWords(found))}.`)
    for (const [what, ids] of Object.entries(found.ids ?? {})) {
      if (ids.length > 0) print(stage, `  ${what.replaceAll('_', ' ')}: ${ids.join(', ')}`)
    }
    return stage.signal.aborted ? EXIT.interrupted : EXIT.done
  })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
