/**
 * The candidates of a job with their outcomes and reasons. Pure; derived from the ops.
 */
import { resultOf, type OpFacts } from '../../contract/job-history'
import type { CandidateView } from '../../contract/job-views'
import { hostOrNull } from '../../contract/addresses'
import { isManualAddress } from '../../contract/words'
import { addTo } from '../platform/add-to'

/** In the order in which they were named; a tried candidate that is no longer named is included. */
export function candidatesOf(ops: readonly OpFacts[], isActive: boolean): CandidateView[] {
  const views = new Map<string, CandidateView>()
  for (const op of ops) {
    for (const candidate of resultOf(op, 'RESOLVE')?.candidates ?? []) {
      const { url } = candidate
      if (views.has(url)) continue
      views.set(url, {
        url,
        host: hostOrNull(url) ?? '',
        source: candidate.source,
        tier: candidate.tier,
        version: candidate.version ?? null,
        license: candidate.license ?? null,
        evidence: candidate.evidence,
        verdict: 'untried',
        because: null,
        code: null
      })
    }
  }
  for (const [url, tries] of triesByUrl(ops)) {
    const known = views.get(url)
    const request = tries.map((op) => op.request).find((row) => row !== null)
    views.set(url, {
      url,
      host: hostOrNull(url) ?? '',
      source: request?.source ?? '',
      tier: request?.tier ?? null,
      version: null,
      license: null,
      evidence: null,
      ...known,
      ...fateOf(tries, isActive)
    })
  }
  return [...views.values()]
}

function triesByUrl(ops: readonly OpFacts[]): ReadonlyMap<string, readonly OpFacts[]> {
  const tries = new Map<string, OpFacts[]>()
  for (const op of ops) {
    const { url } = op
    if (url === null || isManualAddress(url) || (op.kind !== 'HEAD' && op.kind !== 'STREAM')) continue
    addTo(tries, url, op)
  }
  return tries
}

type Fate = Pick<CandidateView, 'verdict' | 'because' | 'code'>

function fateOf(tries: readonly OpFacts[], isActive: boolean): Fate {
  const last = tries.at(-1)
  if (last === undefined) return without('untried')
  if (last.kind === 'STREAM' && last.code === 'OK') return without('chosen')
  const isOpen = last.code === null || last.code === 'OK' || NO_ANSWER.has(last.code)
  if (isOpen) return without(isActive ? 'trying' : 'untried')
  return { verdict: 'rejected', because: last.failure.because, code: last.code }
}

function without(verdict: CandidateView['verdict']): Fate {
  return { verdict, because: null, code: null }
}

/** Notes instead of results: the op was interrupted and will be repeated. */
const NO_ANSWER: ReadonlySet<string> = new Set(['ABANDONED', 'INTERRUPTED'])
