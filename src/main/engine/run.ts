/**
 * One run, from the press of Start to its summary: plan what was asked for, work until no job is due,
 * say what came of it. The switch decides per work whether it is recorded (docs/design.md §9): everything
 * below is the same for both.
 */
import { SheafError, isSheafError } from '../../contract/errors'
import type { DoneLine, PlannedLine, SummaryLine } from '../../contract/lines'
import type { Work, WorkDraft } from '../../contract/work'
import { STATES, type Format, type State } from '../../contract/words'
import { TRIED_LAST, dueJobs, jobById } from '../ledger/jobs'
import { dropOldLookups } from '../ledger/lookups'
import { lastSuccess } from '../ledger/ops'
import { isAnyTombstone } from '../ledger/tombstones'
import { beginRun, endRun } from '../ledger/runs'
import { workById } from '../ledger/works'
import { inCanary } from '../works/keys'
import { workIdOf } from '../works/works'
import { jobStoreOf, servicesOf, type Engine } from './engine'
import { addToList, type NamedSoFar, type PlanList } from './lists'
import { LOOKUP_HOLDS_SECONDS } from './look-up-batches'
import { lookUpWork } from './look-up'
import { planWork } from './ops/plan-work'
import { runScheduler, type JobLimits } from './scheduler'
import { ledgerJobSource, type Task, type JobSource } from './job-source'
import { RunStats } from './run-stats'
import { untilSearchFails } from './until-search-fails'
import type { Ending } from './job-endings'
import type { JobBook } from './unrecorded-jobs'

/** How long a run waits for a job that is to be tried again soon, before it is over. */
const HORIZON_SECONDS = 45
/**
 * Works planned in one transaction: large enough to be quick, small enough to let others in between. Names
 * and keys are spread over the whole of their indexes, so that each transaction writes most pages of a
 * large ledger once: long lists are planned in larger pieces.
 */
const LEAST_BATCH = 500
const MOST_BATCH = 4_000
const BATCHES = 16
/** characters of the users' own references in one transaction, far below what a line of the journal takes */
const BATCH_CHARS = 4_000_000

/** Is this work remembered? On: all; canary: its share, the same ones for ever; off: none. */
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

/** Is a work recorded when it is planned under these names now? */
export function isToBeRecorded(engine: Engine, draft: WorkDraft): boolean {
  return isRecorded(engine, workIdOf(draft.ids, draft.namedBy)) || isKept(engine, draft)
}

/** A paper that the ledger keeps is not fetched again because a canary's share became smaller. */
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
  /** what was said already: one for all the lists of a plan, since a work may be in several */
  readonly said: Said
  /** of jobs that are not recorded, those in one of these states start over; by default what failed */
  readonly startsOver?: readonly State[]
}

/** Plans drafts; each line is said once its job is on disk. The same work twice is one job; the second line says that it exists. */
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
            // LEDGER_FULL takes this batch back; the papers that are in flight need what room there is.
            if (planned.some((line) => !line.existing)) engine.ledger.assertRoom(0)
            return planned
          })
    engine.host.probe('PLAN: applied')
    await committed?.durable
    const planned = committed?.value.map((line) => line.job_id) ?? []
    if (planned.length > 0) engine.unrecorded.dropRecorded(engine.ledger, planned)
    const isThere = new Set(recorded)
    const others = batch.filter((draft) => !isThere.has(draft))
    const say = (line: PlannedLine): void => {
      lines.push(line)
      engine.emit(line)
    }
    for (const line of committed?.value ?? []) {
      say(said.jobs.has(line.job_id) ? { ...line, existing: true } : line)
      said.jobs.add(line.job_id)
    }
    for (const line of await planUnrecorded(engine, others, how)) {
      if (!said.jobs.has(line.job_id)) unrecorded += 1
      say(said.jobs.has(line.job_id) ? { ...line, existing: true } : line)
      said.jobs.add(line.job_id)
    }
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

/** Drafts in lists of bounded length. A caller's own array stays whole: its length is known already. */
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

/** `before`: how many lines this plan has said already; a plan that comes in pieces is as long as all of them. */
function* batchesOf(
  drafts: readonly WorkDraft[],
  { before, keepsReferences }: { readonly before: number; readonly keepsReferences: boolean }
): Generator<readonly WorkDraft[]> {
  const long = Math.ceil(Math.max(drafts.length, before) / BATCHES)
  const most = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, long))
  let from = 0
  let chars = 0
  for (const [at, draft] of drafts.entries()) {
    // One of a large file is read when it is asked for.
    if (keepsReferences) chars += draft.reference?.length ?? 0
    const isFull = at + 1 - from >= most || (chars >= BATCH_CHARS && at + 1 - from >= LEAST_BATCH)
    if (!isFull && at + 1 < drafts.length) continue
    yield drafts.slice(from, at + 1)
    from = at + 1
    chars = 0
  }
}

