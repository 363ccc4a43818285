/** `sheaf rebuild`: rebuilds the ledger from the existing library; fetches nothing, changes no paper. */
import { counted, grouped } from '../../../contract/counted'
import { EXIT, type ExitStatus } from '../exit-status'
import { print, showProgress, tell, withSheaf, type CommandContext } from '../command-context'

export function rebuild(context: CommandContext): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf, loaded }) => {
    const found = await sheaf.rebuild(
      {
        onProgress: (done, total) => {
          showProgress(context, `Hashed ${grouped(done)} of ${counted(total, 'file')}`)
        }
      },
      context.signal
    )
    showProgress(context, null)
    context.lines?.write({
      type: 'rebuilt',
      works: found.works,
      jobs: found.jobs,
      artifacts: found.artifacts,
      problems: found.problems,
      adopted: found.adopted.length,
      expected: found.expected
    })
    print(
      context,
      `The ledger knows ${counted(found.works, 'work')}, ${counted(found.jobs, 'job')} and ${counted(found.artifacts, 'file')} of this library; ${String(found.adopted.length)} of the files are new to it.`
    )
    for (const problem of found.problems) context.screen.say(`Problem: ${problem}`)
    if (found.expected.length > 0) {
      tell(
        context,
        `sheaf run fetches ${counted(found.expected.length, 'missing file')} again, if its bytes are the same.`
      )
    }
    if (loaded.settings['safety.switch'] === 'off') {
      tell(context, 'Crash-safe downloads are off; --enable-idempotency makes the next run use this ledger.')
    }
    return found.problems.length > 0 ? EXIT.someFailed : EXIT.done
  })
}
