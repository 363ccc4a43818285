/** `sheaf telemetry export`: attempts and the nine events, from the ledger. */
import { resolve } from 'node:path'
import { counted } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import { inChunks } from '../../platform/chunks'
import { codeOrMessage } from '../../platform/files'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { tell, withReader, type CommandContext } from '../command-context'
import { printPieces, put } from './exchange'

export function telemetry(context: CommandContext, request: RequestOf<'telemetry'>): Promise<ExitStatus> {
  if (context.lines !== null && request.output === null && request.format !== 'jsonl')
    fail(
      'BAD_OPTION',
      `--json leaves standard output to JSON Lines; give --output FILE for ${request.format}.`
    )
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
    const path = resolve(request.output)
    try {
      await put(context.host.files, path, inChunks(pieces))
    } catch (error) {
      const because = codeOrMessage(error)
      fail('FOLDER_UNUSABLE', `${path} (--output) cannot be written: ${because}.`, { cause: error })
    }
    context.lines?.write({ type: 'exported', format: request.format, path, entries: events })
    tell(context, `${path}: ${counted(events, 'event')}.`)
    return EXIT.done
  })
}
