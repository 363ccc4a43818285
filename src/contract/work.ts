/**
 * The shapes of a work on its way through Sheaf: how it is named, what is known of it, where a file
 * of it may be, and what arrived. Shapes only; the rules about them live in their rooms.
 */
import type { ArticleVersion, Format, Outcome, PaperVerdict, Provider, State, Tier } from './words'

/** The names a work can be known by. All bare and normalised; absent when not known. */
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
/** The strongest name first. */
export const SCHEMES = [
  'openalex',
  'doi',
  'arxiv',
  'pmid',
  'pmcid',
  'url'
] as const satisfies readonly Scheme[]

/** What is known of a publication. Everything but the names may be filled in later by sources. */
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
  /** the arXiv version asked for, such as `v2`; absent means the newest */
  readonly arxivVersion?: string
  /** the URL is the work's name, though a DOI was read in it */
  readonly namedBy?: 'url'
  /** URLs given with the work (a .bib's `url`, OpenAlex's locations): hints for the sources */
  readonly locations?: readonly OaLocation[]
  /** the citation key of the user's own reference */
  readonly key?: string
  /** all that the user's own reference says, as `works` keeps it for an export; at most 20,000 characters */
  readonly reference?: string
  /** where the person said so: file and 1-based line, or the option */
  readonly origin?: { readonly name: string; readonly line?: number }
}

export interface Work {
  readonly workId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly arxivVersion?: string
  readonly locations: readonly OaLocation[]
}

/** A place of a copy as a service calls it; becomes a candidate or a landing page to look at. */
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
  /** one sentence: why the source believes this is the file */
  readonly evidence: string
  /** the page on which the link stood: sent as Referer, kept in the provenance */
  readonly foundOn?: string
  /** bytes of the file as the source announces them */
  readonly bytes?: number
  /** what asking for it costs, in dollars; absent: nothing */
  readonly priceUsd?: number
  /** MD5 of the whole file as the source announces it, 32 lower-case hex digits: compared with the body */
  readonly md5?: string
}

/** One question to a source or one request for a file: a row of `attempts`. */
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
}

/** One hop of a redirect chain, as provenance keeps it. */
export interface Hop {
  readonly url: string
  readonly status: number
  readonly location?: string
}

/** What proves that the bytes on disk and the bytes on the wire are one version of one file. */
export interface Validator {
  /** as sent, with its quotes; only strong ones may continue a part */
  readonly etag?: string
  /** HTTP date as sent */
  readonly lastModified?: string
}

/** The sidecar of a `.part`, and what lies on disk: all that a resume decides upon. */
export interface PartFacts {
  readonly url: string
  readonly validator: Validator
  /** what the server announced for the whole file, in bytes; null when it did not */
  readonly totalBytes: number | null
  /** bytes on disk that may be trusted */
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
  /** the headers that matter: type, length, validators, disposition, date, server */
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

/** A job, as the ledger keeps it. Instants are epoch seconds. */
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
  /** a code of `contract/errors.ts`; null while nothing is wrong */
  readonly reason: string | null
  /** larger goes first */
  readonly priority: number
  readonly runId: string | null
  /** the host last spoken to for its file, for fairness; null before */
  readonly host: string | null
  /** held by the user: `paused`, or null */
  readonly hold: string | null
  /** when the present attempt of the job began; what was rejected since is not tried again in it */
  readonly beganAt: number | null
  /** the sentence that goes with `reason` */
  readonly reasonDetail: string | null
  /** set while a lost or damaged file is fetched again: other bytes are not accepted silently */
  readonly expectedSha256: string | null
}

/** The identifier that people know a work by: its DOI, else the next one; null without any. */
export function shownIdentifier(ids: Identifiers): string | null {
  if (ids.doi !== undefined) return ids.doi
  if (ids.arxiv !== undefined) return `arXiv:${ids.arxiv}`
  if (ids.pmcid !== undefined) return ids.pmcid
  return ids.pmid === undefined ? null : `PMID ${ids.pmid}`
}
