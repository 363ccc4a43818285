/**
 * Reconcile restores the agreement of ledger and disk after an interruption, without user action, and reports
 * what it did with counts and ids (docs/design.md §7). It repairs only what it can prove; an unknown file is
 * listed, never deleted.
 *
 * On request, every stored file is checked. At a start and during a run, it checks what was in flight,
 * compares the names in the library's folders with all rows, and checks the sizes of the next `FILES_IN_TURN`
 * files, so that the whole library is covered over time: a start is cheap whatever the number of papers.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { z } from 'zod'
import type { ReconcileLine } from '../../contract/lines'
import { SETTLING_STATES, isDone } from '../../contract/states'
import type { JobRow } from '../../contract/work'
import { deathsWhileReading, insertEvent } from '../ledger/job-events'
import { failUnheld, jobById, jobIdsIn, jobsOfWork, requeueJob } from '../ledger/jobs'
import { clearLease, staleLeases } from '../ledger/leases'
import { putLast } from '../ledger/tried-last'
import type { Ledger } from '../ledger/ledger'
import { getMeta, setMeta } from '../ledger/meta'
import { OK, OPS_OF_FILE, abandonOp, finalizeIntents, lastOpRow, opsInFlight, voidOps } from '../ledger/ops'
import { insertReconciliation } from '../ledger/reconciliations'
import { hasOwnerDied, ownerName } from '../platform/host'
import { isObjectPath } from '../platform/recorded-path'
import { checkFiles, filePlaces, NEXT_TURN, requeue, type Lost } from './check-files'
import { finalizedFileOf } from './finalized-file'
import type { Ask, Findings, ReconcileParts } from './reconcile-parts'
import { completeRenames } from './rename-papers'
import { keysOf, tableOf } from '../../contract/tables'
import { HOUR_SECONDS } from '../../contract/durations'

const STRAY_PART_SECONDS = HOUR_SECONDS
const OP_IN_FLIGHT_SECONDS = 600
/** Deaths of the process while it parses text for one job, after which the job fails. */
const MOST_DEATHS = 2
const OPS_AT_ONCE = 20_000

/** Stops between two files when the signal aborts: repairs stay, nothing is reported. */
export async function reconcile(parts: ReconcileParts, how: Ask): Promise<ReconcileLine> {
  const { host, ledger } = parts
  const at = host.clock.now()
  const findings: Findings = {
    stale_leases: [],
    abandoned_ops: [],
    parts_kept: [],
    parts_removed: [],
    relinked: [],
    requeued: [],
    quarantined: [],
    adopted: [...(how.taken?.adopted ?? [])],
    unknown_files: [],
    unreachable: (how.taken?.unreachable ?? []).map((one) => one.workId)
  }
  await recoverLeases(parts, findings)
  await recoverReadings(parts)
  await finishRenames(parts, how, findings)
  await abandonOps(parts, findings)
  host.probe('RECONCILE: half way')
  await matchParts(parts, findings)
  const lost: Lost[] = []
  const { next, unmatched } = await checkFiles(parts, how, findings, lost)
  await requeue(parts, lost, findings)
  await checkSettling(parts, findings)
  await explainFiles(parts, unmatched, findings)
  const line = lineOf(findings)
  await ledger.commit((w) => {
    if (getMeta(w, NEXT_TURN) !== next) setMeta(w, NEXT_TURN, next)
    insertReconciliation(w, { at, finishedAt: host.clock.now(), why: how.why, line })
  })
  return line
}

