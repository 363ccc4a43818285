/**
 * Takes tasks from the job sources, executes them, and ends when nothing is due. The network limits how many
 * requests are on the wire (lanes, hosts, rates); a job that waits there holds no worker. The scheduler limits
 * how many jobs look for copies at once, and begins one job in each turn of the event loop: jobs whose answers
 * are stored resolve without a wait, and hundreds of them in a row would delay every answer and timer of the
 * network. While enough files are ready to download, new jobs begin slowly, so that active jobs end first.
 * It stops within two seconds of the signal's abort and keeps every byte: the signal reaches every wait.
 * When the gate closes, active jobs are released; when it opens, the scheduler resumes. A cause that returns
 * as soon as work resumes is checked at growing intervals, without a request.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { messageOf, SheafError } from '../../contract/errors'
import { deferred } from '../platform/deferred'
import { OVER } from '../platform/ended-with'
import type { Clock, Host } from '../platform/host'
import { orAborted } from '../platform/or-aborted'
import type { Gate, StopReason } from './gate'
import { troubledPlace } from '../library/disk-trouble'
import type { JobContext, Services } from './job-context'
import type { Task, JobSource } from './job-source'
import { executeJob } from './execute-job'
import type { Ending } from './job-endings'

export interface SchedulerParts {
  readonly host: Host
  readonly services: Services
  readonly jobSources: readonly JobSource[]
  /** called at every turn: they may change meanwhile */
  readonly limits: () => JobLimits
  readonly gate: Gate
  readonly signal: AbortSignal
  /** how long to wait for the next job to become due before the run is over, in seconds */
  readonly horizonSeconds: number
  /** jobs under way, by id: so that one can be paused or cancelled */
  readonly active: Map<string, ActiveJob>
  readonly onEnding: (task: Task, ending: Ending) => void
  /** called when the gate opened again, before anything is begun */
  readonly onResume: () => void
  /** the reason behind an error for which everything waits */
  readonly explain: (error: SheafError) => Promise<SheafError>
  /** whether the cause of a pause is gone. `places` are paths that the disk refused; called at most every two seconds */
  readonly hasPassed: (code: StopReason, places: readonly string[]) => Promise<boolean>
}

export interface JobLimits {
  /** jobs that look for copies at once */
  readonly looking: number
  /** jobs that are begun at all; most of them wait for the turn of a host */
  readonly begun: number
  /** hosts that wait only for a place among the files: with so many, beginning more jobs fetches nothing sooner */
  readonly ready: number
}

export interface ActiveJob {
  readonly isReadAlone: boolean
  readonly stop: (reason: Error) => void
  readonly ended: Promise<void>
}

/** How long a stop may take before work that hangs is no longer waited for. */
const STOP_WITHIN_MS = 1_700
const LOOK_EVERY_MS = 2_000
/** Delay before another job starts when enough candidates are ready: a later job may use a slower host. */
const PACE_MS = 100
/** While files download, wait this many times as long as starting a job took before starting the next. */
const REST_PER_BEGINNING = 2
/** The first look waits this long at most, when the same cause came back again and again. */
const LONGEST_REST_MS = 60_000
/** A cause that comes back within this time was not gone. */
const SOON_MS = 60_000

/** What a run remembers of its pauses. */
interface Pauses {
  /** by job: how often the engine stood still for it */
  readonly byJob: Map<string, number>
  /** what the disk refused since work went on last */
  readonly places: Set<string>
  restMs: number
  wentOn: { readonly code: StopReason; readonly atMs: number } | null
}

