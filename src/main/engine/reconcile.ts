/**
 * Reconcile brings ledger and disk back into agreement after an interruption, without a person, and
 * reports what it did, each with counts and ids (docs/design.md §7). It only puts right what it can prove; a
 * file of the user's is listed, never deleted.
 */
import { z } from 'zod'
import type { ReconcileLine } from '../../contract/lines'
import { REOPENABLE, SETTLING_STATES } from '../../contract/states'
import type { ArtifactRow } from '../../contract/work'
import {
  artifactsAfter,
  artifactsByHash,
  deleteArtifact,
  numberOfArtifacts,
  pathsAfter,
  setPaths,
  type StoredArtifact
} from '../ledger/artifacts'
import { insertEvent } from '../ledger/job-events'
import {
  clearLease,
  expectHash,
  jobById,
  jobIdsIn,
  jobsOfArtifact,
  putBack,
  staleLeases
} from '../ledger/jobs'
import type { Ledger } from '../ledger/ledger'
import { OK, abandonOp, finalizeIntents, lastOpRow, lastSuccess, opsInFlight, voidOps } from '../ledger/ops'
import { insertReconciliation } from '../ledger/reconciliations'
import { workById } from '../ledger/works'
import type { Library } from '../library/library'
import { reviveFinalized } from './ops/finalize-object'
import { ownerName, type Host } from '../platform/host'
import type { TakenIn } from './library-care'

export interface ReconcileParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly library: Library
  /** jobs that this process works on now: their parts and leases are nobody's business */
  readonly isActive: (jobId: string) => boolean
  /** throws LIBRARY_MISSING: a file that is missing proves nothing while its library is */
  readonly assertLibrary: () => Promise<void>
  /** owners known to be dead, such as the one whose lock was taken over */
  readonly deadOwners: ReadonlySet<string>
}

const STRAY_PART_SECONDS = 3_600
const OP_IN_FLIGHT_SECONDS = 600
const ARTIFACTS_AT_ONCE = 300
const PATHS_AT_ONCE = 3_000
const OPS_AT_ONCE = 20_000

type Findings = Record<Exclude<keyof Required<ReconcileLine>, 'type' | 'ids'>, string[]>

export interface HowToReconcile {
  readonly verifyHashes: boolean
  readonly why: string
  /** Called as stored files have been looked at: how many, of how many. May be called very often. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

interface Ask extends HowToReconcile {
  readonly signal: AbortSignal
  /** what was taken into the ledger just before */
  readonly taken?: TakenIn
}

/** Stops between two files when the signal says so: what was put right stays, nothing is reported. */
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
  await abandonOps(parts, findings)
  host.probe('RECONCILE: half way')
  await matchParts(parts, findings)
  await checkArtifacts(parts, how, findings)
  await checkSettling(parts, findings)
  await explainFiles(parts, findings)
  const line = lineOf(findings)
  await ledger.commit((w) => {
    insertReconciliation(w, { at, finishedAt: host.clock.now(), why: how.why, findings: line })
  })
  return line
}

async function recoverLeases(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger } = parts
  const now = host.clock.now()
  const own = ownerName(host.identity)
  const isDead = (owner: string): boolean =>
    owner !== own && (parts.deadOwners.has(owner) || diedOnThisMachine(host, owner))
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

/** `host:pid:start`: dead at once when that process is known to be gone. */
function diedOnThisMachine(host: Host, owner: string): boolean {
  const found = /^(.*):(\d+):(\d+)$/.exec(owner)
  if (found === null || found[1] !== host.identity.hostname) return false
  return !host.identity.isAlive(Number(found[2]), Number(found[3]))
}

