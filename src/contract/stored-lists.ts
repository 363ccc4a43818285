/** Lists within the result of a RESOLVE, as the ledger keeps them: what repeats is counted, what a candidate says is its. Pure. */
import type { Candidate, OaLocation } from './work'

/** More sources than there are; a damaged row must not fill the memory. */
const MOST_REPEATS = 100

/** A number behind a text: how often it follows once more. */
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

/** What a candidate tells of the page that names it. */
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
  /** place of the candidate that tells the rest */
  readonly candidate?: number
}

export function storedPage(page: OaLocation, candidates: readonly Candidate[]): StoredPage {
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
  return candidate === -1 ? page : { candidate, ...rest }
}

export function pageOf({ candidate, ...page }: StoredPage, candidates: readonly Candidate[]): OaLocation {
  const named = candidate === undefined ? undefined : candidates[candidate]
  return named === undefined ? page : { ...pageFactsOf(named), ...page }
}
