/**
 * Determines which work an entry of a reference file names: the only place where fields become identifiers,
 * for all formats. All identifiers are kept; addresses become hints for copies. An entry is never dropped
 * silently: there is a draft, or a problem with the reason, and an unusable field is a problem in addition to
 * its draft.
 */
import { arxivOfDoi } from '../../../contract/doi'
import { trimEndOf } from '../../../contract/scan'
import type { ErrorCode } from '../../../contract/errors'
import type { Identifiers, OaLocation, WorkDraft } from '../../../contract/work'
import { mayBeFile } from '../../platform/file-address'
import { leftBehindDoi } from '../doi-text'
import { findInLine, type FoundIdentifier } from '../find-identifiers'
import type { NamedBy } from '../identifiers'
import { isIsbn } from '../isbn'
import { MAX_IDENTIFIER_CHARS, recognise, type RecognisedIds } from '../recognise'
import type { NameField, RawEntry } from './entry'
import { packReference, ReferenceWhenAsked, type Reference } from './reference'
import { keysOf } from '../../../contract/tables'

export interface DraftOfEntry {
  readonly draft: WorkDraft | null
  readonly problems: readonly EntryProblem[]
}

export interface EntryProblem {
  readonly code: ErrorCode
  readonly because: string
  /** the facts of a work without an identifier: it can be looked up by its title */
  readonly unnamed?: WorkDraft
}

export function draftOfEntry(entry: RawEntry, fileName: string): DraftOfEntry {
  const naming = new Naming()
  if (entry.known !== undefined) naming.add({ kind: 'ids', ...entry.known })
  for (const field of entry.names) readNameField(field, naming)
  for (const url of entry.urls) readUrl(url, naming)
  readVenue(entry.venueText ?? '', naming)
  if (naming.isEmpty) readProse(entry.prose, naming)
  naming.fallBackToPage()
  if (naming.isEmpty) {
    const why = whyNothing(entry, naming)
    const unnamed = canBeLookedUp(entry) ? { unnamed: { ids: {}, ...ownWords(entry, fileName) } } : {}
    return { draft: null, problems: [{ ...why, ...unnamed }] }
  }
  const locations = [...(entry.locations ?? []), ...naming.locations]
  const draft: WorkDraft = {
    ids: naming.ids,
    ...ownWords(entry, fileName),
    ...(naming.arxivVersion === undefined ? {} : { arxivVersion: naming.arxivVersion }),
    ...(naming.namedBy === undefined ? {} : { namedBy: naming.namedBy }),
    ...(locations.length === 0 ? {} : { locations })
  }
  // A database's own page in addition to an identifier is not a problem: every row of its exports has one.
  return { draft, problems: naming.refused.filter(({ code }) => code !== 'NOT_A_WORK') }
}

/** The facts of an entry besides its identifiers. */
function ownWords(entry: RawEntry, fileName: string): Omit<WorkDraft, 'ids'> {
  const { reference } = entry
  return {
    facts: entry.facts,
    ...(entry.key === undefined || entry.key === '' ? {} : { key: entry.key }),
    // A reference that is read on demand is added to the draft at the end (`withReference`).
    ...(reference === undefined || typeof reference === 'function'
      ? {}
      : { reference: packReference(reference) }),
    origin: { name: fileName, line: entry.line }
  }
}

/** The draft with a reference that is read on demand. */
export function withReference(draft: WorkDraft, read: () => Reference): WorkDraft {
  const later = Object.defineProperties(
    {},
    { [LATER]: { value: new ReferenceWhenAsked(read) }, reference: REFERENCE }
  )
  return Object.assign(later, draft)
}

const LATER = Symbol('reference')
/**
 * One getter for all drafts, and no copy by spreading: with a getter of its own, or as a copy that is changed
 * afterwards, each draft has a hidden class of its own in V8, which doubles the memory.
 */
const REFERENCE = {
  enumerable: true,
  get(this: { readonly [LATER]: ReferenceWhenAsked }): string {
    return this[LATER].packed
  }
}

/** A title with fewer letters and digits is too short to search for. */
const LEAST_TITLE_LETTERS = 8

function canBeLookedUp({ facts }: RawEntry): boolean {
  return (facts.title?.match(/[\p{L}\p{N}]/gu) ?? []).length >= LEAST_TITLE_LETTERS
}

/** The identifiers collected so far. The first of a kind is kept; a contradicting one is only a location. */
class Naming {
  ids: Identifiers = {}
  arxivVersion: string | undefined
  namedBy: NamedBy | undefined
  readonly locations: OaLocation[] = []
  readonly refused: { code: ErrorCode; because: string }[] = []
  private page: RecognisedIds | undefined

