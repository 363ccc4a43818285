/**
 * Converts a line of `manifest.jsonl` to a paper for the ledger. The line is untrusted input: another person,
 * program or machine may have written it. Pure: the caller checks that the file exists and has these bytes.
 */
import { keysOf } from '../../contract/tables'
import type { Identifiers, Provenance, Scheme, WorkFacts } from '../../contract/work'
import {
  ARTICLE_VERSIONS,
  artifactIdOf,
  PROVIDERS,
  type ArticleVersion,
  type Format
} from '../../contract/words'
import type { ManifestLine } from '../library/manifest-papers'
import { canonicalUrl } from '../works/canonical-url'
import { jobIdOf, jobKey } from '../works/keys'
import { sha256Hex } from '../platform/sha256'
import { locatorOf } from '../works/works'
import { isPaperPath, objectPath } from '../platform/recorded-path'
import { cutAt } from '../../contract/limits'

export interface ListedPaper {
  readonly workId: string
  readonly artifactId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly format: Format
  readonly sha256: string
  /** as claimed by the line; the real file is measured */
  readonly bytes: number
  /** the object's path: derived from its hash, never taken from the line */
  readonly path: string
  /** the readable name, when the line names one inside `papers/` */
  readonly paperPath: string | null
  /** `canonical_url` of the job, from which its key and id follow */
  readonly canonicalUrl: string
  readonly jobKey: string
  readonly jobId: string
  readonly finalizedAt: number
  readonly provenance: Provenance
}

export type LineReading =
  | { readonly kind: 'paper'; readonly paper: ListedPaper; readonly note: string | null }
  | { readonly kind: 'refused'; readonly because: string }

/** The forms of identifiers in a line. */
const FORMS = {
  openalex: /^W\d{1,20}$/,
  doi: /^10\.\d{4,9}\/\S{1,400}$/,
  arxiv: /^[\w.\-/]{4,40}$/,
  pmcid: /^PMC\d{1,12}$/,
  pmid: /^\d{1,12}$/
}
const OF_ADDRESS = /^url:[0-9a-f]{64}$/

/** 1 January 2100, epoch seconds */
const LATEST = 4_102_444_800

export function readListedPaper(line: ManifestLine): LineReading {
  const refused = (because: string): LineReading => ({ kind: 'refused', because })
  const { scheme, value } = partsOf(line.work_id)
  if (!FORMS[scheme].test(value) && !OF_ADDRESS.test(line.work_id))
    return refused(`${short(line.work_id)} is not the id of a work.`)
  if (line.artifact_id !== artifactIdOf(line.work_id, line.format)) {
    return refused(`${short(line.artifact_id)} is not the ${line.format} of ${line.work_id}.`)
  }
  const path = objectPath(line.sha256, line.format)
  if (line.path !== path) return refused(`Its path ${short(line.path)} is not the path of its hash, ${path}.`)
  if (!(line.finalized_at >= 0 && line.finalized_at < LATEST)) {
    return refused(`${String(line.finalized_at)} is not a time in seconds.`)
  }
  const ids = idsOfListed(line)
  const url = canonicalUrlOf(line, ids)
  if (url === null) return refused('The address under which it was planned is not recorded.')
  const key = jobKey(line.work_id, line.artifact_id, url)
  const paperPath = line.paper !== null && isListedName(line.paper) ? line.paper : null
  const paper: ListedPaper = {
    workId: line.work_id,
    artifactId: line.artifact_id,
    ids,
    facts: factsOf(line),
    format: line.format,
    sha256: line.sha256,
    bytes: line.bytes,
    path,
    paperPath,
    canonicalUrl: url,
    jobKey: key,
    jobId: jobIdOf(key),
    finalizedAt: line.finalized_at,
    provenance: provenanceOf(line)
  }
  const note =
    line.paper === null || paperPath !== null
      ? null
      : `Its readable name ${short(line.paper)} is not a name inside papers/; it gets another one.`
  return { kind: 'paper', paper, note }
}