/** What one plan has said already. A work that is asked for again has another line, which says so. */
export interface Said {
  readonly jobs: Set<string>
  readonly listed: NamedSoFar
}

/** Jobs that were there before this plan; what the plan itself names twice is not one of them. */
export function countExisting(lines: readonly PlannedLine[]): number {
  const fresh = new Set(lines.filter((line) => !line.existing).map((line) => line.job_id))
  return new Set(lines.filter((line) => !fresh.has(line.job_id)).map((line) => line.job_id)).size
}

export function nothingSaid(): Said {
  return { jobs: new Set(), listed: new Map() }
}

export interface RunAsk {
  readonly drafts: AsyncIterable<readonly WorkDraft[]> | null
  readonly formats: readonly Format[]
  readonly priority: number
  readonly list?: PlanList | undefined
}

export async function runOnce(engine: Engine, ask: RunAsk, signal: AbortSignal): Promise<SummaryLine> {
  const { host, ledger } = engine
  const began = host.clock.monotonicMs()
  const runId = `${String(Math.floor(host.clock.now()))}-${host.random.hex(6)}`
  const runStats = new RunStats()
  await ledger.commit((w) => {
    dropOldLookups(w, host.clock.now() - LOOKUP_HOLDS_SECONDS)
    beginRun(w, { runId, startedAt: host.clock.now(), settings: shownSettings(engine) })
  })
  engine.lookups.beginForecast()
  const endings = new Map<string, Ending>()
  const asked: PlannedLine[] = []
  const said = nothingSaid()
  let howItEnded = 'failed'
  const stopLookUps = (): void => {
    engine.lookups.stop(signal.reason instanceof Error ? signal.reason : new SheafError('PAUSED'))
  }
  const quietGate = engine.gate.onChange(() => {
    const closed = engine.gate.closed()
    if (closed !== null) engine.lookups.stop(new SheafError(closed.code, closed.sentence))
  })
  try {
    signal.addEventListener('abort', stopLookUps, { once: true })
    const lists = untilSearchFails(ask.drafts ?? nothing(), (error) => {
      engine.emit({ type: 'error', ...error.toData() })
      runStats.count(runStats.byReason, error.code)
    })
    for await (const drafts of lists) {
      const planned = await planDrafts(engine, drafts, { ...ask, runId, said, startsOver: STATES }, signal)
      for (const line of planned.lines) asked.push(line)
    }
    runStats.planned = asked.filter((line) => !line.existing).length
    runStats.existing = countExisting(asked)
    await runScheduler({
      host,
      services: servicesOf(engine, runStats),
      jobSources: jobSourcesOf(engine, { runId, runStats }),
      limits: () => jobLimits(engine.settings['network.workers']),
      gate: engine.gate,
      signal,
      horizonSeconds: HORIZON_SECONDS,
      active: engine.active,
      onEnding: (task: Task, ending: Ending) => {
        endings.set(task.job.jobId, ending)
        if (ending.kind === 'done') engine.lookups.forget(task.job.workId)
      },
      onGoingOn: () => {
        for (const { leases } of booksOf(engine)) leases.giveBackIdle((jobId) => engine.active.has(jobId))
      },
      hasPassed: (code, places) => causeHasPassed(engine, code, places),
      explain: (error) => whyItStands(engine, error)
    })
    howItEnded = signal.aborted ? 'stopped' : 'finished'
  } catch (error) {
    if (!signal.aborted) throw error
    howItEnded = 'stopped'
  } finally {
    quietGate()
    signal.removeEventListener('abort', stopLookUps)
    stopLookUps()
    countFailures(engine, runStats, endings, asked)
    const summary = summaryOf(engine, runStats, began)
    if (ledger.trouble() === null) {
      await ledger.commit((w) => {
        endRun(w, { runId, finishedAt: host.clock.now(), howItEnded, summary })
      })
    }
  }
  return summaryOf(engine, runStats, began)
}

function summaryOf({ host, lookups, settings }: Engine, runStats: RunStats, began: number): SummaryLine {
  const forecast = lookups.forecast(settings['network.workers'])
  const summary = runStats.summary(host.clock.monotonicMs() - began)
  return forecast === null ? summary : { ...summary, forecast }
}

/**
 * Files at a time are the network's to limit. So that every host that may be asked has a request waiting,
 * many more jobs are begun; so that no service has a long line of questions, few of them look at once.
 */
function jobLimits(files: number): JobLimits {
  return { looking: Math.max(2, files * 2), begun: Math.min(512, files * 32), ready: files }
}

