/**
 * The closed lists of docs/design.md §1, §5, §8 and §10: every word that crosses a module border is defined
 * here, once. Each list is a `const` array, so that a schema, a CHECK in SQL and a type all come from one
 * place.
 */

export const STATES = [
  'PLANNED',
  'LEASED',
  'HEAD_DONE',
  'RESUME_OK',
  'STREAMING',
  'FINALIZED',
  'INDEXED',
  'DEDUPED',
  'FAILED',
  'SKIPPED_DUPLICATE'
] as const
export type State = (typeof STATES)[number]

export const OP_KINDS = ['RESOLVE', 'HEAD', 'STREAM', 'FINALIZE', 'INDEX', 'DEDUPE', 'RENAME'] as const
export type OpKind = (typeof OP_KINDS)[number]

export const FORMATS = ['pdf', 'xml', 'html'] as const
export type Format = (typeof FORMATS)[number]

export const TIERS = ['direct_oa', 'doi_follow', 'landing_scrape', 'archive'] as const
export type Tier = (typeof TIERS)[number]

/** The strategies that turn a work into candidates. */
export const SOURCES = [
  'unpaywall',
  'openalex',
  'arxiv',
  'pmc',
  'doi_redirect',
  'landing_scrape',
  'europe_pmc',
  'wayback',
  'crossref',
  'semantic_scholar',
  'core',
  'doaj',
  'hal',
  'zenodo',
  'osf',
  'figshare',
  'openaire',
  'datacite',
  'biorxiv',
  'openalex_content'
] as const
export type SourceName = (typeof SOURCES)[number]
/** The provider of a file: a source, the address given by the user, or a file attached by the user. */
export const PROVIDERS = [...SOURCES, 'given', 'manual'] as const
export type Provider = (typeof PROVIDERS)[number]

/** The outcome of one query to a source, or of one request for a file (docs/design.md §8). */
export const OUTCOMES = [
  'success',
  'no_pdf',
  'retryable',
  'nonretryable',
  'skipped',
  'timeout',
  'error'
] as const
export type Outcome = (typeof OUTCOMES)[number]
/** Outcomes without an answer about the work: the service may know it. */
export const UNANSWERED: readonly Outcome[] = ['retryable', 'timeout', 'error']

/** The version of the work in a file (NISO JAV names, as Unpaywall and OpenAlex use them). */
export const ARTICLE_VERSIONS = ['publishedVersion', 'acceptedVersion', 'submittedVersion'] as const
export type ArticleVersion = (typeof ARTICLE_VERSIONS)[number]

/** The result of the right-paper check (docs/design.md §10). */
export const PAPER_VERDICTS = ['match', 'unsure', 'mismatch'] as const
export type PaperVerdict = (typeof PAPER_VERDICTS)[number]

/** The evidence in the provenance when the user confirmed a doubtful file. */
export const ACCEPTED_BY_PERSON = 'Confirmed by you.'

/** Why bytes on disk were discarded, and the file fetched from its start. */
export const RESTART_REASONS = ['changed', 'sent_whole', 'range_refused', 'unproven'] as const
export type RestartReason = (typeof RESTART_REASONS)[number]

/** What a probe found about an op with an unknown outcome (docs/design.md §6). */
export const RECOVERIES = ['adopted', 'continued', 'redone'] as const
export type Recovery = (typeof RECOVERIES)[number]

export const OFFLINE_BEHAVIOURS = ['metadata_only', 'block_all', 'cache_only'] as const
export type OfflineBehaviour = (typeof OFFLINE_BEHAVIOURS)[number]

export const SWITCH_POSITIONS = ['off', 'canary', 'on'] as const
export type SwitchPosition = (typeof SWITCH_POSITIONS)[number]

/** The placeholders of a naming template, each in braces. */
export const NAME_WORDS = ['firstAuthor', 'authors', 'year', 'title', 'venue', 'doi', 'workId'] as const
export const NAME_WORDS_ALLOWED = `allowed are ${NAME_WORDS.map((word) => `{${word}}`).join(' ')}`

/** Maximum number of folders in a naming template, each ended by a `/`. */
export const MOST_FOLDERS = 4

/** Placeholders in braces that a naming template does not know. */
export function unknownNameWords(template: string): readonly string[] {
  const known: readonly string[] = NAME_WORDS
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .map((found) => found[1] ?? '')
    .filter((word) => !known.includes(word))
}

/** Before the hash of a file that the user supplied or accepted: its address, which no server has. */
export const MANUAL = 'manual:'

export function manualAddress(sha256: string): string {
  return `${MANUAL}${sha256}`
}

export function isManualAddress(url: string): boolean {
  return url.startsWith(MANUAL)
}

/** The id of a work's artifact: `<work>#pdf`. */
export function artifactIdOf(workId: string, format: Format): string {
  return `${workId}#${format}`
}

/** The format at the end of an artifact's id; the PDF for an imported id that names none. */
export function formatOfArtifact(artifactId: string): Format {
  const ending = artifactId.slice(artifactId.lastIndexOf('#') + 1)
  return FORMATS.find((format) => format === ending) ?? 'pdf'
}
