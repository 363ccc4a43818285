/**
 * The queue for the screens: recorded and unrecorded jobs as one list with one count. Read-only.
 */
import { fail } from '../../contract/errors'
import type { CheckedInputOf, JobQuery, WhichJobs } from '../../contract/requests'
import type { JobPage, JobView, QueueCounts, ReasonCount } from '../../contract/views'
import { jobView } from './job-view'
import type { HandlerDeps } from './handler-deps'
import { hintOfReason, sentenceOfReason } from '../../contract/reason-words'
import { textIn } from '../../contract/unknown-values'
import { type Row } from './rows'

export async function queuePage(parts: HandlerDeps, asked: CheckedInputOf<'jobs.list'>): Promise<JobPage> {
  const { total, rows } = await parts.session.sheaf.queuePage(asked)
  return {
    total,
    offset: asked.offset,
    rows: await Promise.all(rows.map((row) => viewOfRow(parts, row))),
    revision: parts.revision('jobs')
  }
}

export async function queueCounts(
  parts: HandlerDeps,
  among: CheckedInputOf<'jobs.counts'>
): Promise<QueueCounts> {
  const counts = await parts.session.sheaf.queueCounts(among)
  const { all, waiting, active, attention, done, ignored, byReason } = counts
  return {
    all,
    waiting,
    active,
    attention,
    done,
    ignored,
    byReason: byReason.map(reasonCount),
    revision: parts.revision('jobs')
  }
}

/** A reason and its jobs, with its words. */
export function reasonCount({ reason, count }: Pick<ReasonCount, 'reason' | 'count'>): ReasonCount {
  return { reason, count, sentence: sentenceOfReason(reason), hint: hintOfReason(reason) }
}

/** One job, recorded or not; NO_SUCH_JOB. */
export function findJob(parts: HandlerDeps, jobId: string): Promise<JobView> {
  return viewOfRow(parts, rowOf(parts, jobId))
}

export function rowOf({ session }: HandlerDeps, jobId: string): Row {
  const row = session.sheaf.jobRow(jobId)
  return row ?? fail('NO_SUCH_JOB', 'There is no such job.', { hint: 'Look at the queue.' })
}

/** The selected jobs, by id or by filter; NO_SUCH_JOB when an id does not exist. */
export async function chosenJobs(parts: HandlerDeps, which: WhichJobs): Promise<readonly string[]> {
  if ('query' in which) return parts.session.sheaf.queueIds(which.query)
  const jobIds = [...new Set(which.jobIds)]
  for (const jobId of jobIds) rowOf(parts, jobId)
  return jobIds
}

const AT_ONCE = 500

/** Their rows, a page at a time; for a filter in the queue's order. */
export async function* eachJob(parts: HandlerDeps, which: WhichJobs): AsyncIterable<readonly JobView[]> {
  if ('jobIds' in which) {
    for (const jobId of which.jobIds) yield [await findJob(parts, jobId)]
    return
  }
  for (let offset = 0; ; offset += AT_ONCE) {
    const page = await queuePage(parts, inOrder(which.query, offset))
    if (page.rows.length > 0) yield page.rows
    if (offset + AT_ONCE >= page.total) return
  }
}

function inOrder(query: JobQuery, offset: number): CheckedInputOf<'jobs.list'> {
  return { query, sort: 'added', direction: 'up', offset, limit: AT_ONCE }
}

/** Only a started job without a worker can have partial bytes worth a disk access. */
const MAY_HAVE_PART: readonly string[] = ['LEASED', 'HEAD_DONE', 'RESUME_OK', 'STREAMING', 'FAILED']

export async function viewOfRow(parts: HandlerDeps, row: Row): Promise<JobView> {
  const jobId = textIn(row, 'job_id') ?? ''
  const live = parts.session.run.live(jobId)
  const quiet = live === null && MAY_HAVE_PART.includes(textIn(row, 'state') ?? '')
  return jobView(row, {
    live,
    part: quiet && mayResume(row) ? await parts.session.sheaf.part(jobId) : null
  })
}

/** The bytes of a job that failed for good are not continued. */
function mayResume(row: Row): boolean {
  return textIn(row, 'state') !== 'FAILED' || row['next_attempt_at'] !== null
}
