/**
 * The schemas between Sheaf and the browser companion: requests and answers of the loopback API, and the
 * answers stored under an `Idempotency-Key`. All data that crosses is parsed with these schemas; a stored
 * answer is read with the schema that wrote it.
 */
import { z } from 'zod'
import { DAY_SECONDS } from './durations'

/** The prefix of the API; a change that an older companion cannot handle gets a new one. */
export const COMPANION_PATH = '/v1'

export const COMPANION_LIMITS = {
  /** bytes of a JSON body */
  json: 65_536,
  /** bytes of all header lines of one request */
  headers: 16_384,
  /** papers in one request */
  papers: 200,
  /** identifiers of one paper */
  identifiers: 20,
  /** concurrent connections */
  connections: 32,
  /** milliseconds to receive the header lines of a request */
  headersMs: 10_000,
  /** milliseconds without a byte of the body, and for the client to read the answer */
  idleMs: 30_000,
  /** seconds for which the answer of a key is stored */
  keptSeconds: 90 * DAY_SECONDS
} as const

/** Visible ASCII without quotes, as in draft-ietf-httpapi-idempotency-key-header-06. */
export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9._~:+/=-]{8,128}$/)

const text = (most: number) => z.string().trim().min(1).max(most)

/** One paper under any of its names; the address is used when there is no identifier. */
export const sentPaperSchema = z
  .strictObject({
    identifiers: z.array(text(4_096)).max(COMPANION_LIMITS.identifiers).default([]),
    url: text(4_096).optional(),
    title: text(2_000).optional()
  })
  .refine(
    ({ identifiers, url, title }) => identifiers.length > 0 || url !== undefined || title !== undefined,
    {
      error: 'names neither an identifier nor an address nor a title'
    }
  )
export type SentPaper = z.infer<typeof sentPaperSchema>

export const sentPapersSchema = z.strictObject({
  papers: z.array(sentPaperSchema).min(1).max(COMPANION_LIMITS.papers),
  /** the named list to add them to */
  list: text(200).optional()
})
export type SentPapers = z.infer<typeof sentPapersSchema>

/**
 * planned: a new job. waiting: planned before. needs_you: no open copy was found, the user has to save the
 * file. here: the library has its file. removed: the user removed it. not_understood: nothing was planned.
 */
export const PAPER_STANDINGS = [
  'planned',
  'waiting',
  'needs_you',
  'here',
  'removed',
  'not_understood'
] as const
export type PaperStanding = (typeof PAPER_STANDINGS)[number]

export const paperLineSchema = z.object({
  standing: z.enum(PAPER_STANDINGS),
  job_id: z.string().nullable(),
  work_id: z.string().nullable(),
  title: z.string().nullable(),
  /** an error code: why nothing was planned, or why the user is needed */
  code: z.string().nullable()
})
export type PaperLine = z.infer<typeof paperLineSchema>

/** One line per paper sent, in the same order. */
export const papersAnswerSchema = z.object({ papers: z.array(paperLineSchema) })
export type PapersAnswer = z.infer<typeof papersAnswerSchema>

/**
 * attached: it is the paper's file now. here: the library had the same bytes. asked: the user has to decide.
 */
export const FILE_OUTCOMES = ['attached', 'here', 'asked'] as const

export const fileAnswerSchema = z.object({
  outcome: z.enum(FILE_OUTCOMES),
  job_id: z.string().nullable(),
  work_id: z.string().nullable(),
  title: z.string().nullable(),
  sha256: z.string()
})
export type FileAnswer = z.infer<typeof fileAnswerSchema>

/** A refusal, stored under its key like every other answer. `code`: one of `contract/errors.ts`. */
export const refusalSchema = z.object({ code: z.string(), message: z.string() })
export type Refusal = z.infer<typeof refusalSchema>

export const fileResultSchema = z.union([fileAnswerSchema, refusalSchema])
export type FileResult = z.infer<typeof fileResultSchema>
export const papersResultSchema = z.union([papersAnswerSchema, refusalSchema])
export type PapersResult = z.infer<typeof papersResultSchema>

/** Names of a paper in a query: any of them. */
export const knownQuerySchema = z
  .strictObject({ url: text(4_096).optional(), doi: text(4_096).optional() })
  .refine(({ url, doi }) => url !== undefined || doi !== undefined, { error: 'needs url or doi' })

/** The target of a file: a job, or the address it was saved from; neither: identified from its content. */
export const filePlaceSchema = z.strictObject({
  job: text(200).optional(),
  url: text(4_096).optional()
})
export type FilePlace = z.infer<typeof filePlaceSchema>

export interface StatusAnswer {
  readonly name: 'Sheaf'
  readonly version: string
  /** papers are recorded: without that nothing can be sent */
  readonly remembers: boolean
  readonly waiting: number
  readonly needs_you: number
}

/** Refusals before any paper is examined, with their HTTP status. */
export const COMPANION_REFUSALS = {
  HOST_REFUSED: [403, 'Requests must name 127.0.0.1 or localhost as their host.'],
  ORIGIN_REFUSED: [403, 'Only a browser extension may ask, not a web page.'],
  TOKEN_WRONG: [401, 'The token is missing or wrong.'],
  NO_SUCH_ADDRESS: [404, 'There is nothing at this address.'],
  METHOD_REFUSED: [405, 'This address does not take that method.'],
  KEY_MISSING: [400, 'Every request that writes needs an Idempotency-Key of 8 to 128 characters.'],
  BODY_REFUSED: [400, 'The request cannot be understood.'],
  BODY_TOO_LARGE: [413, 'The body is larger than allowed.'],
  HEADERS_TOO_LARGE: [431, 'The header lines are larger than allowed.'],
  TYPE_REFUSED: [415, 'The body is of another type than this address takes.'],
  BODY_INCOMPLETE: [400, 'The body ended early.'],
  TIMED_OUT: [408, 'The request took too long.'],
  NOT_REMEMBERED: [409, 'Crash-safe downloads are off; turn them on in Sheaf’s settings.']
} as const satisfies Readonly<Record<string, readonly [number, string]>>
export type CompanionRefusal = keyof typeof COMPANION_REFUSALS

/** What the settings show of the companion. */
export interface CompanionView {
  /** the port it listens on; null: it does not listen */
  readonly port: number | null
  /** why it does not listen although it is enabled */
  readonly trouble: 'PORT_IN_USE' | 'PORT_REFUSED' | 'TOKEN_UNREADABLE' | null
  /** null until it was first enabled */
  readonly token: string | null
}
