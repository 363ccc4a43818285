/**
 * Lists within the result of a RESOLVE, as stored in the ledger: repetitions are counted, and facts that a
 * candidate contains are not repeated. Pure.
 */
import type { Candidate, OaLocation } from './work'

/** More than the number of sources; a damaged row must not fill the memory. */
const MOST_REPEATS = 100

/** A number after a text: how often it is repeated. */
export function inRuns(texts: readonly string[]): (string | number)[] {
  const runs: (string | number)[] = []
  let last: string | null = null
  for (const text of texts) {
    const count = runs.at(-1)
    if (text !== last) runs.push(text)
    else if (typeof count === 'number' && count < MOST_REPEATS) runs[runs.length - 1] = count + 1
    else runs.push(typeof count === 'number' ? text : 1)
    last = text
  }
  return runs
}

export function fromRuns(runs: readonly (string | number)[]): string[] {
  const texts: string[] = []
  for (const one of runs) {
    const last = texts.at(-1)
    if (typeof one === 'string') texts.push(one)
    else if (last !== undefined) for (let n = 0; n < Math.min(one, MOST_REPEATS); n += 1) texts.push(last)
  }
  return texts
}

type PageFacts = Pick<OaLocation, 'pdfUrl' | 'landingUrl' | 'version' | 'license'>

/** The facts of a candidate about the page that names it. */
function pageFactsOf(candidate: Candidate): PageFacts {
  const { url, foundOn, version, license } = candidate
  return {
    pdfUrl: url,
    ...(foundOn === undefined ? {} : { landingUrl: foundOn }),
    ...(version === undefined ? {} : { version }),
    ...(license === undefined ? {} : { license })
  }
}

export interface StoredPage extends OaLocation {
  /** index of the candidate that contains the other facts */
  readonly candidate?: number
}

/** In the order of `ledger/packed-results.ts`, whichever source it is of. */
export function storedPage(page: OaLocation, candidates: readonly Candidate[]): object {
  const { pdfUrl, landingUrl, version, license, ...rest } = page
  const candidate = candidates
    .map(pageFactsOf)
    .findIndex(
      (facts) =>
        facts.pdfUrl === pdfUrl &&
        facts.landingUrl === landingUrl &&
        facts.version === version &&
        facts.license === license
    )
  const { venue, isOa } = rest
  return candidate === -1 ? { pdfUrl, landingUrl, version, license, venue, isOa } : { candidate, venue, isOa }
}

export function pageOf({ candidate, ...page }: StoredPage, candidates: readonly Candidate[]): OaLocation {
  const named = candidate === undefined ? undefined : candidates[candidate]
  return named === undefined ? page : { ...pageFactsOf(named), ...page }
}