async function abandonOps(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger } = parts
  const now = host.clock.now()
  const lost = ledger
    .read((r) => opsInFlight(r))
    .filter(({ op, leaseOwner, leaseUntil, jobEpoch }) => {
      if (parts.isActive(op.jobId)) return false
      const live =
        leaseOwner !== null && leaseUntil !== null && leaseUntil > now && jobEpoch === op.leaseEpoch
      return !live || now - op.startedAt > OP_IN_FLIGHT_SECONDS
    })
  if (lost.length > 0) {
    await ledger.commit((w) => {
      for (const { op } of lost) {
        abandonOp(w, op.opKey, JSON.stringify({ because: 'It was in flight with nobody behind it.' }), now)
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
    const wanted = job !== null && job.state !== 'DEDUPED' && job.state !== 'SKIPPED_DUPLICATE'
    if (wanted && (await library.staging.facts(part.jobId)) !== null) {
      findings.parts_kept.push(part.jobId)
      continue
    }
    // Of nobody, of a finished job, or without a sidecar that says what it is a part of.
    if (now - part.modifiedAt < STRAY_PART_SECONDS && !isLeftOver(job?.state)) continue
    await library.staging.discard(part.jobId)
    findings.parts_removed.push(part.jobId)
  }
}

function isLeftOver(state: string | undefined): boolean {
  return state === 'DEDUPED' || state === 'SKIPPED_DUPLICATE'
}

async function checkArtifacts(parts: ReconcileParts, how: Ask, findings: Findings): Promise<void> {
  const { ledger, library } = parts
  const total = ledger.read(numberOfArtifacts)
  let index = 0
  const checked = new Map<string, 'ok' | 'missing' | 'damaged'>()
  for await (const artifact of storedArtifacts(ledger)) {
    how.signal.throwIfAborted()
    how.onProgress?.(Math.min(index, total), total)
    index += 1
    const known = checked.get(artifact.path)
    const condition =
      known ?? (await library.checkObject(artifact.path, artifact, { hash: how.verifyHashes }))
    checked.set(artifact.path, condition)
    if (condition === 'ok') await keepPaperName(parts, artifact, findings)
    else if (condition === 'missing') await mendMissing(parts, artifact, findings)
    else await setAside(parts, artifact, findings)
  }
  how.onProgress?.(total, total)
}

/** A few hundred at a time: reading 100,000 at once would hold up everybody else. */
async function* storedArtifacts(ledger: Ledger): AsyncIterable<StoredArtifact> {
  for (let last = ''; ;) {
    const after = last
    const some = ledger.read((r) => artifactsAfter(r, after, ARTIFACTS_AT_ONCE))
    yield* some
    const end = some.at(-1)
    if (end === undefined) return
    last = end.artifactId
    await aside()
  }
}

/** Lets everything else that waits have its turn. */
function aside(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** The object is there; its readable name may have been lost. */
async function keepPaperName(
  parts: ReconcileParts,
  artifact: ArtifactRow,
  findings: Findings
): Promise<void> {
  const { ledger, library } = parts
  if (artifact.paperPath === null) return
  const there = await library.checkObject(artifact.paperPath, artifact, { hash: false })
  if (there === 'ok') return
  const paperPath = await linkName(parts, artifact, artifact.path)
  await ledger.commit((w) => {
    setPaths(w, artifact.artifactId, { paperPath })
  })
  findings.relinked.push(artifact.artifactId)
}

function linkName(parts: ReconcileParts, artifact: ArtifactRow, path: string): Promise<string> {
  const work = parts.ledger.read((r) => workById(r, artifact.workId))
  return parts.library.linkPaper(path, {
    ids: work?.ids ?? {},
    facts: work?.facts ?? {},
    workId: artifact.workId,
    format: artifact.format
  })
}

/** Re-linked by its hash when the bytes are stored elsewhere, else the job goes back to work. */
async function mendMissing(
  parts: ReconcileParts,
  artifact: StoredArtifact,
  findings: Findings
): Promise<void> {
  const { ledger, library } = parts
  const elsewhere = [
    artifact.paperPath,
    ...ledger.read((r) => artifactsByHash(r, artifact.sha256)).flatMap((one) => [one.path, one.paperPath])
  ]
  for (const path of elsewhere) {
    if (path === null || path === artifact.path) continue
    if ((await library.checkObject(path, artifact, { hash: true })) !== 'ok') continue
    await library.restoreObject(path, artifact.path)
    await keepPaperName(parts, artifact, { ...findings, relinked: [] })
    findings.relinked.push(artifact.artifactId)
    return
  }
  await parts.assertLibrary()
  await requeue(parts, artifact, 'Its file is missing.', findings)
}

/** Damaged: the file is kept in the quarantine as evidence, the job goes back. */
async function setAside(parts: ReconcileParts, artifact: StoredArtifact, findings: Findings): Promise<void> {
  const { host, library } = parts
  await library.setAside(artifact, 'Its bytes are no longer those that were filed.', host.clock.now())
  findings.quarantined.push(artifact.artifactId)
  await requeue(parts, artifact, 'Its file was damaged.', findings)
}

async function requeue(
  parts: ReconcileParts,
  artifact: StoredArtifact,
  because: string,
  findings: Findings
): Promise<void> {
  const { host, ledger, library } = parts
  const now = host.clock.now()
  const jobs = ledger.read((r) =>
    artifact.jobId === null ? jobsOfArtifact(r, artifact.artifactId) : [jobById(r, artifact.jobId)]
  )
  await library.dropFromManifest([artifact.artifactId])
  await ledger.commit((w) => {
    deleteArtifact(w, artifact.artifactId)
    for (const job of jobs) {
      if (job === null || putBack(w, job.jobId, REOPENABLE, now) === 0) continue
      expectHash(w, job.jobId, artifact.sha256)
      voidOps(w, job.jobId, ['STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'], because)
      insertEvent(w, {
        jobId: job.jobId,
        at: now,
        kind: 'requeued',
        from: job.state,
        to: 'PLANNED',
        detail: { because }
      })
    }
  })
  findings.requeued.push(...jobs.flatMap((job) => job?.jobId ?? []))
}

/** Jobs past their file's final name whose file is gone have nothing to settle: they begin anew. */
async function checkSettling(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { host, ledger, library } = parts
  const settling = ledger.read((r) => jobIdsIn(r, SETTLING_STATES))
  for (const jobId of settling) {
    if (parts.isActive(jobId)) continue
    const done = ledger.read((r) => lastSuccess(r, jobId, 'FINALIZE'))
    const file = reviveFinalized(done?.result)
    if (file !== null && (await library.checkObject(file.path, file, { hash: true })) === 'ok') continue
    await parts.assertLibrary()
    const because = 'Its file was not there when it was to be listed.'
    const now = host.clock.now()
    await ledger.commit((w) => {
      if (putBack(w, jobId, SETTLING_STATES, now) === 0) return
      voidOps(w, jobId, ['STREAM', 'FINALIZE', 'INDEX', 'DEDUPE'], because)
      insertEvent(w, { jobId, at: now, kind: 'requeued', to: 'PLANNED', detail: { because } })
    })
    findings.requeued.push(jobId)
  }
}

/**
 * Files that no row knows: adopted when a FINALIZE intent explains them (the job's next holder finds
 * the file and goes on from it, without fetching a byte), else listed.
 */
async function explainFiles(parts: ReconcileParts, findings: Findings): Promise<void> {
  const { ledger, library } = parts
  const known = await knownPaths(ledger)
  const strangers = (await library.listFiles()).filter(
    (file) => !known.has(file.path) && !library.isOwn(file.path)
  )
  // Nearly always there is none, and then nobody needs to look through all ops.
  if (strangers.length === 0) return
  const intended = new Map<string, string>()
  const last = ledger.read(lastOpRow)
  for (let from = 0; from < last; from += OPS_AT_ONCE) {
    for (const intent of ledger.read((r) => finalizeIntents(r, from, from + OPS_AT_ONCE))) {
      const context = z.object({ target_path: z.string() }).safeParse(intent.context)
      if (!context.success) continue
      const recorded = z.object({ paperPath: z.string() }).safeParse(intent.result)
      if (intent.code !== OK) intended.set(context.data.target_path, intent.jobId)
      else known.add(context.data.target_path)
      if (intent.code === OK && recorded.success) known.add(recorded.data.paperPath)
    }
    await aside()
  }
  const sizes = new Map<string, string>()
  for (const file of strangers) {
    if (known.has(file.path)) continue
    const jobId = intended.get(file.path)
    if (jobId !== undefined) {
      findings.adopted.push(file.path)
      sizes.set(String(file.bytes), file.path)
      continue
    }
    // The readable name of an adopted object was linked before the crash: it is the same file.
    if (
      file.path.startsWith('papers/') &&
      sizes.has(String(file.bytes)) &&
      (await isAdopted(parts, file.path, findings))
    )
      continue
    findings.unknown_files.push(file.path)
  }
}

/** Every path that a row of `artifacts` names. */
async function knownPaths(ledger: Ledger): Promise<Set<string>> {
  const known = new Set<string>()
  for (let last = ''; ;) {
    const after = last
    const some = ledger.read((r) => pathsAfter(r, after, PATHS_AT_ONCE))
    if (some === null) return known
    for (const path of some.paths) known.add(path)
    last = some.last
    await aside()
  }
}

async function isAdopted(parts: ReconcileParts, path: string, findings: Findings): Promise<boolean> {
  const { sha256 } = await parts.library.hash(`${parts.library.root}/${path}`)
  return findings.adopted.some((object) => object.includes(sha256))
}

function lineOf(findings: Findings): ReconcileLine {
  const counts = Object.fromEntries(Object.entries(findings).map(([name, ids]) => [name, ids.length]))
  const ids = Object.fromEntries(Object.entries(findings).filter(([, list]) => list.length > 0))
  return { type: 'reconcile', ...(counts as Record<keyof Findings, number>), ids }
}
