/** `sheaf rebuild`: the ledger anew from the library that is there; fetches nothing, changes no paper. */
import { counted } from '../../../contract/counted'
import { EXIT, type ExitStatus } from '../exit-status'
import { print, tell, withSheaf, type Stage } from '../stage'

export function rebuild(stage: Stage): Promise<ExitStatus> {
  return withSheaf(stage, async ({ sheaf, loaded }) => {
    const showProgress = stage.lines === null && !stage.invocation.quiet && stage.screen.isLive
    const found = await sheaf.rebuild(
      {
        onProgress: (done, total) => {
          if (showProgress) stage.screen.show([`Hashed ${String(done)} of ${counted(total, 'file')}`])
        }
      },
      stage.signal
    )
    stage.screen.show([])
    stage.lines?.write({
      type: 'rebuilt',
      works: found.works,
      jobs: found.jobs,
      artifacts: found.artifacts,
      problems: found.problems,
      adopted: found.adopted.length,
      expected: found.expected
    })
    print(
      stage,
      `The ledger knows ${counted(found.works, 'work')}, ${counted(found.jobs, 'job')} and ${counted(found.artifacts, 'file')} of this library; ${String(found.adopted.length)} of the files are new to it.`
    )
    for (const problem of found.problems) stage.screen.say(`Problem: ${problem}`)
    if (found.expected.length > 0) {
      tell(
        stage,
        `sheaf run fetches ${counted(found.expected.length, 'missing file')} again, if its bytes are the same.`
      )
    }
    if (loaded.settings['safety.switch'] === 'off') {
      tell(stage, 'Crash-safe downloads are off; --enable-idempotency makes the next run use this ledger.')
    }
    return found.problems.length > 0 ? EXIT.someFailed : EXIT.done
  })
}
