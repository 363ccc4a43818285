/** The job sources of a run: the ledger, and the unrecorded jobs. */
import type { Work } from '../../contract/work'
import { dueJobs } from '../ledger/leases'
import { TRIED_LAST } from '../ledger/tried-last'
import { lastSuccessAt } from '../ledger/ops'
import { workById } from '../ledger/works'
import { jobStoreOf, type Engine } from './engine'
import { ledgerJobSource, type JobSource } from './job-source'
import { READING_HOLDS_SECONDS } from './ops/resolve-candidates'
import type { RunStats } from './run-stats'
import type { JobBook } from './unrecorded-jobs'

/** Works of due jobs that no source was queried about yet: they are looked up together. */
export function upcomingWorks(engine: Engine, most: number): Work[] {
  const now = engine.host.clock.now()
  return booksOf(engine)
    .flatMap(({ ledger }) =>
      ledger.read((r) =>
        dueJobs(r, now, most).flatMap((job) => {
          if (job.priority <= TRIED_LAST) return []
          const at = lastSuccessAt(r, job.jobId, 'RESOLVE')
          if (at !== null && now - at < READING_HOLDS_SECONDS) return []
          return workById(r, job.workId) ?? []
        })
      )
    )
    .slice(0, most)
}

/** The books with jobs that may run now: with the switch off, none of the ledger's. */
export function booksOf(engine: Engine): JobBook[] {
  const { book } = engine.unrecorded
  return [...(engine.settings['safety.switch'] === 'off' ? [] : [engine]), ...(book === null ? [] : [book])]
}

interface OfRun {
  readonly runId: string
  readonly runStats: RunStats
}

export function jobSourcesOf(engine: Engine, run: OfRun): JobSource[] {
  const unrecorded = unrecordedJobSource(engine, run)
  if (engine.settings['safety.switch'] === 'off') return [unrecorded]
  return [jobSourceOf(engine, engine, run), unrecorded]
}

function jobSourceOf(engine: Engine, book: JobBook, run: OfRun): JobSource {
  return ledgerJobSource({
    host: engine.host,
    ledger: book.ledger,
    leases: book.leases,
    isActive: (jobId) => engine.active.has(jobId),
    isOtherActive: () => [...engine.active.values()].some(({ isReadAlone }) => !isReadAlone),
    makeJobStore: (granted, signal) => jobStoreOf(engine, granted, { ...run, signal, book })
  })
}

/** The first unrecorded job may be planned during the run. A finished job keeps only its row. */
function unrecordedJobSource(engine: Engine, run: OfRun): JobSource {
  const { unrecorded } = engine
  let opened: JobSource | null = null
  const source = (): JobSource | null => {
    if (unrecorded.book !== null) opened ??= jobSourceOf(engine, unrecorded.book, run)
    return opened
  }
  return {
    take(busy, askedAtMs) {
      const task = source()?.take(busy, askedAtMs) ?? null
      if (task === null) return null
      return {
        ...task,
        begin(signal, lost) {
          const begun = task.begin(signal, lost)
          return {
            jobStore: begun.jobStore,
            end() {
              begun.end()
              unrecorded.forgetHistory(task.job.jobId)
              unrecorded.dropRecorded(engine.ledger, [task.job.jobId])
            }
          }
        }
      }
    },
    nextDueAt: () => source()?.nextDueAt() ?? null
  }
}
