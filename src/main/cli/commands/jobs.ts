/** `sheaf jobs`: the jobs, filtered; `sheaf ops`: one job's history. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { counted } from '../../../contract/counted'
import { STATES } from '../../../contract/words'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withReader, type Stage } from '../stage'
import { columns, instantInWords, STATE_WORDS } from '../wording'
import type { SqlRow } from '../../ledger/ledger'
import type { HistoryEntry } from '../../sheaf-door'
import type { SheafReader } from '../../sheaf-reading'

/** Rows asked for at a time: a long list is never held whole, and nothing else waits long. */
const PAGE = 500
/** What a person can look at; --limit says otherwise. */
const FOR_PEOPLE = 200

export function jobs(stage: Stage, request: RequestOf<'jobs'>): Promise<ExitStatus> {
  return withReader(stage, async (sheaf) => {
    const limit = request.filter.limit ?? (stage.lines ? Number.MAX_SAFE_INTEGER : FOR_PEOPLE)
    if (stage.lines) await jsonRows(stage, sheaf, request, limit)
    else {
      const rows = sheaf.jobs({ ...request.filter, limit })
      if (rows.length === 0) tell(stage, 'No jobs.')
      else print(stage, columns(rows.map(jobRow)))
      if (rows.length === limit)
        tell(stage, `The first ${counted(limit, 'job')}; --limit and --offset show others.`)
    }
    return EXIT.done
  })
}

async function jsonRows(
  stage: Stage,
  sheaf: SheafReader,
  request: RequestOf<'jobs'>,
  limit: number
): Promise<void> {
  let filter = request.filter
  for (let sent = 0; sent < limit && !stage.signal.aborted && !stage.out.isBroken; sent += PAGE) {
    const page = Math.min(PAGE, limit - sent)
    const rows = sheaf.jobs({ ...filter, limit: page })
    for (const row of rows) stage.lines?.write({ ...row, type: 'job' })
    await stage.out.drained()
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

export function ops(stage: Stage, request: RequestOf<'ops'>): Promise<ExitStatus> {
  return withReader(stage, async (sheaf) => {
    const jobId = sheaf.jobNamed(request.jobId)
    const rows = sheaf.ops(jobId)
    if (stage.lines && !request.events) for (const row of rows) stage.lines.write({ ...row, type: 'op' })
    else {
      const history = sheaf.history(jobId)
      for (const entry of history)
        stage.lines?.write({ ...entry.row, type: entry.kind, sentence: entry.sentence })
      if (history.length > 0) print(stage, columns(history.map(historyRow)))
      else tell(stage, 'Nothing has happened to this job yet.')
    }
    await stage.out.drained()
    return EXIT.done
  })
}

function historyRow(entry: HistoryEntry): string[] {
  return [instantInWords(entry.at), entry.sentence]
}
