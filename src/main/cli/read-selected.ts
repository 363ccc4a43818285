/** The works that a command was asked for. Apart from the context: what reads references is loaded by these commands only. */
import type { CommandContext } from './command-context'
import type { Selectors } from './invocation'
import { readSelectors, type Selection } from './selectors'

/** In the order given; what could not be read is the caller's to report. */
export function readSelected(context: CommandContext, selectors: Selectors): Promise<Selection> {
  return readSelectors(selectors, {
    files: context.host.files,
    clock: context.host.clock,
    signal: context.signal,
    readStandardInput: () => context.readStandardInput(),
    machine: context.machine
  })
}
