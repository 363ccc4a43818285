/** `sheaf completion`: a script for the shell, on standard output. */
import { COMMANDS } from '../command-table'
import { completionFor } from '../completion'
import { ENGINE_OPTIONS } from '../engine-options'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { COMMON_OPTIONS } from '../options'
import type { CommandContext } from '../command-context'

export async function completion(
  context: CommandContext,
  request: RequestOf<'completion'>
): Promise<ExitStatus> {
  const common = [...COMMON_OPTIONS, ...ENGINE_OPTIONS]
  context.out.write(Buffer.from(completionFor(request.shell, { commands: COMMANDS, common })))
  await context.out.drained()
  return EXIT.done
}
