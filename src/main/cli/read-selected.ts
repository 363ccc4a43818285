/**
 * Reads the works selected by a command. Separate from the context, so that only these commands load the
 * reference readers.
 */
import type { WorkDraft } from '../../contract/work'
import type { SheafReader } from '../sheaf-reading'
import { workIdOf } from '../works/works'
import { report, tell, type CommandContext } from './command-context'
import type { Selectors } from './invocation'
import { readSelectors, type Selection } from './selectors'

/** In the given order; the caller reports unreadable inputs. */
export function readSelected(context: CommandContext, selectors: Selectors): Promise<Selection> {
  return readSelectors(selectors, {
    files: context.host.files,
    clock: context.host.clock,
    signal: context.signal,
    readStandardInput: () => context.readStandardInput(),
    machine: context.machine
  })
}

/** The same, with unreadable inputs reported. */
export async function readReported(context: CommandContext, selectors: Selectors): Promise<Selection> {
  const selection = await readSelected(context, selectors)
  for (const problem of selection.problems) report(context, problem)
  return selection
}

export interface NamedWork {
  readonly workId: string
  readonly isHere: boolean
}

/** The works of these drafts, as the ledger knows them; one that it does not know has the id of its identifiers. */
export function worksOf(sheaf: Pick<SheafReader, 'lookUp'>, drafts: readonly WorkDraft[]): NamedWork[] {
  const known = sheaf.lookUp(drafts)
  return drafts.map(({ ids, namedBy }, at) => {
    const workId = known[at]?.workId
    return { workId: workId ?? workIdOf(ids, namedBy), isHere: workId !== undefined }
  })
}

export function tellNotHere(context: CommandContext, workIds: readonly string[]): void {
  for (const workId of workIds) {
    context.lines?.write({ type: 'not_here', work_id: workId })
    tell(context, `${workId} is not in the library.`)
  }
}