  get isEmpty(): boolean {
    return Object.keys(this.ids).length === 0
  }

  /** False when it names another work than the known identifiers. */
  add(found: Omit<FoundIdentifier, 'line' | 'text'> & { readonly kind?: 'ids' }): boolean {
    const known = this.ids
    // arXiv's own DOI in addition to a published one is an alias of the preprint, not a contradiction.
    const { doi, ...others } = found.ids
    const isAlias = known.doi !== undefined && doi !== undefined && arxivOfDoi(doi) !== null
    const added: Identifiers = isAlias ? others : found.ids
    const schemes = keysOf(added)
    if (schemes.some((scheme) => known[scheme] !== undefined && known[scheme] !== added[scheme])) return false
    this.ids = { ...added, ...known }
    this.arxivVersion ??= found.arxivVersion
    this.namedBy ??= found.namedBy
    return true
  }

  /** A page names the work only when nothing else does; it may offer a copy in any case. */
  addPage(page: RecognisedIds): void {
    this.page ??= page
    const url = page.ids.url
    if (url !== undefined) this.addLocation(url)
  }

  addLocation(url: string): void {
    const location: OaLocation = mayBeFile(url) ? { pdfUrl: url } : { landingUrl: url }
    if (
      !this.locations.some(
        (known) => known.pdfUrl === location.pdfUrl && known.landingUrl === location.landingUrl
      )
    )
      this.locations.push(location)
  }

  refuse(code: ErrorCode, because: string): void {
    this.refused.push({ code, because })
  }

  fallBackToPage(): void {
    if (this.isEmpty && this.page !== undefined) this.add(this.page)
  }
}

function readNameField({ scheme, value }: NameField, naming: Naming): void {
  if (scheme === 'isbn' || value.trim() === '') return
  if (scheme === 'any') {
    readAnything(value, naming)
    return
  }
  const whole = recognise(value, scheme)
  const hits: readonly Omit<RecognisedIds, 'kind'>[] = whole.kind === 'ids' ? [whole] : findInLine(value).hits
  const [first, ...others] = hits
  if (first === undefined) {
    if (whole.kind === 'refused' && !SAYS_NOTHING.test(value))
      naming.refuse(whole.code, `In the field ${scheme}: ${whole.because}`)
    return
  }
  if (others.length > 0)
    naming.refuse(
      'BAD_IDENTIFIER',
      `The field ${scheme} names ${others.length + 1} works; the first is taken.`
    )
  const left = scheme === 'doi' && others.length === 0 ? leftInField(value, first.ids.doi) : ''
  if (left !== '')
    naming.refuse(
      'BAD_IDENTIFIER',
      `In the field doi: ${String(first.ids.doi)} is taken; “${left.slice(0, 80)}” behind it is not.`
    )
  // A publisher's address in a field for DOIs: the field means the DOI in it, and the address is a location.
  const { url, ...named } = first.ids
  if (url !== undefined && scheme !== 'url') {
    if (Object.keys(named).length > 0) naming.add({ ids: named })
    naming.addPage({
      kind: 'ids',
      ids: first.ids,
      ...(first.namedBy === undefined ? {} : { namedBy: first.namedBy })
    })
  } else if (url !== undefined) naming.addPage({ kind: 'ids', ...first })
  else if (!naming.add(first))
    naming.refuse('BAD_IDENTIFIER', `The field ${scheme} names another work than the rest of the entry.`)
}

/** The remaining text in a field after its DOI. An address continues after the DOI in it; that is its path. */
function leftInField(value: string, doi: string | undefined): string {
  if (doi === undefined || /https?:/i.test(value)) return ''
  const left = leftBehindDoi(value.slice(0, MAX_IDENTIFIER_CHARS), doi)
  if (left === '') return ''
  // A repetition of the same DOI does not count.
  const again = recognise(left.replace(/^[\s;,|]+/, ''))
  return again.kind === 'ids' && again.ids.doi === doi ? '' : left
}

/** Placeholders in an empty field. */
const SAYS_NOTHING =
  /^\s*(?:n\/?a|none|null|nil|unknown|undefined|nan|not available|no doi|-+|–|—|\?+|\.|0|tba|tbd)\s*$/i

/** An `id` may be a row number or a name of the exporting program: then it has no meaning. */
function readAnything(value: string, naming: Naming): void {
  const what = recognise(value)
  if (what.kind === 'refused') return
  if (what.ids.url !== undefined) naming.addPage(what)
  else naming.add(what)
}

