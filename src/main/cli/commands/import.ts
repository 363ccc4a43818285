/**
 * `sheaf import`: imports existing PDFs. One line per file; the exit status is 3 when a file was not filed.
 */
import { resolve } from 'node:path'
import { countEach, counted, totalOf } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import type { WorkDraft } from '../../../contract/work'
import type { Imported } from '../../sheaf-api'
import { recognise } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, showProgress, tell, withSheaf, type CommandContext } from '../command-context'
import { columns } from '../wording'

type Counts = Record<Imported['outcome'], number>

export function importPapers(context: CommandContext, request: RequestOf<'import'>): Promise<ExitStatus> {
  const as = request.as === null ? null : workNamed(request.as)
  return withSheaf(context, async ({ sheaf }) => {
    const counts: Counts = { filed: 0, duplicate: 0, existing: 0, unsure: 0, refused: 0 }
    const reasons: string[] = []
    const began = context.host.clock.monotonicMs()
    await sheaf.importFiles(
      {
        paths: request.paths.map((path) => resolve(path)),
        accept: request.accept,
        lookUp: request.lookUp,
        ...(as === null ? {} : { as })
      },
      {
        signal: context.signal,
        tell(file) {
          counts[file.outcome] += 1
          const reason =
            file.outcome === 'unsure' ? 'UNSURE' : file.outcome === 'refused' ? file.reason : undefined
          if (reason !== undefined) reasons.push(reason)
          context.lines?.write({ type: 'imported', ...file })
          print(context, columns([[WORDS[file.outcome], file.file, file.path ?? wordsFor(file)]]))
          showProgress(context, `${counted(totalOf(counts), 'file')}: ${String(counts.filed)} filed`)
        }
      }
    )
    showProgress(context, null)
    const files = totalOf(counts)
    const elapsed = Math.round(context.host.clock.monotonicMs() - began)
    context.lines?.write({
      type: 'summary',
      files,
      ...counts,
      ...asRun(counts, countEach(reasons)),
      elapsed_ms: elapsed
    })
    tell(context, summary(counts))
    if (context.signal.aborted) return EXIT.interrupted
    return counts.unsure + counts.refused > 0 ? EXIT.someFailed : EXIT.done
  })
}

/** The summary fields shared by all commands. */
const asRun = (counts: Counts, byReason: Readonly<Record<string, number>>): object => ({
  planned: 0,
  done: counts.filed,
  duplicates: counts.duplicate,
  failed: counts.unsure + counts.refused,
  replays: 0,
  bytes_fetched: 0,
  bytes_resumed: 0,
  by_reason: byReason,
  by_source: counts.filed === 0 ? {} : { manual: counts.filed }
})

const WORDS: Readonly<Record<Imported['outcome'], string>> = {
  filed: 'filed',
  duplicate: 'duplicate',
  existing: 'in library',
  unsure: 'unsure',
  refused: 'refused'
}

function wordsFor(file: Imported): string {
  const { proposal } = file
  if (proposal === undefined) return file.because
  const name = proposal.doi ?? proposal.arxiv ?? proposal.pmcid ?? proposal.work_id ?? ''
  const title = proposal.title === undefined ? '' : ` “${proposal.title}”`
  return `perhaps ${name}${title}: ${file.because}`
}

function summary(counts: Counts): string {
  const parts = [
    `${counted(counts.filed + counts.duplicate, 'file')} filed`,
    ...(counts.existing > 0 ? [`${String(counts.existing)} in the library already`] : []),
    ...(counts.unsure > 0 ? [`${String(counts.unsure)} not sure`] : []),
    ...(counts.refused > 0 ? [`${String(counts.refused)} refused`] : [])
  ]
  const next =
    counts.unsure > 0
      ? '\nsheaf import --accept FILE files one under the work proposed for it, --as ID under another.'
      : ''
  return `${parts.join(', ')}.${next}`
}

function workNamed(text: string): WorkDraft {
  const read = recognise(text)
  if (read.kind === 'refused') return fail('BAD_OPTION', `--as cannot be “${text}”. ${read.because}`)
  const { ids, namedBy } = read
  return { ids, facts: {}, origin: { name: '--as' }, ...(namedBy === undefined ? {} : { namedBy }) }
}
