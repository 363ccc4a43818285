/** `sheaf report`: the retrieval report of a list, or of everything, as a file or on standard output. */
import { writeReport } from '../../insights/report/write-report'
import type { RetrievalReport } from '../../sheaf-api'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { tell, withReader, type CommandContext } from '../command-context'
import { assertOutput, writeOutput } from '../output-file'

export async function report(context: CommandContext, request: RequestOf<'report'>): Promise<ExitStatus> {
  const { format, output } = request
  assertOutput(context, request, 'json')
  return withReader(context, async (sheaf) => {
    const facts = sheaf.report(request.list)
    if (output === null) {
      if (context.lines !== null) context.lines.write({ type: 'report', ...facts })
      else context.out.write(writeReport(facts, format))
      await context.out.drained()
      return EXIT.done
    }
    const path = await writeOutput(context, output, Buffer.from(writeReport(facts, format)))
    context.lines?.write({ type: 'reported', format, path, ...numbersOf(facts) })
    tell(
      context,
      `${path}: ${String(facts.sought)} sought, ${String(facts.retrieved)} retrieved, ${String(facts.not_retrieved)} not.`
    )
    return EXIT.done
  })
}

function numbersOf(facts: RetrievalReport): object {
  const { list, sought, retrieved, not_retrieved, duplicates } = facts
  return { list, sought, retrieved, not_retrieved, duplicates }
}