async function recoverLeases(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger } = parts
  const now = host.clock.now()
  const own = ownerName(host.identity)
  const isDead = (owner: string): boolean =>
    owner !== own && (parts.deadOwners.has(owner) || hasOwnerDied(host.identity, owner))
  const stale = ledger
    .read((r) => staleLeases(r, now, isDead))
    .filter((job) => !(job.leaseOwner === own && parts.isActive(job.jobId)))
  if (stale.length > 0) {
    await ledger.commit((w) => {
      for (const job of stale) {
        if (clearLease(w, job.jobId, job.leaseEpoch, now) === 0) continue
        insertEvent(w, {
          jobId: job.jobId,
          at: now,
          kind: 'recovered',
          from: job.state,
          to: job.state,
          epoch: job.leaseEpoch,
          detail: { owner: job.leaseOwner, lease_until: job.leaseUntil }
        })
      }
    })
  }
  findings.stale_leases.push(...stale.map((job) => job.jobId))
  host.log.info(`Recovered ${String(stale.length)} stale leases`)
}

/**
 * The last process died, or was ended because it hung, while it parsed external text for these works. Their
 * jobs are tried after all others and looked up one by one; the second time they fail. A crash with another
 * cause during a batch marks all of its works: each that finishes is cleared (`restorePriority`). Leased or
 * not: a batch includes both.
 */
async function recoverReadings({ host, ledger, mark }: ReconcileParts): Promise<void> {
  const { left } = mark
  if (left.length === 0) return
  const now = host.clock.now()
  const isOpen = ({ state }: JobRow): boolean =>
    !isDone(state) && !SETTLING_STATES.some((one) => one === state)
  await ledger.commit((w) => {
    for (const job of left.flatMap((workId) => jobsOfWork(w, workId)).filter(isOpen)) {
      const { jobId, state, leaseEpoch: epoch, priority } = job
      const detail = { was_reading: true, priority }
      insertEvent(w, { jobId, at: now, kind: 'recovered', from: state, to: state, epoch, detail })
      putLast(w, jobId, epoch)
      const deaths = deathsWhileReading(w, jobId)
      if (deaths < MOST_DEATHS) continue
      const because = `Sheaf ended ${String(deaths)} times while it read what was sent about this paper.`
      failUnheld(w, jobId, 'READER_DIED', because, now)
      const facts = { reason: 'READER_DIED', because, next: null }
      insertEvent(w, { jobId, at: now, kind: 'state', from: state, to: 'FAILED', epoch, detail: facts })
    }
  })
  mark.settled()
  host.log.warn('The last process ended while it read', { works: left.length })
}

async function finishRenames(parts: ReconcileParts, how: Ask, findings: Findings): Promise<void> {
  const { host, ledger, library, renaming } = parts
  const ways = { signal: how.signal, tell: () => undefined }
  findings.relinked.push(...(await completeRenames({ host, ledger, library, renaming }, ways)))
}

async function abandonOps(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger } = parts
  const now = host.clock.now()
  const lost = ledger
    .read((r) => opsInFlight(r))
    .filter(({ op, leaseOwner, leaseUntil, jobEpoch }) => {
      if (parts.isActive(op.jobId) || parts.renaming.has(op.jobId)) return false
      const live =
        leaseOwner !== null && leaseUntil !== null && leaseUntil > now && jobEpoch === op.leaseEpoch
      return !live || now - op.startedAt > OP_IN_FLIGHT_SECONDS
    })
  if (lost.length > 0) {
    await ledger.commit((w) => {
      for (const { op } of lost) {
        abandonOp(w, op.opKey, JSON.stringify({ because: 'It was in flight, and no worker held it.' }), now)
      }
    })
  }
  findings.abandoned_ops.push(...lost.map(({ op }) => op.opKey))
}

async function matchParts(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger, library } = parts
  const now = host.clock.now()
  for (const part of await library.staging.list()) {
    if (parts.isActive(part.jobId)) continue
    const job = ledger.read((r) => jobById(r, part.jobId))
    const isFinished = job !== null && isDone(job.state)
    if (job !== null && !isFinished && (await library.staging.facts(part.jobId)) !== null) {
      findings.parts_kept.push(part.jobId)
      continue
    }
    // Part of no job, of a finished job, or without a sidecar that identifies it.
    if (now - part.modifiedAt < STRAY_PART_SECONDS && !isFinished) continue
    await library.staging.discard(part.jobId)
    findings.parts_removed.push(part.jobId)
  }
}

