/**
 * The copies that were found for a job, what became of each, and why. Pure; out of the ops alone.
 */
import { TIERS } from '../../contract/words'
import type { CandidateView } from '../../contract/job-views'
import { resultOf, type OpFacts } from './op-facts'
import { textIn, wordIn } from './rows'
import { hostOf, isErrorCode, sentenceOfReason, withStop } from './wording'

/** In the order in which they were named; one that was tried and named nowhere any more comes too. */
export function candidatesOf(ops: readonly OpFacts[], isActive: boolean): CandidateView[] {
  const views = new Map<string, CandidateView>()
  for (const op of ops) {
    for (const candidate of resultOf(op, 'RESOLVE')?.candidates ?? []) {
      const { url } = candidate
      if (views.has(url)) continue
      views.set(url, {
        url,
        host: hostOf(url) ?? '',
        source: candidate.source,
        tier: candidate.tier,
        version: candidate.version ?? null,
        license: candidate.license ?? null,
        evidence: candidate.evidence,
        verdict: 'untried',
        because: null
      })
    }
  }
  for (const [url, tries] of triesByUrl(ops)) {
    const known = views.get(url)
    const request = tries.map((op) => op.request).find((row) => row !== null)
    views.set(url, {
      url,
      host: hostOf(url) ?? '',
      source: request === undefined ? '' : (textIn(request, 'source') ?? ''),
      tier: request === undefined ? null : wordIn(request, 'tier', TIERS),
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
    const url = textIn(op.context, 'url')
    if (url === null || url.startsWith('manual:') || (op.kind !== 'HEAD' && op.kind !== 'STREAM')) continue
    tries.set(url, [...(tries.get(url) ?? []), op])
  }
  return tries
}

function fateOf(tries: readonly OpFacts[], isActive: boolean): Pick<CandidateView, 'verdict' | 'because'> {
  const last = tries.at(-1)
  if (last === undefined) return { verdict: 'untried', because: null }
  if (last.kind === 'STREAM' && last.code === 'OK') return { verdict: 'chosen', because: null }
  const isOpen = last.code === null || last.code === 'OK' || NO_ANSWER.has(last.code)
  if (isOpen) return { verdict: isActive ? 'trying' : 'untried', because: null }
  const { because } = last.failure
  const code = last.code
  return {
    verdict: 'rejected',
    because: withStop(because ?? (isErrorCode(code) ? sentenceOfReason(code) : code))
  }
}

/** Notes, not answers: it was cut off, and will be tried again. */
const NO_ANSWER: ReadonlySet<string> = new Set(['ABANDONED', 'INTERRUPTED'])
