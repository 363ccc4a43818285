/**
 * The insights screen's request. Counting a large ledger takes a while, in small steps: a report that
 * is there is answered at once, and a newer one is counted meanwhile, no more often than its cost
 * allows. Only the very first is waited for.
 */
import type { BoardView, InsightsView } from '../../contract/insights-views'
import type { Sheaf } from '../sheaf-api'
import { measureWords } from './insights-words'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'
import { ERRORS } from '../../contract/errors'
import { isErrorCode, sentenceOfReason } from './wording'

const FRESH_MS = 2_000
/** Counting takes at most a twentieth of the time. */
const REST_PER_WORK = 20
/** Reports of so many spans are kept. */
const MOST_KEPT = 8

interface Kept {
  readonly sheaf: Sheaf
  view: InsightsView | null
  madeAtMs: number
  costMs: number
  making: Promise<InsightsView> | null
}

export function insightsHandlers(parts: HandlerDeps): HandlersOf<NamesOf<'insights'>> {
  const { session, host } = parts
  const kept = new Map<number, Kept>()
  let revision = 0

  async function make(days: number, entry: Kept): Promise<InsightsView> {
    const began = host.clock.monotonicMs()
    const report = await entry.sheaf.insights(days, parts.signal)
    revision += 1
    const { groups, measures, byReason, ...figures } = report
    const view: InsightsView = {
      ...figures,
      measures: measures.map((measure) => ({ ...measure, ...measureWords(measure.name) })),
      byReason: byReason.map(({ reason, count }) => ({ reason, count, ...reasonWords(reason) })),
      canary: groups,
      revision
    }
    entry.view = view
    entry.madeAtMs = host.clock.monotonicMs()
    entry.costMs = entry.madeAtMs - began
    return view
  }

  return {
    'insights.get': ({ days }) => {
      const { sheaf } = session
      const known = kept.get(days)
      const entry: Kept =
        known?.sheaf === sheaf ? known : { sheaf, view: null, madeAtMs: 0, costMs: 0, making: null }
      kept.delete(days)
      kept.set(days, entry)
      for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest)
      const age = host.clock.monotonicMs() - entry.madeAtMs
      if (entry.view !== null && age < Math.max(FRESH_MS, REST_PER_WORK * entry.costMs)) return entry.view
      entry.making ??= make(days, entry).finally(() => {
        entry.making = null
      })
      if (entry.view === null) return entry.making
      entry.making.catch((error: unknown) => {
        host.log.debug('The insights could not be counted again', { because: String(error) })
      })
      return entry.view
    },
    'insights.hosts': () => boardOf(session.sheaf),
    'insights.setHostOpen': async ({ host: name, isOpen }) => {
      await session.sheaf.setHostOpen(name, isOpen)
      return boardOf(session.sheaf)
    }
  }
}

/** The hosts asked most come first. */
function boardOf(sheaf: Sheaf): BoardView {
  return { hosts: [...sheaf.hosts()].sort((a, b) => b.use.asked - a.use.asked) }
}

function reasonWords(reason: string): { readonly sentence: string; readonly hint: string } {
  if (!isErrorCode(reason)) return { sentence: reason, hint: '' }
  return { sentence: sentenceOfReason(reason), hint: ERRORS[reason].hint }
}
