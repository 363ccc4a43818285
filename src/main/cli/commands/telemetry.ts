/** `sheaf telemetry export`: attempts and the nine events, from the ledger. */
import { counted } from '../../../contract/counted'
import { inChunks } from '../../platform/chunks'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { tell, withReader, type CommandContext } from '../command-context'
import { assertOutput, printPieces, writeOutput } from '../output-file'

export function telemetry(context: CommandContext, request: RequestOf<'telemetry'>): Promise<ExitStatus> {
  assertOutput(context, request, 'jsonl')
  if (request.format === 'prometheus' && request.sinceSeconds !== null)
    context.host.log.warn('--since does not apply to prometheus: counters count from the beginning.')
  return withReader(context, async (sheaf) => {
    const now = context.host.clock.now()
    const { pieces, events } = sheaf.telemetry({
      format: request.format,
      since: request.sinceSeconds === null ? 0 : now - request.sinceSeconds,
      withUrls: request.withUrls
    })
    if (request.output === null) {
      await printPieces(context, inChunks(pieces))
      return EXIT.done
    }
    const path = await writeOutput(context, request.output, inChunks(pieces))
    context.lines?.write({ type: 'exported', format: request.format, path, entries: events })
    tell(context, `${path}: ${counted(events, 'event')}.`)
    return EXIT.done
  })
}
