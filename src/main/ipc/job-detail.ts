/**
 * All facts of one job: its row, steps, whole history, candidates, file, and available actions. Facts only:
 * `renderer/text` makes the sentences.
 */
import { hasFailedForGood, isDone } from '../../contract/states'
import type { HistoryContext } from '../../contract/job-history'
import type { FileView } from '../../contract/library-views'
import type { JobActions, JobDetail } from '../../contract/job-views'
import type { JobView } from '../../contract/views'
import { SCHEMES, type Identifiers } from '../../contract/work'
import { candidatesOf } from './candidates'
import { fileView, fileViewOfListed } from './library-views'
import { historyFacts } from './job-history'
import type { HandlerDeps } from './handler-deps'
import { rowOf, viewOfRow } from './queue'
import { objectIn, type Row } from './rows'
import { stepsOf } from './steps'
import { numberIn, textIn } from '../../contract/unknown-values'

/** NO_SUCH_JOB when it is unknown. */
export async function jobDetail(parts: HandlerDeps, jobId: string): Promise<JobDetail> {
  const row = rowOf(parts, jobId)
  const { session, host } = parts
  const job = await viewOfRow(parts, row)
  const entries = job.recorded ? session.sheaf.history(jobId) : []
  const live = session.run.live(jobId)
  const context: HistoryContext = {
    now: host.clock.now(),
    hostname: host.identity.hostname,
    isActive: job.group === 'active',
    live,
    // A worker of a paused job may still be ending, but its bytes are on disk.
    part:
      isDone(job.state) || (job.group === 'active' && live !== null) ? null : await session.sheaf.part(jobId)
  }
  const facts = historyFacts(entries)
  const events = entries.filter((entry) => entry.kind === 'event').map((entry) => entry.row)
  const file = await fileOf(parts, job)
  return {
    job,
    ids: identifiersIn(row),
    steps: stepsOf({ state: job.state, createdAt: job.createdAt, events }),
    history: { ...facts, context },
    candidates: candidatesOf(facts.ops, context.isActive),
    file,
    runId: textIn(row, 'run_id'),
    lease: job.recorded ? leaseOf(row) : null,
    may: actionsOf(job, { hasFile: file !== null, isLeased: textIn(row, 'lease_owner') !== null })
  }
}

/** The paper of an unrecorded job is only in the library file. */
async function fileOf(parts: HandlerDeps, job: JobView): Promise<FileView | null> {
  if (!job.recorded) {
    const listed = isDone(job.state) ? await parts.session.sheaf.catalog.paper(job.artifactId) : null
    return listed === null ? null : fileViewOfListed(listed)
  }
  const artifact = parts.session.sheaf.catalog.artifact(job.artifactId)
  return artifact === null ? null : fileView(artifact)
}

function identifiersIn(row: Row): Identifiers {
  const ids = objectIn(row, 'ids_json')
  return Object.fromEntries(
    SCHEMES.flatMap((scheme) => {
      const value = textIn(ids, scheme)
      return value === null ? [] : [[scheme, value] as const]
    })
  )
}

function leaseOf(row: Row): JobDetail['lease'] {
  const owner = textIn(row, 'lease_owner')
  if (owner === null) return null
  return { owner, until: numberIn(row, 'lease_until') ?? 0, epoch: numberIn(row, 'lease_epoch') ?? 0 }
}

/** The sensible actions now; the engine makes the final decision. Pure. */
export function actionsOf(
  job: JobView,
  about: { readonly hasFile: boolean; readonly isLeased: boolean }
): JobActions {
  const done = isDone(job.state)
  const removed = job.hold === 'removed'
  const goesOn = !done && !removed && !hasFailedForGood(job) && job.hold !== 'ignored'
  return {
    pause: job.recorded && goesOn && job.hold === null,
    resume: job.hold === 'paused',
    cancel: goesOn,
    retry: job.state === 'FAILED' && !removed,
    attach: job.recorded && !done && !removed && !about.isLeased,
    ignore: job.recorded && job.state === 'FAILED' && job.hold === null,
    unignore: job.hold === 'ignored',
    remove: job.recorded && done,
    undoRemove: removed,
    reveal: done && about.hasFile,
    openLanding: /^https?:\/\//i.test(job.canonicalUrl)
  }
}