/** Checks a readable name, which may contain folders. Hidden names are refused: Sheaf creates none. */
function isListedName(path: string): boolean {
  return isPaperPath(path) && !/(?:^|\/)\./.test(path)
}

/** The identifiers of a line, as far as they have their forms; the work's id comes before the columns. */
export function idsOfListed(line: ManifestLine): Identifiers {
  const { scheme, value } = partsOf(line.work_id)
  const { doi, arxiv, pmcid, pmid } = line
  const said: Partial<Record<Scheme, string | null>> = { doi, arxiv, pmcid, pmid, [scheme]: value }
  const wellFormed = keysOf(FORMS).filter((one) => FORMS[one].test(said[one] ?? ''))
  return Object.fromEntries(wellFormed.map((one) => [one, said[one]]))
}

/** The id of a work without a scheme is that of OpenAlex, or contains no identifier. */
function partsOf(workId: string): {
  readonly scheme: 'openalex' | 'doi' | 'arxiv' | 'pmcid'
  readonly value: string
} {
  const scheme = (['doi', 'arxiv', 'pmcid'] as const).find((one) => workId.startsWith(`${one}:`))
  return scheme === undefined
    ? { scheme: 'openalex', value: workId }
    : { scheme, value: workId.slice(scheme.length + 1) }
}

/**
 * The work's address at planning time, from which job ids are derived. Lines contain it since schema 2; for
 * older lines it is derived from the name under which the work was planned.
 */
function canonicalUrlOf(line: ManifestLine, ids: Identifiers): string | null {
  const recorded = line.canonical_url === null ? null : asUrl(line.canonical_url)
  if (recorded !== null && recorded === line.canonical_url) return recorded
  const [scheme] = line.work_id.split(':', 1)
  switch (scheme) {
    case 'doi':
    case 'arxiv':
    case 'pmcid':
      return locatorOf({ [scheme]: ids[scheme] })
    case 'url': {
      const name = line.work_id.slice('url:'.length)
      const page = ids.pmid === undefined ? null : locatorOf({ pmid: ids.pmid })
      return [page, asUrl(line.url ?? '')].find((url) => url !== null && sha256Hex(url) === name) ?? null
    }
    default:
      return locatorOf(ids)
  }
}

function asUrl(text: string): string | null {
  if (text.length > 4_096 || !/^https?:\/\//i.test(text)) return null
  try {
    return canonicalUrl(text)
  } catch {
    // Not a valid address: the work cannot be identified.
    return null
  }
}

/** Limits against hostile lines: characters of a title, name or venue, and authors of one paper. */
const MOST_TEXT = 4_000
const MOST_AUTHORS = 10_000

function factsOf(line: ManifestLine): WorkFacts {
  return {
    ...(line.title === null ? {} : { title: line.title.slice(0, MOST_TEXT) }),
    ...(line.authors.length === 0
      ? {}
      : { authors: line.authors.slice(0, MOST_AUTHORS).map((author) => author.slice(0, MOST_TEXT)) }),
    ...(line.year !== null && Number.isInteger(line.year) && Math.abs(line.year) < 10_000
      ? { year: line.year }
      : {}),
    ...(line.venue === null ? {} : { venue: line.venue.slice(0, MOST_TEXT) })
  }
}

function provenanceOf(line: ManifestLine): Provenance {
  const url = line.url ?? ''
  return {
    source: PROVIDERS.find((one) => one === line.source) ?? 'manual',
    tier: null,
    version: ARTICLE_VERSIONS.find((one): one is ArticleVersion => one === line.version) ?? null,
    license: line.license,
    evidence: 'Listed in manifest.jsonl.',
    url,
    finalUrl: url,
    foundOn: null,
    chain: [],
    headers: {},
    checks: [{ name: 'sha256', result: 'the same as when it was filed' }],
    verdict: line.verdict,
    verdictBecause: 'As listed in manifest.jsonl.',
    pages: line.pages,
    encrypted: false,
    fetchedAt: line.finalized_at
  }
}

function short(text: string): string {
  return JSON.stringify(cutAt(text, 120))
}