export async function runScheduler(parts: SchedulerParts): Promise<void> {
  const groups = new Map<string, number>()
  const running = new Set<Promise<void>>()
  /** of those that run, the ones that have not come to a file yet, or look for another one */
  const looking = new Set<string>()
  const faults: Error[] = []
  const pauses: Pauses = { byJob: new Map(), places: new Set(), restMs: LOOK_EVERY_MS, wentOn: null }
  const wake = makeBell(parts.host.clock)
  const quietGate = parts.gate.onChange(wake.ring)
  const onAbort = (): void => {
    wake.ring()
  }
  const begin = (task: Task): void => {
    const { jobId } = task.job
    let hasEnded = false
    looking.add(jobId)
    groups.set(task.group, (groups.get(task.group) ?? 0) + 1)
    const work = runJob(parts, task, pauses, (isLooking) => {
      // A question that is cut off may end after its job.
      if (hasEnded) return
      if (isLooking) looking.add(jobId)
      else if (looking.delete(jobId)) wake.ring()
    })
      .catch((error: unknown) => {
        faults.push(error instanceof Error ? error : new Error(String(error)))
      })
      .finally(() => {
        const left = (groups.get(task.group) ?? 1) - 1
        if (left > 0) groups.set(task.group, left)
        else groups.delete(task.group)
        hasEnded = true
        running.delete(work)
        looking.delete(jobId)
        wake.ring()
      })
    running.add(work)
  }
  let beganAtMs = Number.NEGATIVE_INFINITY
  let restUntilMs = Number.NEGATIVE_INFINITY
  parts.signal.addEventListener('abort', onAbort)
  try {
    while (!isOver(parts.signal, faults)) {
      const closed = parts.gate.closed()
      if (closed !== null) {
        stopAll(parts, new SheafError(closed.code, closed.sentence))
        await settleWithin(parts, running)
        await waitForGate(parts, pauses, wake.wait)
        if (!parts.signal.aborted) parts.onResume()
        continue
      }
      const limits = parts.limits()
      const paceMs = mayBegin(limits, running.size, looking.size)
        ? paceOf(parts, limits, { beganAtMs, restUntilMs })
        : null
      const task = paceMs === 0 ? takeFrom(parts, groups) : null
      if (task !== null) {
        const { clock } = parts.host
        beganAtMs = clock.monotonicMs()
        begin(task)
        await yieldToEventLoop()
        const now = clock.monotonicMs()
        restUntilMs = now + restAfter(now - beganAtMs, running.size - looking.size)
        continue
      }
      const waitMs = untilDueMs(parts)
      // While it rests between two beginnings, no job was asked for: what is due now has no instant of its own.
      const isNothingDue = paceMs === 0 && (waitMs === null || waitMs > parts.horizonSeconds * 1000)
      if (running.size === 0 && isNothingDue) return
      await wake.wait(Math.min(waitMs ?? 60_000, paceMs === 0 ? 60_000 : (paceMs ?? 60_000)))
    }
  } finally {
    quietGate()
    parts.signal.removeEventListener('abort', onAbort)
    stopAll(parts, abortReason(parts.signal))
    await settleWithin(parts, running)
  }
  if (faults[0] !== undefined) throw faults[0]
}

/** Read again in every round: both change while the loop waits. */
function isOver(signal: AbortSignal, faults: readonly Error[]): boolean {
  return signal.aborted || faults.length > 0
}

function mayBegin(limits: JobLimits, begun: number, looking: number): boolean {
  return begun < limits.begun && looking < limits.looking
}

/** While files are under way, beginning takes a third of the time at most: they come to their end first. */
export function restAfter(tookMs: number, filesUnderWay: number): number {
  return filesUnderWay > 0 ? Math.min(PACE_MS, tookMs * REST_PER_BEGINNING) : 0
}

/** Milliseconds until the next job may begin. */
function paceOf(
  { services, host }: SchedulerParts,
  limits: JobLimits,
  last: { readonly beganAtMs: number; readonly restUntilMs: number }
): number {
  const now = host.clock.monotonicMs()
  if (last.restUntilMs > now) return Math.ceil(last.restUntilMs - now)
  const waitMs = last.beganAtMs + PACE_MS - now
  return waitMs > 0 && services.net.filesReady() >= limits.ready ? waitMs : 0
}

function takeFrom(parts: SchedulerParts, groups: ReadonlyMap<string, number>): Task | null {
  const askedAtMs = parts.host.clock.monotonicMs()
  for (const jobSource of parts.jobSources) {
    const task = jobSource.take((group) => groups.get(group) ?? 0, askedAtMs)
    if (task !== null) return task
  }
  return null
}

/** Milliseconds until something becomes due by itself; null when nothing will. At least a beat. */
function untilDueMs(parts: SchedulerParts): number | null {
  const instants = parts.jobSources.flatMap((jobSource) => jobSource.nextDueAt() ?? [])
  if (instants.length === 0) return null
  return Math.max(50, (Math.min(...instants) - parts.host.clock.now()) * 1000)
}

/** One worker runs one task until it ends. */
async function runJob(
  parts: SchedulerParts,
  task: Task,
  pauses: Pauses,
  looks: (isLooking: boolean) => void
): Promise<void> {
  const controller = new AbortController()
  const ended = deferred<undefined>()
  parts.active.set(task.job.jobId, {
    isReadAlone: task.job.isReadAlone === true,
    stop: (reason) => {
      controller.abort(reason)
    },
    ended: ended.promise
  })
  const begun = task.begin(controller.signal, (error) => {
    controller.abort(error)
  })
  try {
    const context: JobContext = {
      job: task.job,
      work: task.work,
      jobStore: begun.jobStore,
      services: parts.services,
      signal: controller.signal,
      cookies: parts.services.net.newCookieJar(),
      landingPages: [],
      failedUrls: [],
      waitedMs: 0,
      looks,
      stoodStill: pauses.byJob.get(task.job.jobId) ?? 0
    }
    const ending = await executeJob(context)
    if (ending.kind === 'pause') {
      pauses.byJob.set(task.job.jobId, (context.stoodStill ?? 0) + 1)
      const place = troubledPlace(ending.error)
      if (place !== null) pauses.places.add(place)
      await standStill(parts, begun.jobStore, await parts.explain(ending.error))
    }
    parts.onEnding(task, ending)
  } finally {
    begun.end()
    parts.active.delete(task.job.jobId)
    ended.resolve(undefined)
  }
}

