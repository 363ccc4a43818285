/**
 * The queue as the screens see it: recorded jobs and unrecorded ones as one list with one
 * count. Asks; changes nothing.
 */
import { fail } from '../../contract/errors'
import type { CheckedInputOf, JobQuery, WhichJobs } from '../../contract/requests'
import type { GroupCounts, JobPage, JobView, QueueCounts } from '../../contract/views'
import { jobView, ephemeralJobView } from './job-view'
import type { HandlerDeps } from './handler-deps'
import { countEphemeral, inQueueOrder, joinPage, ledgerStretch, ephemeralUnder } from './ephemeral-queue'
import { hintOfReason, sentenceOfReason } from '../../contract/reason-words'
import { textIn } from '../../contract/unknown-values'
import { type Row } from './rows'

export async function queuePage(parts: HandlerDeps, asked: CheckedInputOf<'jobs.list'>): Promise<JobPage> {
  const { query, sort, direction, offset, limit } = asked
  const compare = inQueueOrder(sort, direction)
  const plain = [...ephemeralUnder(query, ephemeralViews(parts))].sort(compare)
  const stretch = ledgerStretch(asked, plain.length)
  const { total, rows } = await parts.session.sheaf.queuePage({
    query,
    sort,
    direction,
    // The ledger is asked for a page even when all of it lies before: the total is needed.
    offset: stretch.offset,
    limit: stretch.limit
  })
  const views = await Promise.all(rows.map((row) => viewOfRow(parts, row)))
  return {
    total: total + plain.length,
    offset,
    rows: joinPage({ offset, limit }, { stretch: views, stretchOffset: stretch.offset, plain, compare }),
    revision: parts.revision('jobs')
  }
}

export async function queueCounts(
  parts: HandlerDeps,
  among: CheckedInputOf<'jobs.counts'>
): Promise<QueueCounts> {
  const { byReason, ...ledger } = await parts.session.sheaf.queueCounts(among)
  const plain = countEphemeral(ephemeralUnder({ ...among, group: 'all' }, ephemeralViews(parts)))
  const reasons = new Map(byReason.map(({ reason, count }) => [reason, count]))
  for (const [reason, count] of plain.byReason) reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  return {
    ...sum(ledger, plain.counts),
    byReason: [...reasons]
      .map(([reason, count]) => ({
        reason,
        count,
        sentence: sentenceOfReason(reason),
        hint: hintOfReason(reason)
      }))
      .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
    revision: parts.revision('jobs')
  }
}

function sum(one: GroupCounts, other: GroupCounts): GroupCounts {
  return {
    all: one.all + other.all,
    waiting: one.waiting + other.waiting,
    active: one.active + other.active,
    attention: one.attention + other.attention,
    done: one.done + other.done,
    ignored: one.ignored + other.ignored
  }
}

/** One job, wherever it is known; NO_SUCH_JOB. */
export async function findJob(parts: HandlerDeps, jobId: string): Promise<JobView> {
  const row = parts.session.sheaf.jobRow(jobId)
  if (row !== null) return viewOfRow(parts, row)
  const plain = parts.session.ephemeral.jobs().find((job) => job.jobId === jobId)
  if (plain === undefined) return fail('NO_SUCH_JOB', 'There is no such job.', { hint: 'Look at the queue.' })
  return ephemeralJobView(plain, { live: parts.session.run.live(jobId), part: null })
}

export interface ChosenJobs {
  /** ids that the ledger knows */
  readonly recorded: readonly string[]
  readonly plain: readonly string[]
}

/** The jobs meant, by name or by filter; NO_SUCH_JOB when one that is named is not there. */
export async function chosenJobs(parts: HandlerDeps, which: WhichJobs): Promise<ChosenJobs> {
  const { session } = parts
  if ('query' in which) {
    return {
      recorded: await session.sheaf.queueIds(which.query),
      plain: ephemeralUnder(which.query, ephemeralViews(parts)).map((job) => job.jobId)
    }
  }
  const unremembered = new Set(session.ephemeral.jobs().map((job) => job.jobId))
  const recorded: string[] = []
  const plain: string[] = []
  for (const jobId of new Set(which.jobIds)) {
    if (session.sheaf.jobRow(jobId) !== null) recorded.push(jobId)
    else if (unremembered.has(jobId)) plain.push(jobId)
    else fail('NO_SUCH_JOB', 'There is no such job.', { hint: 'Look at the queue.' })
  }
  return { recorded, plain }
}

const AT_ONCE = 500

/** Their rows, a page at a time; a filter's in the queue's order. */
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

function ephemeralViews(parts: HandlerDeps): readonly JobView[] {
  return parts.session.ephemeral
    .jobs()
    .map((job) => ephemeralJobView(job, { live: parts.session.run.live(job.jobId), part: null }))
}

/** Only a begun job without a worker can have unfinished bytes worth a look at the disk. */
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
