/**
 * Parses one identifier in any accepted syntax; returns what it names, or a sentence with the reason why not.
 * It handles one identifier only (many in a text: `find-identifiers.ts`), and it never throws.
 */
import { isSheafError, type ErrorCode } from '../../contract/errors'
import type { Identifiers, Scheme } from '../../contract/work'
import { parseWebUrl, spell } from './canonical-url'
import { doiInQuery, doiInUrl, doiOf, trimTail, visible } from './doi-text'
import {
  IDENTIFIER_HOSTS,
  idsOfArxiv,
  idsOfDoi,
  idsOfOpenalex,
  idsOfPmcid,
  idsOfPmid,
  idsOfUrl,
  isDoiHost,
  neverPaper,
  wrappedUrl,
  type IdsFound
} from './identifier-hosts'
import type { NamedBy } from './identifiers'
import { isIsbn } from './isbn'
import { cutAt } from '../../contract/limits'

export interface RecognisedIds {
  readonly kind: 'ids'
  readonly ids: Identifiers
  /** `v2`, when a version was requested */
  readonly arxivVersion?: string
  /** the address is the name; a DOI in the result was only found in the address */
  readonly namedBy?: NamedBy
}
export interface RefusedText {
  readonly kind: 'refused'
  readonly code: ErrorCode
  readonly because: string
}
export type Recognised = RecognisedIds | RefusedText

/** Longer than any address that servers accept; limits the cost of one line of a hostile file. */
export const MAX_IDENTIFIER_CHARS = 4_096

/**
 * The identifier in the text. `field` is the kind of its field, when that is known: a bare number is a PMID
 * only in a field of that kind. Never throws.
 */
export function recognise(text: string, field?: Scheme): Recognised {
  if (text.length > MAX_IDENTIFIER_CHARS)
    return refuse('BAD_IDENTIFIER', `“${cutAt(text.trimStart(), 80)}” is too long for an identifier.`)
  const bare = undress(text)
  if (bare === '') return refuse('BAD_IDENTIFIER', 'Empty entry.')
  if (isSeveral(bare)) return refuse('BAD_IDENTIFIER', `“${cutAt(bare, 80)}” is more than one identifier.`)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(bare)) return recogniseUrl(bare)
  if (/^(?:file|ftp|sftp|javascript|vbscript|data|mailto|about|blob|magnet|smb):/i.test(bare))
    return recogniseUrl(bare)

  if (/^(?:doi[\s:]{0,20})?10\.13039\//i.test(bare))
    return refuse('NOT_A_WORK', `“${cutAt(bare, 80)}” is an entry of the Funder Registry.`)
  const found = recogniseBare(bare, field)
  if (found !== null) return { kind: 'ids', ...found }
  if (isIsbn(bare))
    return refuse('ISBN_NOT_SUPPORTED', `“${cutAt(bare, 80)}” is an ISBN, which names a whole book.`)
  const labelled = /^(?:url|uri|link|web|https?)\s*[:=]\s*(\S+)$/i.exec(bare)?.[1]
  if (labelled !== undefined) return recognise(labelled, field)
  const handle = /^(?:hdl|handle)\s?:\s?(\d[\d.]{0,20}\/\S+)$/i.exec(bare)?.[1]
  if (handle !== undefined) return recogniseUrl(`https://hdl.handle.net/${handle}`)
  if (startsLikeUrl(bare)) return recogniseUrl(`https://${bare}`)
  return explain(bare)
}

