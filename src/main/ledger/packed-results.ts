/**
 * The stored form of a successful op's result: a short JSON array in place of an object (schema 24). Each kind has
 * a shape that gives every field its place; values that recur are numbers of a list, and what the op's context says
 * is left out. An object of any other shape is not packed. The view `artifact_ops` restores the text, byte for byte:
 * a change of a shape or a list needs a migration that changes the view. Pure.
 */
import { isObject, jsonOrNull, textIn, type UnknownFields } from '../../contract/unknown-values'
import type { OpKind } from '../../contract/words'

const STORED_SOURCES = [
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
  'openalex_content',
  'given',
  'manual'
]
const TIERS = ['direct_oa', 'doi_follow', 'landing_scrape', 'archive']
const VERSIONS = ['publishedVersion', 'acceptedVersion', 'submittedVersion']
const LICENSES = [
  'cc-by',
  'cc-by-nc',
  'cc-by-nc-nd',
  'cc-by-nc-sa',
  'cc-by-sa',
  'cc-by-nd',
  'cc0',
  'public-domain'
]
const CONTENT_TYPES = ['application/pdf', 'application/octet-stream']
const VERDICTS = ['match', 'unsure']
const VERDICT_REASONS = ['Its first pages print its DOI.', 'Its title and authors are on the first pages.']
const RANGES = ['bytes']

/** The fields of an object in the order of its text; any other order is another shape. */
interface Shape {
  readonly fields: readonly Field[]
}

interface Field {
  readonly name: string
  /** index in the array */
  readonly place: number
  /** every object of the shape has the field */
  readonly always?: true
  /** texts that are stored as their number in this list */
  readonly words?: readonly string[]
  /** the text may be the address of the work's DOI, stored as 0 */
  readonly isPage?: true
  /** the same for each text of a list */
  readonly wordsOfList?: readonly string[]
  /** a text of a list that is stored as a shorter one */
  readonly short?: { readonly text: string; readonly by: string }
  /** the only type that the field may have */
  readonly only?: 'text' | 'object'
  /** the field is an object of this shape */
  readonly shape?: Shape
  /** the field is a list of objects of this shape */
  readonly list?: Shape
  /** the value that the row says elsewhere: then the place is empty */
  readonly elsewhere?: (row: Facts, packed: readonly unknown[]) => unknown
}

/** What the row of the op says beside its result. */
interface Facts {
  readonly url: unknown
  readonly path: unknown
  /** address of the DOI that the result itself names */
  readonly doiPage: string | null
}

const CANDIDATE: Shape = {
  fields: [
    { name: 'url', place: 0, always: true },
    { name: 'evidence', place: 1, always: true },
    { name: 'version', place: 5, words: VERSIONS },
    { name: 'license', place: 6, words: LICENSES },
    { name: 'foundOn', place: 2, isPage: true },
    { name: 'source', place: 3, always: true, words: STORED_SOURCES },
    { name: 'tier', place: 4, always: true, words: TIERS },
    { name: 'format', place: 8 },
    { name: 'rank', place: 7 },
    { name: 'bytes', place: 9 },
    { name: 'priceUsd', place: 10 },
    { name: 'md5', place: 11 }
  ]
}

const IDS: Shape = {
  fields: ['openalex', 'doi', 'arxiv', 'pmid', 'pmcid', 'url'].map((name, place) => ({ name, place }))
}

const PAGE: Shape = {
  fields: [
    { name: 'candidate', place: 0 },
    { name: 'pdfUrl', place: 6 },
    { name: 'landingUrl', place: 3, isPage: true },
    { name: 'version', place: 4, words: VERSIONS },
    { name: 'license', place: 5, words: LICENSES },
    { name: 'venue', place: 1 },
    { name: 'isOa', place: 2 }
  ]
}

const HEADERS: Shape = {
  fields: [
    { name: 'content-range', place: 3 },
    { name: 'content-disposition', place: 4 },
    { name: 'content-encoding', place: 5 },
    { name: 'accept-ranges', place: 1, words: RANGES },
    { name: 'date', place: 0 },
    { name: 'server', place: 2 },
    { name: 'link', place: 6 }
  ]
}

/** What a STREAM keeps once its file is listed; before, its provenance is an object. */
const PROVENANCE: Shape = {
  fields: [
    { name: 'source', place: 0, always: true, words: STORED_SOURCES },
    { name: 'verdict', place: 1, always: true, words: VERDICTS },
    { name: 'verdictBecause', place: 2, always: true, words: VERDICT_REASONS },
    { name: 'pages', place: 3 }
  ]
}

