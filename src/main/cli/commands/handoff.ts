/** `sheaf handoff`: the papers that need the user, and the download folder from which they are attached. */
import { resolve } from 'node:path'
import { counted } from '../../../contract/counted'
import { ERRORS } from '../../../contract/errors'
import type { HandOffPage, HandOffRow } from '../../../contract/handoff'
import type { CaughtFile } from '../../sheaf-api'
import type { SheafReader } from '../../sheaf-reading'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { assertRemembers, print, tell, withReader, withSheaf, type CommandContext } from '../command-context'
import { reasonInWords } from '../progress'
import { isErrorCode } from '../../../contract/reason-words'

/** Rows read at a time. */
const PAGE = 500

export function handOff(context: CommandContext, request: RequestOf<'handoff'>): Promise<ExitStatus> {
  const { watch } = request
  if (watch === null)
    return withReader(context, (sheaf) => {
      list(context, request, sheaf)
      return Promise.resolve(EXIT.done)
    })
  return withSheaf(context, async ({ sheaf }) => {
    assertRemembers(sheaf, '--watch attaches papers that are remembered')
    // First reconciles what an interrupted watch left.
    await sheaf.reconcile({ verifyHashes: false, quick: true, why: 'start' }, context.signal)
    list(context, request, sheaf)
    const counts = { attached: 0, asked: 0, other: 0 }
    const folder = resolve(watch)
    await sheaf.handOff.watch(folder, {
      signal: context.signal,
      once: request.once,
      onFolder: (isThere) => {
        tell(context, isThere ? `Watching ${folder}.` : `${folder} is not there; waiting for it.`)
      },
      tell(file) {
        counts[file.outcome] += 1
        context.lines?.write({ type: 'caught', ...file })
        if (file.outcome !== 'other') print(context, wordsOf(file))
      }
    })
    context.lines?.write({ type: 'summary', ...counts })
    tell(context, `${counted(counts.attached, 'paper')} attached, ${String(counts.asked)} not sure.`)
    return context.signal.aborted ? EXIT.interrupted : EXIT.done
  })
}

function wordsOf(file: CaughtFile): string {
  if (file.outcome === 'attached') return `attached   ${file.file}\n           ${file.path ?? ''}`
  const job = file.job_id ?? ''
  return `not sure   ${file.file}\n           ${file.because}\n           If it is the paper: sheaf attach ${job} ${quoted(file.file)}`
}

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : JSON.stringify(path))

function list(context: CommandContext, request: RequestOf<'handoff'>, sheaf: SheafReader): void {
  const most = request.limit ?? Number.MAX_SAFE_INTEGER
  let shown = 0
  const next = (): HandOffPage =>
    sheaf.handOffList({
      ...(request.list === null ? {} : { list: request.list }),
      offset: request.offset + shown,
      limit: Math.min(PAGE, most - shown)
    })
  let page = next()
  const { total } = page
  while (page.rows.length > 0) {
    for (const row of page.rows) say(context, row)
    shown += page.rows.length
    if (shown >= most) break
    page = next()
  }
  if (request.watch !== null) return
  context.lines?.write({ type: 'summary', waiting: total, shown })
  tell(
    context,
    total === 0
      ? 'No paper needs you.'
      : `${counted(total, 'paper')} ${total === 1 ? 'needs' : 'need'} you. Open a page, save the PDF, and sheaf handoff --watch DIR attaches it.`
  )
}

function say(context: CommandContext, row: HandOffRow): void {
  const hint = isErrorCode(row.reason) ? ERRORS[row.reason].hint : ''
  context.lines?.write({
    type: 'handoff',
    job_id: row.jobId,
    work_id: row.workId,
    title: row.title,
    authors: row.authors,
    year: row.year,
    identifier: row.identifier,
    url: row.url,
    reason: row.reason,
    hint,
    since: row.since,
    ...(row.question === null ? {} : { question: row.question })
  })
  const lines = [
    row.title ?? row.identifier,
    row.url,
    ...(row.reason === null ? [] : [`${reasonInWords(row.reason)} ${hint}`]),
    ...(row.question === null ? [] : [`Perhaps ${row.question.name}: ${row.question.because}`])
  ]
  print(context, `${lines.map((line, n) => (n === 0 ? line : `  ${line}`)).join('\n')}\n`)
}
