/**
 * The insights screen's request. Counting a large ledger takes a while, in small steps: an existing report is
 * returned at once, and a newer one is counted meanwhile, no more often than its cost allows. Only the first
 * one is awaited.
 */
import { withoutEchoes } from '../../contract/alert-words'
import type { CheckedInputOf } from '../../contract/requests'
import type { BoardView, InsightsView } from '../../contract/insights-views'
import type { Sheaf } from '../sheaf-api'
import { alertView, behindMeasure } from './insights-links'
import { rolloutHandlers } from './rollout-handlers'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { reasonCount } from './queue'

const FRESH_MS = 2_000
/** Counting takes at most a twentieth of the time. */
const REST_PER_WORK = 20
/** Maximum number of kept reports, one per period. */
const MOST_KEPT = 8

interface Kept {
  readonly sheaf: Sheaf
  view: InsightsView | null
  madeAtMs: number
  /** the number of changes at the start of its count */
  asOfChange: number
  costMs: number
  making: Promise<InsightsView> | null
}

export function insightsHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'insights'>> {
  const { session, host } = parts
  const kept = new Map<string, Kept>()
  let revision = 0
  let changes = 0
  let phase: string | null = null
  const stopFollowing = session.events.on((name, payload) => {
    if (name === 'jobs') changes += 1
    if (name !== 'run') return
    // The end of a run changes figures even if no job changes any more.
    if (payload.phase !== phase) changes += 1
    phase = payload.phase
  })
  parts.signal.addEventListener('abort', stopFollowing, { once: true })

  async function make(of: CheckedInputOf<'insights.get'>, entry: Kept): Promise<InsightsView> {
    const began = host.clock.monotonicMs()
    const asOfChange = changes
    const report = await entry.sheaf.insights(
      { days: of.days, ...(of.list === undefined ? {} : { list: of.list }) },
      parts.signal
    )
    revision += 1
    const { groups, measures, alerts, failing, byReason, ...figures } = report
    const view: InsightsView = {
      ...figures,
      measures: measures.map((measure) => ({ ...measure, behind: behindMeasure(measure.name) })),
      alerts: withoutEchoes(alerts).map((alert) => alertView(alert, failing)),
      byReason: byReason.map(reasonCount),
      canary: groups,
      isStale: false,
      revision
    }
    entry.view = view
    entry.asOfChange = asOfChange
    entry.madeAtMs = host.clock.monotonicMs()
    entry.costMs = entry.madeAtMs - began
    return view
  }

  return {
    'insights.get': (of) => {
      const { sheaf } = session
      const asked = JSON.stringify([of.days, of.list])
      const known = kept.get(asked)
      const entry: Kept =
        known?.sheaf === sheaf
          ? known
          : { sheaf, view: null, madeAtMs: 0, asOfChange: changes, costMs: 0, making: null }
      kept.delete(asked)
      kept.set(asked, entry)
      for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest)
      const age = host.clock.monotonicMs() - entry.madeAtMs
      const shown = entry.view !== null && { ...entry.view, isStale: entry.asOfChange !== changes }
      if (shown && age < Math.max(FRESH_MS, REST_PER_WORK * entry.costMs)) return shown
      entry.making ??= make(of, entry).finally(() => {
        entry.making = null
      })
      if (!shown) return entry.making
      entry.making.catch((error: unknown) => {
        host.log.debug('The insights could not be counted again', { because: String(error) })
      })
      return shown
    },
    ...rolloutHandlers(parts),
    'insights.hosts': () => boardOf(session.sheaf),
    'insights.setHostOpen': async ({ host: name, isOpen }) => {
      await session.sheaf.setHostOpen(name, isOpen)
      return boardOf(session.sheaf)
    }
  }
}

/** Sorted by number of requests. */
function boardOf(sheaf: Sheaf): BoardView {
  return { hosts: [...sheaf.hosts()].sort((a, b) => b.use.asked - a.use.asked) }
}
