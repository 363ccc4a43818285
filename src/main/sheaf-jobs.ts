/** Single jobs and the user's operations on them; the queue for the app. */
import { cancelJobs, freeJobs, holdJobs, ignoreJobs, retryJobs, unignoreJobs } from './engine/control'
import type { UnrecordedJobs } from './engine/unrecorded-jobs'
import { jobById } from './ledger/jobs'
import { unrecordedRow, type JoinedQueue } from './ledger/joined-queue'
import type { Ledger } from './ledger/ledger'
import { queueRow } from './ledger/queue-queries'
import { workById } from './ledger/works'
import type { SheafJobs, SheafQueue } from './sheaf-api'
import type { Own, SheafParts } from './sheaf-parts'

export function makeJobs({ engine, ledger }: SheafParts): Own<SheafJobs> {
  const { unrecorded } = engine
  const others = async (
    change: (of: Parameters<typeof cancelJobs>[0]) => Promise<number>
  ): Promise<number> => (unrecorded.book === null ? 0 : change({ ...engine, ledger: unrecorded.book.ledger }))
  return {
    part: (jobId) => engine.library.staging.facts(jobId),
    namesOf: (workId) => ledger.read((r) => workById(r, workId)),
    async retry(which) {
      const { jobIds = [] } = which
      const [unknown, recorded]: [string[], string[]] = [[], []]
      for (const jobId of jobIds) (isOnlyIn(unrecorded, ledger, jobId) ? unknown : recorded).push(jobId)
      const retried = unknown.length === 0 ? 0 : await others((of) => retryJobs(of, { jobIds: unknown }))
      if (unknown.length > 0 && recorded.length === 0) return retried
      return retried + (await retryJobs(engine, { ...which, jobIds: recorded }))
    },
    pause: (which) => holdJobs(engine, which),
    resume: (which) => freeJobs(engine, which),
    cancel: async (jobIds) =>
      (await cancelJobs(engine, jobIds)) + (await others((of) => cancelJobs(of, jobIds))),
    ignore: (jobIds) => ignoreJobs(engine, jobIds),
    unignore: (jobIds) => unignoreJobs(engine, jobIds)
  }
}

function isOnlyIn(unrecorded: UnrecordedJobs, ledger: Ledger, jobId: string): boolean {
  return unrecorded.has(jobId) && ledger.read((r) => jobById(r, jobId)) === null
}

export function makeQueue({ ledger, engine }: SheafParts, queue: JoinedQueue): SheafQueue {
  return {
    queuePage: (ask) => queue.page(ask),
    queueCounts: (among) => queue.counts(among ?? {}),
    queueTotals: () => queue.totals(),
    queueIds: (query) => queue.ids(query),
    jobRow(jobId) {
      const row = ledger.read((r) => queueRow(r, jobId))
      if (row !== null) return row
      const other = engine.unrecorded.read((r) => queueRow(r, jobId))
      return other === null ? null : unrecordedRow(other)
    },
    onJobs: (listener) => queue.onChange(listener)
  }
}