/** The disk is full, or the like: the whole engine waits, not one job after the other. */
async function standStill(
  parts: SchedulerParts,
  jobStore: { release(notBefore: number | null): Promise<void> },
  error: SheafError
): Promise<void> {
  const code: StopReason =
    error.code === 'DISK_FULL' ||
    error.code === 'DISK_READ_ONLY' ||
    error.code === 'OFFLINE' ||
    error.code === 'LIBRARY_MISSING'
      ? error.code
      : 'DISK_ERROR'
  parts.host.log.warn(`Paused: ${error.message} ${error.hint}`)
  parts.gate.close(code, error.message)
  const giveBack = async (): Promise<void> => {
    for (;;) {
      try {
        await jobStore.release(null)
        return
      } catch (refused) {
        // The ledger takes nothing now: the job is given back as soon as it does.
        if (parts.signal.aborted) return
        parts.host.log.debug('A job cannot be given back yet', { because: messageOf(refused) })
        await parts.host.clock.sleep(500, parts.signal).catch(() => undefined)
      }
    }
  }
  await orAborted(giveBack(), parts.signal).catch((error: unknown) => {
    if (!parts.signal.aborted) throw error
  })
}

async function waitForGate(
  parts: SchedulerParts,
  pauses: Pauses,
  wait: (ms: number) => Promise<void>
): Promise<void> {
  const { clock } = parts.host
  const began = clock.monotonicMs()
  const isBack =
    pauses.wentOn !== null &&
    pauses.wentOn.code === parts.gate.closed()?.code &&
    began - pauses.wentOn.atMs < SOON_MS
  pauses.restMs = isBack ? Math.min(LONGEST_REST_MS, pauses.restMs * 2) : LOOK_EVERY_MS
  let lookAt = began + pauses.restMs
  for (;;) {
    const closed = parts.gate.closed()
    if (closed === null || parts.signal.aborted) break
    const leftMs = lookAt - clock.monotonicMs()
    if (leftMs > 0) {
      await wait(leftMs)
      continue
    }
    if (await parts.hasPassed(closed.code, [...pauses.places])) {
      pauses.wentOn = { code: closed.code, atMs: clock.monotonicMs() }
      parts.gate.open(closed.code)
      if (parts.gate.closed() === null) parts.host.log.info('Going on: the cause of the pause is gone')
      continue
    }
    lookAt = clock.monotonicMs() + LOOK_EVERY_MS
  }
  pauses.places.clear()
}

function stopAll(parts: SchedulerParts, reason: Error): void {
  for (const job of parts.active.values()) job.stop(reason)
}

/** Waits for running jobs to end, but not longer than a clean stop may take. False: some did not end. */
export async function endWithin(clock: Clock, running: Iterable<Promise<void>>): Promise<boolean> {
  const timeouts = new AbortController()
  const late = clock.sleep(STOP_WITHIN_MS, timeouts.signal).then(
    () => false,
    () => true
  )
  const ended = Promise.allSettled([...running]).then(() => true)
  const inTime = await Promise.race([ended, late])
  timeouts.abort(OVER)
  return inTime
}

async function settleWithin(parts: SchedulerParts, running: ReadonlySet<Promise<void>>): Promise<void> {
  if (running.size === 0 || (await endWithin(parts.host.clock, running))) return
  parts.host.log.warn('Some work did not stop in time; the next start recovers it', { jobs: running.size })
}

/** Why it was stopped. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new SheafError('PAUSED', 'The engine was stopped.')
}

interface Bell {
  readonly ring: () => void
  /** resolves at the next ring, or after `ms` */
  readonly wait: (ms: number) => Promise<void>
}

function makeBell(clock: Clock): Bell {
  let rung = false
  let sleeper: AbortController | null = null
  return {
    ring: () => {
      rung = true
      sleeper?.abort(OVER)
    },
    async wait(ms) {
      if (!rung) {
        sleeper = new AbortController()
        // Being woken is the ordinary way for this sleep to end.
        await clock.sleep(ms, sleeper.signal).catch(() => undefined)
        sleeper = null
      }
      rung = false
    }
  }
}
