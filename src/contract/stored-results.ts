/**
 * The stored form of op results: each fact is stored once, so fields that repeat another row, another field
 * or a default are left out. The schemas of `op-results.ts` restore them; rows of earlier versions contain
 * everything and read the same. Pure.
 */
import type { HeadResult, Resolved, Streamed } from './op-results'
import { SCHEMES, type Candidate, type Identifiers } from './work'
import { inRuns, storedPage } from './stored-lists'
import { isDirect, isEmpty, repeatedHeaders, storedProvenance, withoutNulls } from './stored-provenance'

export function storedHead(head: HeadResult): object {
  const { chain, headers, validator, asked, ...rest } = head
  const repeated = repeatedHeaders(head)
  // Only when all of them are present: what is restored must equal what was left out.
  const isRepeated = Object.entries(repeated).every(([name, value]) => headers[name] === value)
  const others = Object.fromEntries(Object.entries(headers).filter(([name]) => !(name in repeated)))
  return {
    ...withoutNulls(rest),
    ...(isEmpty(validator) ? {} : { validator }),
    ...(asked === 'GET' ? {} : { asked }),
    ...(isDirect(chain, head.finalUrl, head.status) ? {} : { chain }),
    ...(isRepeated ? (isEmpty(others) ? {} : { otherHeaders: others }) : { headers })
  }
}

/** Facts of the work are in its own row: the transaction that records the answer merges them. */
export function storedResolved(resolved: Resolved): object {
  const { candidates, ids, landingPages, reasons, isWhole, retryable, retryAt, givenReasons, asked } =
    resolved
  const rest = {
    ids: idsInOrder(ids),
    retryAt,
    givenReasons,
    asked,
    landingPages: landingPages.map((page) => storedPage(page, candidates)),
    reasons: inRuns(reasons)
  }
  return {
    candidates: candidates.map(storedCandidate),
    ...Object.fromEntries(
      Object.entries(withoutNulls(rest)).filter(
        ([, one]) => typeof one !== 'object' || one === null || !isEmpty(one)
      )
    ),
    ...(isWhole ? {} : { isWhole }),
    ...(retryable ? { retryable } : {})
  }
}

/** In the order of `ledger/packed-results.ts`, whichever source it is of. */
function storedCandidate(candidate: Candidate): object {
  const { url, evidence, version, license, foundOn, source, tier, format, rank, ...rest } = candidate
  const { bytes, priceUsd, md5 } = rest
  return {
    ...{ url, evidence, version, license, foundOn, source, tier },
    ...(format === 'pdf' ? {} : { format }),
    ...(rank === 0 ? {} : { rank }),
    ...{ bytes, priceUsd, md5 }
  }
}

function idsInOrder(ids: Identifiers): Identifiers {
  return Object.fromEntries(
    SCHEMES.flatMap((scheme) => (ids[scheme] === undefined ? [] : [[scheme, ids[scheme]]]))
  )
}

export function storedStream(streamed: Streamed): object {
  const { resumedFrom, fetchedTwice, provenance, ...rest } = streamed
  return {
    ...withoutNulls(rest),
    ...(resumedFrom === 0 ? {} : { resumedFrom }),
    ...(fetchedTwice === 0 ? {} : { fetchedTwice }),
    provenance: storedProvenance(provenance)
  }
}
