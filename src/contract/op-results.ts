/**
 * The content of each op's `result_json`: one schema per kind, used by the op and every reader
 * (docs/design.md §3, §6). Rows of earlier versions and of damaged ledgers are untrusted: what does not parse
 * is no result. Bytes, seconds since the epoch, paths relative to the library.
 */
import { z } from 'zod'
import { fromRuns, pageOf } from './stored-lists'
import { directWay, repeatedHeaders, withWay } from './stored-provenance'
import type { Candidate, Identifiers, OaLocation, Provenance, Validator, WorkFacts } from './work'
import {
  RESTART_REASONS,
  ARTICLE_VERSIONS,
  FORMATS,
  PAPER_VERDICTS,
  PROVIDERS,
  SOURCES,
  TIERS,
  type RestartReason,
  type OpKind,
  type SourceName
} from './words'
import { isObject } from './unknown-values'

/** Candidates from the answers of one tier's sources. */
export interface Resolved {
  readonly candidates: readonly Candidate[]
  readonly landingPages: readonly OaLocation[]
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** a source failed in a way that may pass: “nothing found” is not final */
  readonly retryable: boolean
  readonly retryAt: number | null
  /** the most informative reason of a source, when there is no candidate */
  readonly reasons: readonly string[]
  /** the same for the work's own address, when it was named by an address only */
  readonly givenReasons: readonly string[]
  /** sources of the tier that were queried for this answer or earlier */
  readonly asked: readonly SourceName[]
  /** all sources of the tier have been queried */
  readonly isWhole: boolean
}

/** A candidate server's answer before its body was read. */
export interface HeadResult {
  readonly finalUrl: string
  readonly status: number
  readonly contentType: string | null
  readonly totalBytes: number | null
  readonly validator: Validator
  /** the method whose answer was used */
  readonly asked: 'HEAD' | 'GET'
  readonly chain: Provenance['chain']
  readonly headers: Readonly<Record<string, string>>
}

/** A complete, valid file of the right paper in staging. */
export interface Streamed {
  readonly url: string
  readonly sha256: string
  readonly bytes: number
  /** bytes that this attempt received */
  readonly fetchedBytes: number
  readonly resumedFrom: number
  /** bytes on disk that were discarded and fetched again */
  readonly fetchedTwice: number
  /** why they were discarded */
  readonly anewBecause: RestartReason | null
  /** the version of the file at `url`, for other jobs with the same address */
  readonly validator: string | null
  readonly provenance: Provenance
}

/** The object and its readable name. Hash, bytes and provenance are in the STREAM that brought them. */
export interface Placed {
  readonly path: string
  readonly paperPath: string
  readonly finalizedAt: number
}

/** The file under its name: all that the next ops need, even after a crash in between. */
export interface FinalizedFile extends Placed {
  readonly sha256: string
  readonly bytes: number
  readonly url: string
  readonly validator: string | null
  readonly provenance: Provenance
}

export interface OpResults {
  readonly RESOLVE: Resolved
  readonly HEAD: HeadResult
  readonly STREAM: Streamed
  readonly FINALIZE: Placed
  readonly INDEX: { readonly manifest: true }
  readonly DEDUPE: { readonly originalArtifactId: string | null }
  readonly RENAME: { readonly from: string | null; readonly paperPath: string }
}

const text = z.string()
const number = z.number()
const version = z.enum(ARTICLE_VERSIONS)
const provider = z.enum(PROVIDERS)
const chain = z.array(z.object({ url: text, status: number, location: text.exactOptional() }))
const headers = z.record(text, text)

/** Rows of schema 17 and before contain objects. */
const check = z.union([
  z.object({ name: text, result: text }),
  z.tuple([text, text]).transform(([name, result]) => ({ name, result }))
])

/** Parses what `storedProvenance` wrote, and what remains in a STREAM whose artifact is gone. */
export const provenanceSchema: z.ZodType<Provenance> = z
  .object({
    source: provider,
    tier: z.enum(TIERS).nullable().default(null),
    version: version.nullable().default(null),
    license: text.nullable().default(null),
    evidence: text.default(''),
    url: text.default(''),
    finalUrl: text.optional(),
    foundOn: text.nullable().default(null),
    chain: chain.optional(),
    headers: headers.default({}),
    checks: z.array(check).default([]),
    verdict: z.enum(PAPER_VERDICTS),
    verdictBecause: text,
    pages: number.nullable().default(null),
    encrypted: z.boolean().default(false),
    fetchedAt: number.default(0)
  })
  .transform(withWay)

const NOTHING_KNOWN = { source: 'manual', verdict: 'unsure', verdictBecause: '' } as const

/**
 * The provenance of an artifact's row. Invalid parts (a damaged row, or a later version's) are treated as
 * absent, so that a paper is not lost with its history.
 */
