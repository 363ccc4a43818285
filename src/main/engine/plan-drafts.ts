/**
 * Plans drafts as jobs, in transactions of bounded size. The switch decides per work whether it is recorded
 * (docs/design.md §9). A line is reported once its job is on disk.
 */
import type { PlannedLine } from '../../contract/lines'
import type { WorkDraft } from '../../contract/work'
import type { Format, State } from '../../contract/words'
import { isAnyTombstone } from '../ledger/tombstones'
import { inCanary } from '../works/keys'
import { workIdOf } from '../works/works'
import type { Engine } from './engine'
import { addToList, type NamedSoFar, type PlanList } from './lists'
import { lookUpWork } from './look-up'
import { planWork } from './ops/plan-work'

/**
 * Works per transaction: large enough to be fast, small enough to let other work run in between. Names and
 * keys are spread over the whole of their indexes, so that each transaction writes most pages of a large
 * ledger once: long lists are planned in larger batches.
 */
const LEAST_BATCH = 500
const MOST_BATCH = 4_000
const BATCHES = 16
/** Characters of user references per transaction, far below the limit of a journal line. */
const BATCH_CHARS = 4_000_000

/** Is this work recorded? On: all; canary: its share, always the same works; off: none. */
export function isRecorded(engine: Engine, workId: string): boolean {
  switch (engine.settings['safety.switch']) {
    case 'on':
      return true
    case 'off':
      return false
    case 'canary':
      return inCanary(workId, engine.settings['safety.canaryPercent'])
  }
}

/** Would a work planned under these names be recorded now? */
export function isToBeRecorded(engine: Engine, draft: WorkDraft): boolean {
  return isRecorded(engine, workIdOf(draft.ids, draft.namedBy)) || isKept(engine, draft)
}

/** A recorded paper is not fetched again because a canary's share became smaller. */
function isKept({ settings, ledger }: Engine, draft: WorkDraft): boolean {
  if (settings['safety.switch'] !== 'canary') return false
  const known = ledger.read((r) => lookUpWork(r, draft))
  return known !== null && known.artifactId !== null
}

export interface Planned {
  readonly lines: readonly PlannedLine[]
  /** lines of works that are not recorded: this process must fetch them */
  readonly unrecorded: number
}

interface HowToPlan {
  readonly formats: readonly Format[]
  readonly priority: number
  readonly runId: string | null
  /** the named list that the works are put in */
  readonly list?: PlanList | undefined
  /** lines already reported: shared by all lists of a plan, since a work may be in several */
  readonly said: Said
  /** unrecorded jobs in one of these states start over; by default failed ones */
  readonly startsOver?: readonly State[]
}

/**
 * Plans drafts; each line is reported once its job is on disk. The same work twice is one job; its second
 * line reports an existing job.
 */
export async function planDrafts(
  engine: Engine,
  drafts: readonly WorkDraft[],
  how: HowToPlan,
  signal: AbortSignal
): Promise<Planned> {
  const resumeSnapshots = engine.ledger.deferSnapshots()
  try {
    return await planInBatches(engine, drafts, how, signal)
  } finally {
    resumeSnapshots()
  }
}

async function planInBatches(
  engine: Engine,
  drafts: readonly WorkDraft[],
  how: HowToPlan,
  signal: AbortSignal
): Promise<Planned> {
  const lines: PlannedLine[] = []
  let unrecorded = 0
  const { said } = how
  const keepsReferences = engine.settings['safety.switch'] !== 'off'
  for (const batch of batchesOf(drafts, { before: said.jobs.size, keepsReferences })) {
    signal.throwIfAborted()
    const recorded = batch.filter((draft) => isToBeRecorded(engine, draft))
    const plan = { now: engine.host.clock.now(), runId: how.runId, priority: how.priority }
    const committed =
      recorded.length === 0
        ? null
        : engine.ledger.transact((w) => {
            const context = { ...plan, hasTombstones: isAnyTombstone(w) }
            const planned = recorded.flatMap((draft) => {
              const lines = planWork(w, draft, how.formats, context)
              const workId = lines[0]?.work_id
              if (how.list !== undefined && workId !== undefined)
                addToList(w, how.list, {
                  draft,
                  workId,
                  now: context.now,
                  named: how.list.named ?? said.listed
                })
              return lines
            })
            // LEDGER_FULL rolls this batch back: the jobs in flight need the remaining room.
            if (planned.some((line) => !line.existing)) engine.ledger.assertRoom(0)
            return planned
          })
    engine.host.probe('PLAN: applied')
    await committed?.durable
    const planned = committed?.value.map((line) => line.job_id) ?? []
    if (planned.length > 0) engine.unrecorded.dropRecorded(engine.ledger, planned)
    const isThere = new Set(recorded)
    const others = batch.filter((draft) => !isThere.has(draft))
    /** Returns whether this plan names the job for the first time. */
    const say = (planned: PlannedLine): boolean => {
      const isFirst = !said.jobs.has(planned.job_id)
      const line = isFirst ? planned : { ...planned, existing: true }
      said.jobs.add(line.job_id)
      lines.push(line)
      engine.emit(line)
      return isFirst
    }
    for (const line of committed?.value ?? []) say(line)
    for (const line of await planUnrecorded(engine, others, how)) if (say(line)) unrecorded += 1
  }
  return { lines, unrecorded }
}

async function planUnrecorded(
  { unrecorded }: Engine,
  drafts: readonly WorkDraft[],
  { formats, priority, startsOver = ['FAILED'] }: HowToPlan
): Promise<readonly PlannedLine[]> {
  return drafts.length === 0 ? [] : unrecorded.plan(drafts, { formats, priority, startsOver })
}

/**
 * Splits drafts into arrays of bounded length. A caller's own array stays whole, since its length is known.
 */
export function* draftPieces(drafts: Iterable<WorkDraft>): Generator<readonly WorkDraft[]> {
  if (Array.isArray(drafts)) {
    if (drafts.length > 0) yield drafts
    return
  }
  let piece: WorkDraft[] = []
  for (const draft of drafts) {
    piece.push(draft)
    if (piece.length < MOST_BATCH) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}

/** `before`: lines already reported by this plan; the batch size depends on the whole plan's length. */
function* batchesOf(
  drafts: readonly WorkDraft[],
  { before, keepsReferences }: { readonly before: number; readonly keepsReferences: boolean }
): Generator<readonly WorkDraft[]> {
  const long = Math.ceil(Math.max(drafts.length, before) / BATCHES)
  const most = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, long))
  let from = 0
  let chars = 0
  for (const [at, draft] of drafts.entries()) {
    // A reference of a large file is read on demand.
    if (keepsReferences) chars += draft.reference?.length ?? 0
    const isFull = at + 1 - from >= most || (chars >= BATCH_CHARS && at + 1 - from >= LEAST_BATCH)
    if (!isFull && at + 1 < drafts.length) continue
    yield drafts.slice(from, at + 1)
    from = at + 1
    chars = 0
  }
}

/** Lines that one plan has reported. A repeated work gets another line, marked as existing. */
export interface Said {
  readonly jobs: Set<string>
  readonly listed: NamedSoFar
}

/** Jobs that existed before this plan; repetitions within the plan are not counted. */
export function countExisting(lines: readonly PlannedLine[]): number {
  const fresh = new Set(lines.filter((line) => !line.existing).map((line) => line.job_id))
  return new Set(lines.filter((line) => !fresh.has(line.job_id)).map((line) => line.job_id)).size
}

export function nothingSaid(): Said {
  return { jobs: new Set(), listed: new Map() }
}
