/**
 * The closed lists of docs/design.md §1, §5, §8 and §10: every word that crosses a border is here once.
 * Each list is a `const` array, so that a schema, a CHECK in SQL and a type all come from one place.
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
/** Where a file may come from: a source, the address the user gave, or a file the user attached. */
export const PROVIDERS = [...SOURCES, 'given', 'manual'] as const
export type Provider = (typeof PROVIDERS)[number]

/** What became of one question to a source, or one request for a file (docs/design.md §8). */
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
/** No word of the service about what was asked: it may know the work. */
export const UNANSWERED: readonly Outcome[] = ['retryable', 'timeout', 'error']

/** Which text of the work a file holds (NISO JAV names, as Unpaywall and OpenAlex use them). */
export const ARTICLE_VERSIONS = ['publishedVersion', 'acceptedVersion', 'submittedVersion'] as const
export type ArticleVersion = (typeof ARTICLE_VERSIONS)[number]

/** The right-paper check's answer (docs/design.md §10). */
export const PAPER_VERDICTS = ['match', 'unsure', 'mismatch'] as const
export type PaperVerdict = (typeof PAPER_VERDICTS)[number]

/** Why a doubtful file is no doubt any more: the person's word, as it is in the provenance. */
export const ACCEPTED_BY_PERSON = 'Confirmed by you.'

/** Why bytes that lay on disk were thrown away, and the file fetched from its start. */
export const ANEW_REASONS = ['changed', 'sent_whole', 'range_refused', 'unproven'] as const
export type AnewReason = (typeof ANEW_REASONS)[number]

/** What a probe found about an op whose outcome was unknown (docs/design.md §6). */
export const RECOVERIES = ['adopted', 'continued', 'redone'] as const
export type Recovery = (typeof RECOVERIES)[number]

export const OFFLINE_BEHAVIOURS = ['metadata_only', 'block_all', 'cache_only'] as const
export type OfflineBehaviour = (typeof OFFLINE_BEHAVIOURS)[number]

export const SWITCH_POSITIONS = ['off', 'canary', 'on'] as const
export type SwitchPosition = (typeof SWITCH_POSITIONS)[number]

/** The words of a naming template, each in braces. */
export const NAME_WORDS = ['firstAuthor', 'authors', 'year', 'title', 'venue', 'doi', 'workId'] as const
export const NAME_WORDS_ALLOWED = `allowed are ${NAME_WORDS.map((word) => `{${word}}`).join(' ')}`

/** Folders that a naming template may name, each ended by a `/`. */
export const MOST_FOLDERS = 4

/** Words in braces that a naming template does not know. */
export function unknownNameWords(template: string): readonly string[] {
  const known: readonly string[] = NAME_WORDS
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .map((found) => found[1] ?? '')
    .filter((word) => !known.includes(word))
}

/** The format that an artifact's id ends in (`<work>#pdf`). */
export function formatOfArtifact(artifactId: string): Format {
  const ending = artifactId.slice(artifactId.lastIndexOf('#') + 1)
  return FORMATS.find((format) => format === ending) ?? 'pdf'
}
