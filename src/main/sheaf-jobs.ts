/** Jobs one by one, and what a person does with them; the queue as the app shows it. */
import { cancelJobs, freeJobs, holdJobs, ignoreJobs, retryJobs, unignoreJobs } from './engine/control'
import type { QueueIndex } from './ledger/queue-index'
import { queueRow } from './ledger/queue-queries'
import { workById } from './ledger/works'
import type { SheafJobs, SheafQueue } from './sheaf-api'
import type { Own, SheafParts } from './sheaf-parts'

export function makeJobs({ engine, ledger }: SheafParts): Own<SheafJobs> {
  return {
    part: (jobId) => engine.library.staging.facts(jobId),
    namesOf: (workId) => ledger.read((r) => workById(r, workId)),
    retry: (which) => retryJobs(engine, which),
    pause: (which) => holdJobs(engine, which),
    resume: (which) => freeJobs(engine, which),
    cancel: (jobIds) => cancelJobs(engine, jobIds),
    ignore: (jobIds) => ignoreJobs(engine, jobIds),
    unignore: (jobIds) => unignoreJobs(engine, jobIds)
  }
}

export function makeQueue({ ledger }: Pick<SheafParts, 'ledger'>, index: QueueIndex): SheafQueue {
  return {
    queuePage: (ask) => index.page(ask),
    queueCounts: (among) => index.counts(among ?? {}),
    queueTotals: () => index.totals(),
    queueIds: (query) => index.ids(query),
    jobRow: (jobId) => ledger.read((r) => queueRow(r, jobId)),
    onJobs: (listener) => index.onChange(listener)
  }
}