export function provenanceOfRow(stored: unknown): Provenance {
  const whole = { ...NOTHING_KNOWN, ...(isObject(stored) ? stored : {}) }
  return provenanceSchema.safeParse(whole).data ?? provenanceSchema.parse(NOTHING_KNOWN)
}

const candidate = z.object({
  url: text,
  source: provider,
  tier: z.enum(TIERS),
  format: z.enum(FORMATS).default('pdf'),
  version: version.exactOptional(),
  license: text.exactOptional(),
  rank: number.default(0),
  evidence: text,
  foundOn: text.exactOptional(),
  bytes: number.exactOptional(),
  priceUsd: number.exactOptional(),
  md5: text.exactOptional()
})

const location = z.object({
  pdfUrl: text.exactOptional(),
  landingUrl: text.exactOptional(),
  version: version.exactOptional(),
  license: text.exactOptional(),
  venue: text.exactOptional(),
  isOa: z.boolean().exactOptional(),
  candidate: number.exactOptional()
})

export const identifiersSchema = z.object({
  openalex: text.exactOptional(),
  doi: text.exactOptional(),
  arxiv: text.exactOptional(),
  pmid: text.exactOptional(),
  pmcid: text.exactOptional(),
  url: text.exactOptional()
})

const facts = z.object({
  title: text.exactOptional(),
  authors: z.array(text).exactOptional(),
  year: number.exactOptional(),
  venue: text.exactOptional(),
  type: text.exactOptional(),
  language: text.exactOptional(),
  retracted: text.exactOptional()
})

const SCHEMAS: { readonly [K in OpKind]: z.ZodType<OpResults[K]> } = {
  RESOLVE: z
    .object({
      candidates: z.array(candidate).default([]),
      landingPages: z.array(location).default([]),
      ids: identifiersSchema.default({}),
      facts: facts.default({}),
      retryable: z.boolean().default(false),
      retryAt: number.nullable().default(null),
      reasons: z.array(z.union([text, number])).default([]),
      givenReasons: z.array(text).default([]),
      // Rows of earlier versions: all sources of the tier were queried at once.
      asked: z.array(z.enum(SOURCES)).default([]),
      isWhole: z.boolean().default(true)
    })
    .transform(({ landingPages, reasons, ...one }) => ({
      ...one,
      landingPages: landingPages.map((page) => pageOf(page, one.candidates)),
      reasons: fromRuns(reasons)
    })),
  HEAD: z
    .object({
      finalUrl: text,
      status: number,
      contentType: text.nullable().default(null),
      totalBytes: number.nullable().default(null),
      validator: z.object({ etag: text.exactOptional(), lastModified: text.exactOptional() }).default({}),
      asked: z.enum(['HEAD', 'GET']).default('GET'),
      chain: chain.optional(),
      headers: headers.optional(),
      otherHeaders: headers.default({})
    })
    .transform(({ otherHeaders, ...one }) => ({
      ...one,
      chain: one.chain ?? directWay(one.finalUrl, one.status),
      headers: one.headers ?? { ...repeatedHeaders(one), ...otherHeaders }
    })),
  STREAM: z.object({
    url: text,
    sha256: text,
    bytes: number,
    fetchedBytes: number,
    resumedFrom: number.default(0),
    fetchedTwice: number.default(0),
    // Rows of earlier versions contain no reason; a later version may know further reasons.
    anewBecause: z.enum(RESTART_REASONS).nullable().default(null).catch(null),
    validator: text.nullable().default(null),
    provenance: provenanceSchema
  }),
  FINALIZE: z.object({ path: text, paperPath: text, finalizedAt: number }),
  INDEX: z.object({ manifest: z.literal(true) }),
  DEDUPE: z.object({ originalArtifactId: text.nullable() }),
  RENAME: z.object({ from: text.nullable(), paperPath: text })
}

/** Parses a stored success of this kind; null when it is none. */
export function opResult<K extends OpKind>(kind: K, stored: unknown): OpResults[K] | null {
  return SCHEMAS[kind].safeParse(stored).data ?? null
}

/** The stored facts of an unsuccessful attempt. */
export interface OpFailure {
  /** a sentence; null: the code is sufficient */
  readonly because: string | null
  /** status of the refused answer */
  readonly status: number | null
  /** a success that no longer holds because its file is gone */
  readonly isSetBack: boolean
}

const failure = z.looseObject({
  because: text.nullable().catch(null).default(null),
  status: number.nullable().catch(null).default(null)
})

export function opFailure(stored: unknown): OpFailure {
  const read = failure.safeParse(stored).data ?? { because: null, status: null }
  return { because: read.because, status: read.status, isSetBack: 'was' in read }
}
