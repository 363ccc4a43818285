/** `sheaf library rename`: renames existing papers to the naming template. One line per paper. */
import { counted, grouped } from '../../../contract/counted'
import { ERRORS } from '../../../contract/errors'
import {
  RENAME_RESULTS,
  type KeptBecause,
  type RenamedLine,
  type RenameResult
} from '../../../contract/lines'
import type { Renamed, Sheaf } from '../../sheaf-api'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, showProgress, tell, withSheaf, type CommandContext } from '../command-context'
import { readReported, tellNotHere, worksOf, type NamedWork } from '../read-selected'
import { columns } from '../wording'
import { isErrorCode } from '../../../contract/reason-words'

type Request = RequestOf<'library'>
type Counts = Record<RenameResult, number>

export async function library(context: CommandContext, request: Request): Promise<ExitStatus> {
  const { drafts, problems } = await readReported(context, request.selectors)
  return withSheaf(context, async ({ sheaf }) => {
    const named = request.selectors.given.length === 0 ? null : worksOf(sheaf, drafts)
    const missing = (named ?? []).filter((work) => !work.isHere).map(({ workId }) => workId)
    const counts: Counts = { renamed: 0, would_rename: 0, unchanged: 0, kept: 0, failed: 0 }
    await sheaf.renamePapers(
      { workIds: wanted(sheaf, request.list, named), dryRun: request.dryRun },
      {
        signal: context.signal,
        tell(paper) {
          counts[paper.result] += 1
          context.lines?.write({ ...lineOf(paper) })
          if (paper.result !== 'unchanged') print(context, columns([rowOf(paper)]))
        },
        onProgress(done, total) {
          showProgress(context, `Looked at ${grouped(done)} of ${counted(total, 'paper')}`)
        }
      }
    )
    showProgress(context, null)
    tellNotHere(context, missing)
    context.lines?.write({ type: 'summary', ...counts, not_here: missing.length })
    tell(context, summary(counts))
    if (context.signal.aborted) return EXIT.interrupted
    const left = counts.kept + counts.failed + missing.length + problems.filter((one) => !one.planned).length
    return left > 0 ? EXIT.someFailed : EXIT.done
  })
}

/** Works of a list, of the selectors, or of both; null: all. */
function wanted(
  sheaf: Sheaf,
  list: string | null,
  named: readonly NamedWork[] | null
): ReadonlySet<string> | null {
  if (list === null) return named === null ? null : new Set(named.map(({ workId }) => workId))
  const listed = new Set<string>()
  for (const { artifact } of sheaf.library(list)) listed.add(artifact.workId)
  return named === null
    ? listed
    : new Set(named.map(({ workId }) => workId).filter((workId) => listed.has(workId)))
}

const lineOf = ({ workId, jobId, from, to, result, because }: Renamed): RenamedLine => ({
  type: 'renamed',
  work_id: workId,
  job_id: jobId,
  from,
  to,
  result,
  ...(because === undefined ? {} : { because })
})

const KEPT: Readonly<Record<KeptBecause, string>> = {
  CHANGED_FILE: 'another file than the stored one has this name; it is left alone',
  NO_FILE: 'its stored file is missing or damaged: sheaf reconcile',
  IN_WORK: 'it is being worked on',
  NOT_RECORDED: 'it was fetched without being remembered: turn crash-safe downloads on, then sheaf reconcile'
}

function rowOf({ from, to, workId, result, because }: Renamed): string[] {
  const name = short(from) ?? workId
  if (result === 'kept') return ['kept', name, isKept(because) ? KEPT[because] : '']
  if (result === 'failed') return ['failed', name, isErrorCode(because) ? ERRORS[because].sentence : '']
  return [result === 'renamed' ? 'renamed' : 'would be', name, short(to) ?? '']
}

const short = (path: string | null): string | null => path?.replace(/^papers\//, '') ?? null
const isKept = (because: string | undefined): because is KeptBecause =>
  because !== undefined && Object.hasOwn(KEPT, because)

const WORDS: Readonly<Record<RenameResult, string>> = {
  renamed: 'renamed',
  would_rename: 'would be renamed',
  unchanged: 'named by the template already',
  kept: 'left as it is',
  failed: 'failed'
}

function summary(counts: Counts): string {
  const parts = RENAME_RESULTS.filter((result) => counts[result] > 0).map(
    (result) => `${String(counts[result])} ${WORDS[result]}`
  )
  const next =
    counts.renamed > 0
      ? '\nLinks to the former names: write those of a .bib file again with sheaf bib link.'
      : ''
  return parts.length === 0 ? 'No papers are here.' : `${parts.join(', ')}.${next}`
}
