/**
 * What each op leaves in `result_json`: one schema a kind, with which the op writes and every reader reads
 * (docs/design.md §3, §6). Rows of earlier versions and of damaged ledgers are data from outside: what does
 * not fit is no result. Bytes, seconds since the epoch, paths relative to the library.
 */
import { z } from 'zod'
import { fromRuns, pageOf } from './stored-lists'
import { directWay, repeatedHeaders, withWay } from './stored-provenance'
import type { Candidate, Identifiers, OaLocation, Provenance, Validator, WorkFacts } from './work'
import {
  ANEW_REASONS,
  ARTICLE_VERSIONS,
  FORMATS,
  PAPER_VERDICTS,
  PROVIDERS,
  SOURCES,
  TIERS,
  type AnewReason,
  type OpKind,
  type SourceName
} from './words'
import { isObject } from './unknown-values'

/** Where copies may be, as the sources of one tier answered. */
export interface Resolved {
  readonly candidates: readonly Candidate[]
  readonly landingPages: readonly OaLocation[]
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** a source failed in a way that may pass: “nothing found” is not final */
  readonly retryable: boolean
  readonly retryAt: number | null
  /** the most telling thing that a source said, when it proposed nothing */
  readonly reasons: readonly string[]
  /** the same for the work's own address, when an address is all that it was named by */
  readonly givenReasons: readonly string[]
  /** sources of the tier that were asked for this answer or earlier */
  readonly asked: readonly SourceName[]
  /** no source of the tier is left */
  readonly isWhole: boolean
}

/** What a candidate's server answered before its body was read. */
export interface HeadResult {
  readonly finalUrl: string
  readonly status: number
  readonly contentType: string | null
  readonly totalBytes: number | null
  readonly validator: Validator
  /** which question was believed */
  readonly asked: 'HEAD' | 'GET'
  readonly chain: Provenance['chain']
  readonly headers: Readonly<Record<string, string>>
}

/** A whole, valid file of the right paper in staging. */
export interface Streamed {
  readonly url: string
  readonly sha256: string
  readonly bytes: number
  /** what this attempt received, and what it did not have to */
  readonly fetchedBytes: number
  readonly resumedFrom: number
  /** bytes on disk that had to be thrown away and fetched again */
  readonly fetchedTwice: number
  /** why they had to be */
  readonly anewBecause: AnewReason | null
  /** proves the version of the file at `url`, for others who find the same address */
  readonly validator: string | null
  readonly provenance: Provenance
}

/** The object and its readable name. Hash, bytes and provenance stand in the STREAM that brought them. */
export interface Placed {
  readonly path: string
  readonly paperPath: string
  readonly finalizedAt: number
}

/** The file under its name: all that the next ops need, even if a crash lies between. */
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

/** Rows of schema 17 and before have objects. */
const check = z.union([
  z.object({ name: text, result: text }),
  z.tuple([text, text]).transform(([name, result]) => ({ name, result }))
])

/** Reads what `storedProvenance` left out, and what remains with a STREAM whose artifact is gone. */
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

/** Of an artifact's row. What does not fit (a damaged row, a later version's) is as if it were not there: a paper is
 *  not lost with its history. */
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

const ids = z.object({
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
      ids: ids.default({}),
      facts: facts.default({}),
      retryable: z.boolean().default(false),
      retryAt: number.nullable().default(null),
      reasons: z.array(z.union([text, number])).default([]),
      givenReasons: z.array(text).default([]),
      // Rows of earlier versions asked every source of the tier at once.
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
    // Rows of earlier versions do not say why; a later version may know further reasons.
    anewBecause: z.enum(ANEW_REASONS).nullable().default(null).catch(null),
    validator: text.nullable().default(null),
    provenance: provenanceSchema
  }),
  FINALIZE: z.object({ path: text, paperPath: text, finalizedAt: number }),
  INDEX: z.object({ manifest: z.literal(true) }),
  DEDUPE: z.object({ originalArtifactId: text.nullable() }),
  RENAME: z.object({ from: text.nullable(), paperPath: text })
}

/** A stored success as its type; null when it is none of this kind. */
export function opResult<K extends OpKind>(kind: K, stored: unknown): OpResults[K] | null {
  return SCHEMAS[kind].safeParse(stored).data ?? null
}

/** What is kept of an attempt that did not succeed. */
export interface OpFailure {
  /** a sentence; null: the code says it */
  readonly because: string | null
  /** of the answer that was refused */
  readonly status: number | null
  /** a success that no longer holds, as its file is gone */
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
