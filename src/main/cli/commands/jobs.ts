/** `sheaf jobs`: the jobs, filtered; `sheaf ops`: one job's history. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { counted } from '../../../contract/counted'
import { STATES } from '../../../contract/words'
import { EXIT, type ExitStatus } from '../exit-status'
import { entryInWords } from '../history-text'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, type CommandContext } from '../command-context'
import { columns, instantInWords, STATE_WORDS } from '../wording'
import type { SqlRow } from '../../ledger/ledger'
import type { HistoryEntry } from '../../sheaf-api'
import type { SheafReader } from '../../sheaf-reading'

/** Rows read at a time: a long list is never in memory as a whole, and other work runs in between. */
const PAGE = 500
/** A readable number of rows; --limit overrides it. */
const FOR_PEOPLE = 200

export function jobs(context: CommandContext, request: RequestOf<'jobs'>): Promise<ExitStatus> {
  return withReader(context, async (sheaf) => {
    const limit = request.filter.limit ?? (context.lines ? Number.MAX_SAFE_INTEGER : FOR_PEOPLE)
    if (context.lines) await jsonRows(context, sheaf, request, limit)
    else {
      const rows = sheaf.jobs({ ...request.filter, limit })
      if (rows.length === 0) tell(context, 'No jobs.')
      else print(context, columns(rows.map(jobRow)))
      if (rows.length === limit)
        tell(context, `The first ${counted(limit, 'job')}; --limit and --offset show others.`)
    }
    return EXIT.done
  })
}

async function jsonRows(
  context: CommandContext,
  sheaf: SheafReader,
  request: RequestOf<'jobs'>,
  limit: number
): Promise<void> {
  let filter = request.filter
  for (let sent = 0; sent < limit && !context.signal.aborted && !context.out.isBroken; sent += PAGE) {
    const page = Math.min(PAGE, limit - sent)
    const rows = sheaf.jobs({ ...filter, limit: page })
    for (const row of rows) context.lines?.write({ ...row, type: 'job' })
    await context.out.drained()
    const last = rows.at(-1)?.['job_id']
    if (rows.length < page || typeof last !== 'string') return
    filter = { ...filter, offset: 0, after: last }
    await yieldToEventLoop()
  }
}

function jobRow(row: SqlRow): string[] {
  const text = (key: string): string => (row[key] === null || row[key] === undefined ? '' : String(row[key]))
  const state = STATES.find((one) => one === row['state'])
  return [
    text('job_id'),
    state === undefined ? text('state') : STATE_WORDS[state],
    text('reason'),
    text('title') || text('canonical_url')
  ]
}

export function ops(context: CommandContext, request: RequestOf<'ops'>): Promise<ExitStatus> {
  return withReader(context, async (sheaf) => {
    const jobId = sheaf.jobNamed(request.jobId)
    const rows = sheaf.ops(jobId)
    if (context.lines && !request.events) for (const row of rows) context.lines.write({ ...row, type: 'op' })
    else {
      const history = sheaf.history(jobId)
      for (const entry of history)
        context.lines?.write({ ...entry.row, type: entry.kind, sentence: entryInWords(entry) })
      if (history.length > 0) print(context, columns(history.map(historyRow)))
      else tell(context, 'Nothing has happened to this job yet.')
    }
    await context.out.drained()
    return EXIT.done
  })
}

function historyRow(entry: HistoryEntry): string[] {
  return [instantInWords(entry.at), entryInWords(entry)]
}