/** EndNote writes all links of a record into one field. An address contains no spaces (RFC 3986 §2). */
function readUrl(value: string, naming: Naming): void {
  if (SAYS_NOTHING.test(value)) return
  const parts = value
    .slice(0, 4 * MAX_IDENTIFIER_CHARS)
    .split(
      /[\s;|,](?=(?:https?|ftp|doi|urn|file|internal-pdf|zotero|x-devonthink-item|papers\d?|bookends|mendeley|readcube|citavi|jabref|skim|message):)/i
    )
    .map((part, at, all) => (at < all.length - 1 ? trimEndOf(part, /[\s;|,]/) : part))
  for (const whole of parts) {
    const part =
      /^[a-z][a-z-]*:/i.test(whole) && !/\.\w{2,4}$/.test(whole)
        ? (whole.trim().split(/\s/, 1)[0] ?? '')
        : whole
    if (OF_A_PROGRAM.test(part)) continue
    const what = recognise(part)
    if (what.kind === 'refused') naming.refuse(what.code, `In an address field: ${what.because}`)
    else if (what.ids.url !== undefined) naming.addPage(what)
    else if (!naming.add(what) && /^https?:/i.test(part)) naming.addLocation(part)
  }
}

/** Links into a reference manager or to its files are useless elsewhere. */
const OF_A_PROGRAM =
  /^(?:file|internal-pdf|zotero|x-devonthink-item|papers\d?|bookends|mendeley|readcube|citavi|jabref|skim|message):/i

/** Google Scholar writes `journal = {arXiv preprint arXiv:1706.03762}`. */
function readVenue(venue: string, naming: Naming): void {
  if (!/arxiv|\b10\.\d{4}/i.test(venue)) return
  const [hit, ...others] = findInLine(venue).hits
  if (hit !== undefined && others.length === 0 && hit.ids.url === undefined) naming.add(hit)
}

/**
 * A note names its entry when it contains only an identifier with its label (`doi:10.…`, `PMID: …; PMCID:
 * …`). One in a sentence or a list is another work: Web of Science's cited references arrive in such a field.
 */
function readProse(prose: readonly string[], naming: Naming): void {
  for (const text of prose.flatMap((field) => field.split('\n'))) {
    if (text.trim() === '' || text.length > MOST_NOTE_CHARS) continue
    const { hits } = findInLine(text)
    const schemes = hits.flatMap(({ ids }) => Object.keys(ids))
    if (hits.length === 0 || new Set(schemes).size < schemes.length) continue
    if (
      saysMore(
        text,
        hits.map((hit) => hit.text)
      )
    )
      continue
    for (const hit of hits)
      if (hit.ids.url === undefined) naming.add(hit)
      else naming.addPage({ kind: 'ids', ...hit })
  }
}

const MOST_NOTE_CHARS = 500

/** Words besides the identifiers that are neither labels nor usual around an address. */
function saysMore(text: string, mentions: readonly string[]): boolean {
  let rest = text
  for (const mention of mentions) rest = rest.replace(mention, ' ')
  if (/\b(?:accessed|retrieved|visited|abgerufen|consulted)\b/i.test(rest))
    rest = rest.replace(/[\d]+|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*/gi, ' ')
  rest = rest.replace(/https?:\/\/\S+|\b(?:PMC)?\d{5,9}\b|\barxiv:\S+|10\.\d{4,9}\/\S+/gi, ' ')
  return (rest.match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => !LABELS.test(word))
}

const LABELS =
  /^(?:doi|pmid|pmcid|pmc|id|arxiv|e?print|preprint|pre|available|at|from|online|url|uri|link|href|http|https|accessed|retrieved|visited|abgerufen|consulted|on|am|version|v\d+|in|press|open|access|full|text|pdf|openalex|cs|math|stat|physics|org|www|see|as|tex|ids?)$/i

function whyNothing(entry: RawEntry, naming: Naming): { code: ErrorCode; because: string } {
  const refused =
    naming.refused.find(({ code }) => code !== 'BAD_URL' && code !== 'NOT_A_WORK') ?? naming.refused[0]
  const title = entry.facts.title
  if (refused !== undefined && !(refused.code === 'NOT_A_WORK' && title !== undefined)) return refused
  const isbn = entry.names.find(({ scheme, value }) => scheme === 'isbn' && value !== '')
  if (isbn !== undefined && isIsbn(isbn.value))
    return {
      code: 'ISBN_NOT_SUPPORTED',
      because: `Only the ISBN ${isbn.value.slice(0, 40)} names it, and an ISBN names a whole book.`
    }
  if (title !== undefined)
    return {
      code: 'NAMED_BY_TITLE_ONLY',
      because: `Only a title is known, “${title.slice(0, 100)}”; no DOI or other identifier.`
    }
  return { code: 'BAD_LINE', because: 'It has neither an identifier nor a title.' }
}