/** Jobs past FINALIZE whose file is gone have nothing to continue with: they are requeued. */
async function checkSettling(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger, library } = parts
  const settling = ledger.read((r) => jobIdsIn(r, SETTLING_STATES))
  for (const jobId of settling) {
    if (parts.isActive(jobId)) continue
    const file = ledger.read((r) => finalizedFileOf(r, jobId))
    if (file !== null && (await library.objects.check(file.path, file, { hash: true })) === 'ok') continue
    await parts.assertLibrary()
    const because = 'Its file was not there when it was to be listed.'
    const now = host.clock.now()
    await ledger.commit((w) => {
      if (requeueJob(w, jobId, SETTLING_STATES, now) === 0) return
      voidOps(w, { jobId }, OPS_OF_FILE, because)
      insertEvent(w, { jobId, at: now, kind: 'requeued', to: 'PLANNED', detail: { because } })
    })
    findings.requeued.push(jobId)
  }
}

/**
 * Files without a row: adopted when a FINALIZE intent explains them (the job's next holder finds the file and
 * continues without fetching a byte), else listed.
 */
async function explainFiles(
  parts: ReconcileParts,
  unmatched: readonly string[],
  findings: Findings
): Promise<void> {
  const { ledger, library } = parts
  const strangers = await withoutRow(
    ledger,
    unmatched.filter((path) => !library.files.isOwn(path))
  )
  // Usually there is none, and the ops need no scan.
  if (strangers.length === 0) return
  const intended = new Set<string>()
  const known = new Set<string>()
  const last = ledger.read(lastOpRow)
  for (let from = 0; from < last; from += OPS_AT_ONCE) {
    for (const intent of ledger.read((r) => finalizeIntents(r, from, from + OPS_AT_ONCE))) {
      const context = z.object({ target_path: z.string() }).safeParse(intent.context)
      if (!context.success) continue
      const recorded = z.object({ paperPath: z.string() }).safeParse(intent.result)
      if (intent.code !== OK) intended.add(context.data.target_path)
      else known.add(context.data.target_path)
      if (intent.code === OK && recorded.success) known.add(recorded.data.paperPath)
    }
    await yieldToEventLoop()
  }
  const sizes = new Set<number>()
  for (const path of strangers) {
    if (known.has(path)) continue
    const bytes = await library.files.sizeOf(path)
    // The file disappeared meanwhile, for example because this reconcile quarantined it.
    if (bytes === null) continue
    if (intended.has(path)) {
      findings.adopted.push(path)
      sizes.add(bytes)
      continue
    }
    // The readable name of an adopted object was linked before the crash: it is the same file.
    if (path.startsWith('papers/') && sizes.has(bytes) && (await isAdopted(parts, path, findings))) continue
    findings.unknown_files.push(path)
  }
}

/** The paths that no row of `artifacts` names by now: rows changed while files were looked at. */
async function withoutRow(ledger: Ledger, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return []
  const left = new Set(paths)
  for await (const places of filePlaces(ledger, Infinity)) {
    for (const { path, paperPath } of places) {
      left.delete(path)
      if (paperPath !== null) left.delete(paperPath)
    }
  }
  return [...left]
}

async function isAdopted(parts: ReconcileParts, path: string, findings: Findings): Promise<boolean> {
  const { sha256 } = await parts.library.files.hash(`${parts.library.root}/${path}`)
  return findings.adopted.some((object) => isObjectPath(object, sha256))
}

function lineOf(findings: Findings): ReconcileLine {
  const counts = tableOf(keysOf(findings), (name) => findings[name].length)
  const ids = Object.fromEntries(Object.entries(findings).filter(([, list]) => list.length > 0))
  return { type: 'reconcile', ...counts, ids }
}
