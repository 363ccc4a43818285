/**
 * The shapes of a work: its identifiers, its facts, its possible locations, and its files. Shapes only; the
 * modules that use them define the rules.
 */
import type { ArticleVersion, Format, Outcome, PaperVerdict, Provider, State, Tier } from './words'

/** The identifiers of a work. All bare and normalised; absent when unknown. */
export interface Identifiers {
  /** `W2741809807` */
  readonly openalex?: string
  /** lower case, `10.x/y` */
  readonly doi?: string
  /** without its version: `2401.00001`, `hep-th/9901001` */
  readonly arxiv?: string
  /** digits */
  readonly pmid?: string
  /** `PMC123` */
  readonly pmcid?: string
  /** canonical URL (docs/design.md §4) */
  readonly url?: string
}
export type Scheme = keyof Identifiers
/** The strongest scheme first. */
export const SCHEMES = [
  'openalex',
  'doi',
  'arxiv',
  'pmid',
  'pmcid',
  'url'
] as const satisfies readonly Scheme[]

/** Facts of a publication. Sources may add all of them later, except the names. */
export interface WorkFacts {
  readonly title?: string
  /** display order; `Family, Given` or as the service writes it */
  readonly authors?: readonly string[]
  readonly year?: number
  /** the journal, book or repository that published it */
  readonly venue?: string
  /** e.g. `article`, `preprint`, as given */
  readonly type?: string
  readonly language?: string
  /** set when a service says that it was retracted: the notice's DOI, else the service's name */
  readonly retracted?: string
}

/** A requested publication before it has a job. */
export interface WorkDraft {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** the requested arXiv version, such as `v2`; absent: the newest */
  readonly arxivVersion?: string
  /** the URL is the work's name, although it contains a DOI */
  readonly namedBy?: 'url'
  /** URLs given with the work (a .bib's `url`, OpenAlex's locations): hints for the sources */
  readonly locations?: readonly OaLocation[]
  /** the citation key of the user's own reference */
  readonly key?: string
  /** the complete reference of the user, as `works` stores it for an export; at most 20,000 characters */
  readonly reference?: string
  /** where the user named it: file and 1-based line, or the option */
  readonly origin?: { readonly name: string; readonly line?: number }
}

export interface Work {
  readonly workId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly arxivVersion?: string
  readonly locations: readonly OaLocation[]
}

/** A location of a copy reported by a service; becomes a candidate or a landing page to parse. */
export interface OaLocation {
  readonly pdfUrl?: string
  readonly landingUrl?: string
  readonly version?: ArticleVersion
  readonly license?: string
  readonly venue?: string
  readonly isOa?: boolean
}

/** A file URL proposed by a source, with its evidence. */
export interface Candidate {
  readonly url: string
  readonly source: Provider
  readonly tier: Tier
  readonly format: Format
  readonly version?: ArticleVersion
  readonly license?: string
  /** lower is better within one source's answer; the source's own confidence */
  readonly rank: number
  /** one sentence: the source's evidence for the file */
  readonly evidence: string
  /** the page with the link: sent as Referer, stored in the provenance */
  readonly foundOn?: string
  /** size of the file according to the source */
  readonly bytes?: number
  /** price of a request in dollars; absent: free */
  readonly priceUsd?: number
  /** MD5 of the file according to the source, 32 lower-case hex digits: compared with the body */
  readonly md5?: string
}

/** One query to a source or one request for a file: a row of `attempts`. */
export interface AttemptFacts {
  readonly source: Provider
  readonly tier: Tier | null
  readonly url: string | null
  readonly outcome: Outcome
  /** a code of `contract/errors.ts`, or null on success */
  readonly reason: string | null
  /** a plain sentence with the facts */
  readonly detail?: string
  readonly status?: number
  readonly elapsedMs: number
  readonly bytes?: number
  /** the address is that of a question about several works */
  readonly isShared?: boolean
}

/** One hop of a redirect chain, as stored in the provenance. */
export interface Hop {
  readonly url: string
  readonly status: number
  readonly location?: string
}

/** Proves that the bytes on disk and those of an answer are the same version of a file. */
export interface Validator {
  /** as sent, with its quotes; only strong ones allow a part to be continued */
  readonly etag?: string
  /** HTTP date as sent */
  readonly lastModified?: string
}

/** The sidecar of a `.part`, and the bytes on disk: all facts for the decision to resume. */
export interface PartFacts {
  readonly url: string
  readonly validator: Validator
  /** the announced size of the file in bytes; null when unknown */
  readonly totalBytes: number | null
  /** trusted bytes on disk */
  readonly bytes: number
}

export interface Provenance {
  readonly source: Provider
  readonly tier: Tier | null
  readonly version: ArticleVersion | null
  readonly license: string | null
  readonly evidence: string
  readonly url: string
  readonly finalUrl: string
  readonly foundOn: string | null
  readonly chain: readonly Hop[]
  /** the relevant headers: type, length, validators, disposition, date, server */
  readonly headers: Readonly<Record<string, string>>
  readonly checks: readonly { readonly name: string; readonly result: string }[]
  readonly verdict: PaperVerdict
  readonly verdictBecause: string
  readonly pages: number | null
  readonly encrypted: boolean
  /** epoch seconds */
  readonly fetchedAt: number
}

/** A finished file: a row of `artifacts`. Paths are relative to the library, forward slashes. */
export interface ArtifactRow {
  readonly artifactId: string
  readonly workId: string
  readonly jobId: string | null
  readonly format: Format
  readonly sha256: string
  readonly bytes: number
  /** the object, `objects/ab/<sha256>.pdf` */
  readonly path: string
  /** the readable name, `papers/….pdf` */
  readonly paperPath: string | null
  readonly finalizedAt: number
  readonly verdict: PaperVerdict
  readonly provenance: Provenance
}

/** The path shown to the user: the readable name, or the object's path without one. */
export function shownPath(file: Pick<ArtifactRow, 'path' | 'paperPath'>): string {
  return file.paperPath ?? file.path
}

/** A job as stored in the ledger. Instants are epoch seconds. */
export interface JobRow {
  readonly jobId: string
  readonly workId: string
  readonly artifactId: string
  readonly canonicalUrl: string
  readonly state: State
  readonly leaseOwner: string | null
  readonly leaseUntil: number | null
  readonly leaseEpoch: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly idempotencyKey: string
  /** how often the job was started again after a failure */
  readonly attempt: number
  readonly nextAttemptAt: number | null
  /** a code of `contract/errors.ts`; null without an error */
  readonly reason: string | null
  /** larger first */
  readonly priority: number
  readonly runId: string | null
  /** the host last requested for its file, for fairness; null before */
  readonly host: string | null
  /** held by the user: `paused`, `ignored`, `removed`, or null */
  readonly hold: string | null
  /** when the present attempt of the job began; candidates rejected since then are not tried again in it */
  readonly beganAt: number | null
  /** the sentence of `reason` */
  readonly reasonDetail: string | null
  /** set while a lost or damaged file is fetched again: other bytes are not accepted silently */
  readonly expectedSha256: string | null
}

/** The best-known identifier of a work: its DOI, else the next one; null without any. */
export function shownIdentifier(ids: Identifiers): string | null {
  if (ids.doi !== undefined) return ids.doi
  if (ids.arxiv !== undefined) return `arXiv:${ids.arxiv}`
  if (ids.pmcid !== undefined) return ids.pmcid
  return ids.pmid === undefined ? null : `PMID ${ids.pmid}`
}