const SHAPES: Partial<Readonly<Record<OpKind, Shape>>> = {
  RESOLVE: {
    fields: [
      { name: 'candidates', place: 0, always: true, list: CANDIDATE },
      { name: 'ids', place: 1, shape: IDS },
      { name: 'retryAt', place: 6 },
      { name: 'givenReasons', place: 7 },
      { name: 'asked', place: 2, wordsOfList: STORED_SOURCES },
      { name: 'landingPages', place: 3, list: PAGE },
      { name: 'reasons', place: 4, short: { text: 'NO_OPEN_COPY', by: 'N' } },
      { name: 'isWhole', place: 5 },
      { name: 'retryable', place: 8 }
    ]
  },
  HEAD: {
    fields: [
      { name: 'finalUrl', place: 5, always: true, elsewhere: ({ url }) => url },
      { name: 'status', place: 0, always: true },
      { name: 'contentType', place: 1, words: CONTENT_TYPES },
      { name: 'totalBytes', place: 2 },
      {
        name: 'validator',
        place: 3,
        shape: {
          fields: [
            { name: 'etag', place: 0 },
            { name: 'lastModified', place: 1 }
          ]
        }
      },
      { name: 'asked', place: 6 },
      { name: 'chain', place: 7 },
      { name: 'otherHeaders', place: 4, shape: HEADERS },
      { name: 'headers', place: 8 }
    ]
  },
  STREAM: {
    fields: [
      { name: 'url', place: 5, always: true, elsewhere: ({ url }) => url },
      { name: 'sha256', place: 1, always: true, only: 'text' },
      { name: 'bytes', place: 0, always: true },
      { name: 'fetchedBytes', place: 4, always: true, elsewhere: (_, [bytes]) => bytes },
      { name: 'anewBecause', place: 6 },
      { name: 'validator', place: 2 },
      { name: 'provenance', place: 3, always: true, only: 'object' }
    ]
  },
  FINALIZE: {
    fields: [
      { name: 'path', place: 2, always: true, elsewhere: ({ path }) => path },
      { name: 'paperPath', place: 0, always: true },
      { name: 'finalizedAt', place: 1, always: true }
    ]
  },
  INDEX: { fields: [{ name: 'manifest', place: 0, always: true, elsewhere: () => true }] },
  DEDUPE: { fields: [{ name: 'originalArtifactId', place: 0, always: true, elsewhere: () => null }] }
}

/** The packed text of a success; null: it is stored as it is. */
export function packedResult(kind: OpKind, contextJson: string, resultJson: string): string | null {
  const packed = packedValues(kind, contextJson, resultJson)
  return packed === null ? null : JSON.stringify(packed)
}

function packedValues(kind: OpKind, contextJson: string, resultJson: string): unknown[] | null {
  const shape = SHAPES[kind]
  const result = jsonOrNull(resultJson)
  if (shape === undefined || !isObject(result) || JSON.stringify(result) !== resultJson) return null
  return packedObject(shape, result, factsOf(jsonOrNull(contextJson), result))
}

/**
 * The packed text of a STREAM whose file is listed, with little of its provenance; `finalize` says how many
 * rows further the op is whose context has the hash. Null: it has another shape.
 */
export function packedListed(
  contextJson: string,
  resultJson: string,
  finalize: number | null
): string | null {
  const packed = packedValues('STREAM', contextJson, resultJson)
  if (packed === null) return null
  const [bytes, sha256, validator, provenance, ...rest] = packed
  const little = packedObject(PROVENANCE, provenance, NO_FACTS)
  return little === null ? null : JSON.stringify([bytes, finalize ?? sha256, validator, little, ...rest])
}

const NO_FACTS: Facts = { url: undefined, path: undefined, doiPage: null }

function factsOf(context: unknown, { ids }: UnknownFields): Facts {
  const doi = isObject(ids) ? textIn(ids, 'doi') : null
  const doiPage = doi === null ? null : `https://doi.org/${doi}`
  if (!isObject(context)) return { ...NO_FACTS, doiPage }
  return { url: asWritten(context['url']), path: asWritten(context['target_path']), doiPage }
}

/** The text of a context has other escapes than a result outside of ASCII: such a value is not left out. */
function asWritten(value: unknown): unknown {
  return typeof value === 'string' && /^[ -~]*$/.test(value) ? value : undefined
}

/** Places after the last one that is taken are left out; null: the object has another shape. */
function packedObject({ fields }: Shape, value: unknown, row: Facts): unknown[] | null {
  if (!isObject(value)) return null
  const packed: unknown[] = []
  let next = 0
  for (const [name, one] of Object.entries(value)) {
    const at = fields.findIndex((field) => field.name === name)
    const field = fields[at]
    if (field === undefined || at < next || fields.slice(next, at).some(({ always }) => always)) return null
    next = at + 1
    if (field.elsewhere !== undefined && field.elsewhere(row, packed) === one) continue
    const stored = packedValue(field, one, row)
    if (stored === null) return null
    packed[field.place] = stored
  }
  if (fields.slice(next).some(({ always }) => always)) return null
  return Array.from(packed, (one) => one ?? null)
}

/** Null: not of the field's type. */
function packedValue(field: Field, value: unknown, row: Facts): unknown {
  const { words, isPage, wordsOfList, short, shape, list, only } = field
  if (words !== undefined) return numberOrText(words, value)
  if (isPage === true) return numberOrText(row.doiPage === null ? [] : [row.doiPage], value)
  if (wordsOfList !== undefined) return packedList(value, (one) => numberOrText(wordsOfList, one))
  if (short !== undefined)
    return packedList(value, (one) => (one === short.text ? short.by : one === short.by ? null : one))
  if (shape !== undefined) return packedObject(shape, value, row)
  if (list !== undefined) return packedList(value, (one) => packedObject(list, one, row))
  if (only === 'object') return isObject(value) ? value : null
  return only === 'text' && typeof value !== 'string' ? null : value
}

function numberOrText(words: readonly string[], value: unknown): unknown {
  if (typeof value !== 'string') return null
  const at = words.indexOf(value)
  return at === -1 ? value : at
}

function packedList(value: unknown, each: (one: unknown) => unknown): unknown[] | null {
  if (!Array.isArray(value)) return null
  const packed = value.map(each)
  return packed.includes(null) ? null : packed
}