/** `10.1000/a,10.1000/b` and `10.1000/a](https://…`; not a proxy's address with one inside. */
function isSeveral(bare: string): boolean {
  if (/^(?:doi[\s:]{0,20})?10\./i.test(bare) && /https?:\/\//i.test(bare)) return true
  return /[,;|]['"]?(?:https?:|doi:|10\.\d{4,9}\/)/i.test(bare) && !/[?&]\w{1,100}=https?:/i.test(bare)
}

/**
 * An http or https address: an identifier where its host belongs to an identifier service, else a location
 * named by itself.
 */
function recogniseUrl(text: string, depth = 0): Recognised {
  let parsed: URL
  try {
    // SICI DOIs may end in `#`, which no program encodes; LaTeX writes `\_`, which URL would read as a slash.
    parsed = parseWebUrl(text.replace(/(co;2-)#/i, '$1%23').replace(/\\([_%&#$~])/g, '$1'))
  } catch (error) {
    if (isSheafError(error)) return refuse(error.code, error.message)
    throw error
  }
  const url = spell(parsed)
  const never = neverPaper(parsed)
  if (never !== null) {
    // Scopus has the DOI of the paper in the address of its own page.
    const fromQuery = doiInQuery(parsed)
    if (fromQuery !== null) return { kind: 'ids', ...idsOfDoi(fromQuery) }
    return refuse('NOT_A_WORK', `“${cutAt(text, 80)}” is ${never}.`)
  }
  const found = idsOfUrl(parsed)
  if (found !== null) return { kind: 'ids', ...found }
  if (isDoiHost(parsed)) return refuse('BAD_IDENTIFIER', `No DOI found in “${cutAt(text, 80)}”.`)
  const inner = depth < 3 ? wrappedUrl(parsed) : null
  if (inner !== null) return recogniseUrl(inner, depth + 1)
  const doi = doiInUrl(parsed)
  return doi === null ? { kind: 'ids', ids: { url } } : { kind: 'ids', ids: { url, doi }, namedBy: 'url' }
}

function recogniseBare(bare: string, field: Scheme | undefined): IdsFound | null {
  if (/^\d{1,9}$/.test(bare)) {
    if (field === 'pmid') return idsOfPmid(bare)
    if (field === 'pmcid') return idsOfPmcid(bare)
  }
  // Numbers that a program read as fractions, or that a spreadsheet grouped.
  if (
    (field === 'pmid' || field === 'pmcid') &&
    /^(?:\d{1,9}\.0{1,3}|\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,2})$/.test(bare)
  )
    return recogniseBare(bare.replace(/\.0+$|\D/g, ''), field)
  const doi = doiOf(bare)
  if (doi !== null) return idsOfDoi(doi)
  const arxiv =
    /^(?:arxiv(?:\s{1,20}preprint)?[\s:.]{0,20})?(?:arxiv\s{0,20}:\s{0,20})?(\S{1,500}?)(?:\.pdf)?(?:\s{0,20}\[[a-z.-]{1,30}\])?$/i.exec(
      bare
    )?.[1]
  const arxivIds = arxiv === undefined ? null : (idsOfArxiv(arxiv) ?? arxivDoi(bare, arxiv))
  if (arxivIds !== null) return arxivIds
  const pmcid =
    /^(?:pmc\s{0,9}id[\s:=]{0,20})?PMC[\s-]?(\d{1,9})(?:\.\d{1,9})?$/i.exec(bare)?.[1] ??
    /^pmc\s{0,9}id[\s:=]{0,20}(\d{1,9})$/i.exec(bare)?.[1]
  if (pmcid !== undefined) return idsOfPmcid(pmcid)
  const pmid = /^(?:info:pmid\/|(?:pubmed(?:\s{0,9}id)?|pmid|med(?:line)?)[\s:=]{0,20})(\d{1,9})$/i.exec(
    bare
  )?.[1]
  // A query of PubMed: `31000001[uid]`.
  const queried = pmid ?? /^(\d{1,9})\s?\[(?:uid|pmid)\]?$/i.exec(bare)?.[1]
  if (queried !== undefined) return idsOfPmid(queried)
  const openalex = /^(?:openalex(?:\s{0,9}id)?[\s:=]{0,20})?\/?(?:works\/)?W(\d{1,12})$/i.exec(bare)?.[1]
  return openalex === undefined ? null : idsOfOpenalex(openalex)
}

/** `arXiv:10.48550/arXiv.2401.00001`. */
function arxivDoi(bare: string, rest: string): IdsFound | null {
  const doi = /^arxiv/i.test(bare) ? doiOf(rest) : null
  return doi === null ? null : idsOfDoi(doi)
}

/** Removes characters that users put around an identifier; the inside is not changed. */
function undress(text: string): string {
  let bare = visible(text).trim()
  bare = bare.replace(/^\\(?:url|path|doi|href|texttt)\s*\{([^{}]*)\}?$/, '$1')
  return trimTail(bare.replace(/^[\s$"'“”„‘’«»<([{*`]+/, '')).trim()
}

function startsLikeUrl(bare: string): boolean {
  if (!/^\S+$/.test(bare)) return false
  if (/^www\.[^/\s.]+\.\S+$/i.test(bare)) return true
  const host = /^([a-z0-9.-]+)\//i
    .exec(bare)?.[1]
    ?.toLowerCase()
    .replace(/^www\./, '')
  return host !== undefined && IDENTIFIER_HOSTS.includes(host)
}

/** Why this is not an identifier, in terms of its apparent kind. */
function explain(bare: string): RefusedText {
  const shown = cutAt(bare, 80)
  if (/^\d{1,9}$/.test(bare))
    return refuse(
      'BAD_IDENTIFIER',
      `“${shown}” may be a PubMed id or any other number; write “PMID: ${shown}” if it is one.`
    )
  if (/^(?:doi[\s:=]{0,20})?10\.\d/i.test(bare))
    return refuse(
      'BAD_IDENTIFIER',
      `“${shown}” begins like a DOI, but a DOI is 10., a number, a slash and a name without spaces.`
    )
  if (/^arxiv/i.test(bare))
    return refuse('BAD_IDENTIFIER', `“${shown}” is not an arXiv id such as 2401.00001 or hep-th/9901001.`)
  if (/^pmc?id|^PMC\d/i.test(bare)) return refuse('BAD_IDENTIFIER', `“${shown}” is not a PubMed or PMC id.`)
  if (/^[ACFIPST]\d{6,}$/.test(bare))
    return refuse('BAD_IDENTIFIER', `“${shown}” is an OpenAlex id, but not a work’s, which begins with W.`)
  return refuse('BAD_IDENTIFIER', `No identifier is recognised in “${shown}”.`)
}

function refuse(code: ErrorCode, because: string): RefusedText {
  return { kind: 'refused', code, because }
}
