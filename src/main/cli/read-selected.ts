/**
 * Reads the works selected by a command. Separate from the context, so that only these commands load the
 * reference readers.
 */
import type { CommandContext } from './command-context'
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