/** Works of due jobs that no source was asked about yet: they are looked up together. */
export function upcomingWorks(engine: Engine, most: number): Work[] {
  const now = engine.host.clock.now()
  return booksOf(engine)
    .flatMap(({ ledger }) =>
      ledger.read((r) =>
        dueJobs(r, now, most).flatMap((job) => {
          if (job.priority <= TRIED_LAST) return []
          const known = lastSuccess(r, job.jobId, 'RESOLVE')
          if (known !== null && now - (known.finishedAt ?? 0) < LOOKUP_HOLDS_SECONDS) return []
          return workById(r, job.workId) ?? []
        })
      )
    )
    .slice(0, most)
}

/** Where jobs are that may be worked on now: with the switch off, no recorded one is. */
export function booksOf(engine: Engine): JobBook[] {
  const { book } = engine.unrecorded
  return [...(engine.settings['safety.switch'] === 'off' ? [] : [engine]), ...(book === null ? [] : [book])]
}

interface OfRun {
  readonly runId: string
  readonly runStats: RunStats
}

function jobSourcesOf(engine: Engine, run: OfRun): JobSource[] {
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

/** The first one may be planned while the run goes on. What is at an end leaves its row only. */
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

/** Failures of this run, and of jobs that were asked for and had failed before. Each is said once. */
function countFailures(
  engine: Engine,
  runStats: RunStats,
  endings: ReadonlyMap<string, Ending>,
  asked: readonly PlannedLine[]
): void {
  const failed = (reason: string): void => {
    runStats.failed += 1
    runStats.count(runStats.byReason, reason)
  }
  for (const [jobId, ending] of endings) {
    if (ending.kind !== 'failed') continue
    failed(ending.reason)
    // One that may be tried again was not said to be over yet; for this run it is.
    if (ending.nextAttemptAt !== null) sayFailed(engine, jobId, workOf(engine, jobId, asked), ending.reason)
  }
  for (const line of asked) {
    if (endings.has(line.job_id) || !line.existing) continue
    const job = engine.ledger.read((r) => jobById(r, line.job_id))
    if (line.tombstone !== undefined) {
      failed('REMOVED')
      sayFailed(engine, line.job_id, line.work_id, 'REMOVED')
    } else if (job?.state === 'FAILED') {
      failed(job.reason ?? 'INTERNAL')
      sayFailed(engine, line.job_id, line.work_id, job.reason ?? 'INTERNAL')
    }
  }
}

function workOf(engine: Engine, jobId: string, asked: readonly PlannedLine[]): string {
  return (
    asked.find((line) => line.job_id === jobId)?.work_id ??
    engine.ledger.read((r) => jobById(r, jobId))?.workId ??
    engine.unrecorded.read((r) => jobById(r, jobId))?.workId ??
    ''
  )
}

function sayFailed(engine: Engine, jobId: string, workId: string, reason: string): void {
  const line: DoneLine = { type: 'done', job_id: jobId, work_id: workId, state: 'FAILED', reason }
  engine.emit(line)
}

/** A disk that refuses may be a library that is gone: then that is the reason. */
async function whyItStands({ care, library }: Engine, error: SheafError): Promise<SheafError> {
  if (error.code !== 'DISK_ERROR' && error.code !== 'DISK_READ_ONLY') return error
  try {
    await care.assertPresent(library)
    return error
  } catch (missing) {
    return isSheafError(missing, 'LIBRARY_MISSING') ? missing : error
  }
}

/** Is what the engine stood still for over? The user's own pause ends only by the user. */
async function causeHasPassed(engine: Engine, code: string, places: readonly string[]): Promise<boolean> {
  const { ledger, library, host } = engine
  switch (code) {
    case 'DISK_FULL':
    case 'DISK_READ_ONLY':
    case 'DISK_ERROR': {
      if (ledger.trouble() !== null) return false
      try {
        // Another folder in its place, or none, is not the library coming back.
        await engine.care.assertPresent(library)
        await library.prepare()
        await library.proveWritable(places)
      } catch {
        return false
      }
      const free = await host.files.freeBytes(library.root)
      return free === null || free >= LEAST_FREE_BYTES
    }
    case 'LIBRARY_MISSING':
      return engine.care.lookAgain(library)
    default:
      return false
  }
}

/** Below this the next paper would fill the disk again at once. */
const LEAST_FREE_BYTES = 1_048_576

function shownSettings(engine: Engine): object {
  const { settings } = engine
  return {
    switch: settings['safety.switch'],
    canary_percent: settings['safety.canaryPercent'],
    workers: settings['network.workers']
  }
}

async function* nothing(): AsyncIterable<readonly WorkDraft[]> {
  // A run without selectors plans nothing.
}
