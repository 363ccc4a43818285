/**
 * One run: plan the requested works, execute jobs until none is due, report the summary. The switch decides
 * per work whether it is recorded (docs/design.md §9); the code below is the same for both.
 */
import { SheafError } from '../../contract/errors'
import type { PlannedLine, SummaryLine } from '../../contract/lines'
import type { WorkDraft } from '../../contract/work'
import { STATES, type Format } from '../../contract/words'
import { dropOldLookups } from '../ledger/lookups'
import { beginRun, endRun } from '../ledger/runs'
import { servicesOf, type Engine } from './engine'
import type { Ending } from './job-endings'
import type { Task } from './job-source'
import type { PlanList } from './lists'
import { LOOKUP_HOLDS_SECONDS } from './look-up-batches'
import { countExisting, nothingSaid, planDrafts } from './plan-drafts'
import { causeHasPassed, whyItStands } from './run-causes'
import { countFailures } from './run-failures'
import { booksOf, jobSourcesOf } from './run-sources'
import { RunStats } from './run-stats'
import { abortReason, runScheduler, type JobLimits } from './scheduler'
import { untilSearchFails } from './until-search-fails'

/** A run ends when the next retry is further away than this. */
const HORIZON_SECONDS = 45
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
    engine.lookups.stop(abortReason(signal))
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
      onResume: () => {
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
 * The network limits concurrent files. Many more jobs are begun, so that every available host has a request
 * waiting; few of them look for copies at once, so that no service has a long queue.
 */
function jobLimits(files: number): JobLimits {
  return { looking: Math.max(2, files * 2), begun: Math.min(512, files * 32), ready: files }
}

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
