/** `sheaf completion`: a script for the shell, on standard output. */
import { COMMANDS } from '../command-table'
import { completionFor } from '../completion'
import { ENGINE_OPTIONS } from '../engine-options'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { COMMON_OPTIONS } from '../options'
import type { Stage } from '../stage'

export async function completion(stage: Stage, request: RequestOf<'completion'>): Promise<ExitStatus> {
  const common = [...COMMON_OPTIONS, ...ENGINE_OPTIONS]
  stage.out.write(Buffer.from(completionFor(request.shell, { commands: COMMANDS, common })))
  await stage.out.drained()
  return EXIT.done
}
