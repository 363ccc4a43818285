/**
 * DOIs as they appear in text: in a sentence, in brackets, percent-encoded, with a comma after them. A DOI
 * may contain almost any character, including brackets and angle brackets, so the task is to find its end.
 * `contract/doi.ts` compares whole DOIs; this file extracts them from text.
 */
import { unescaped } from '../../contract/addresses'
import { trimEndOf } from '../../contract/scan'
import { BIORXIV_REGISTRANTS, normaliseDoi } from '../../contract/doi'

/** As a pattern without anchors, for searching in a text; the end is cut by `trimTail`. */
export const DOI_IN_TEXT = '10\\.\\d{4,9}(?:\\.\\d+)*(?:\\/|%2F)[^\\s"“”„«»，。；、（）【】《》「」]+'

/** The DOI of a text that is one DOI in any accepted spelling, or null. Idempotent. */
export function doiOf(text: string): string | null {
  return isPlainDoi(text) ? text : readDoi(text)
}

/**
 * The fast path: most DOIs in files are written in their canonical form. For a text that passes this check
 * `readDoi` returns the same text, but takes many times as long.
 */
export function isPlainDoi(text: string): boolean {
  return /^10\.\d{4,9}\/[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(text) && !PLAIN_TAIL.test(text)
}

/** Text that may not be part of a DOI although it looks like it: a word of the page's address, a version. */
const PLAIN_TAIL = /(?:full|abstract|text|pdf|v\d{1,2})$/

/** The same with all rules. */
export function readDoi(text: string): string | null {
  let doi: string | null = text
  for (let before: string | null = null; doi !== null && doi !== before;) {
    before = doi
    doi = normaliseDoi(trimTail(tidyDoi(doi)))
  }
  return doi
}

/** Removes characters that a terminal, a PDF or a word processor leaves; marks half characters. */
export function visible(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  return (
    text
      .replace(/(?![\t\n\r])[\p{Cc}\p{Cf}]/gu, '')
      .replace(/\p{Cs}/gu, '\ufffd')
      // Ligatures; full-width digits and letters of East Asian keyboards.
      .replace(/[\ufb00-\ufb06\uff0e-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (char) => char.normalize('NFKC'))
  )
}

/**
 * Removes spaces inside the brackets of a DOI: Web of Science and EndNote write one after `[`. A DOI contains
 * no spaces. Source: DOI Handbook §2.2.1.
 */
export function closeGaps(text: string): string {
  if (!/10\.\d{4}/.test(text)) return text
  return text
    .replace(/\bdoi\.(?=10\.\d{4})/gi, 'doi:')
    .replace(/([[(<])[ \t\u00a0]{1,3}([^\s[\]()<>]{1,80}[\])>])/g, '$1$2')
    .replace(/([[(<][^\s[\]()<>]{1,80})[ \t\u00a0]{1,3}([\])>])/g, '$1$2')
}

/** Text that copied reference lists append to a DOI without a space; each begins something else. */
const GLUED =
  /(?<![=/&?%])https?:\/\/|doi:\s?10\.|PMC?ID\s?:?\s?(?:PMC)?\d|PMC?ID:|\[?(?:PubMed|Google ?Scholar|Cross[Rr]ef|Medline|Web of Science|PMC ?free ?article|View ?Article|Open ?Access|Full ?Text|Free ?(?:Article|Full))(?![a-z])|arXiv:\d|&(?:nbsp|quot|apos|#39|[rl][sd]quo);|[–—]\s?(?:doi:)?10\.\d{4}|—(?!\d)/g

/** A text that begins with a DOI, without the text appended to it (`…001PMID:31999999`, `…a.1https://…`). */
export function cutGlued(text: string): string {
  const start = DOI_START.exec(text)
  if (start === null) return text
  GLUED.lastIndex = start.index + start[0].length + 1
  const found = GLUED.exec(text)
  if (found === null) return text
  const own = text.slice(0, found.index)
  // An address may contain another one in its query.
  return /^http/i.test(found[0]) && /[?&=]/.test(own) ? text : own
}

const DOI_START = /10\.\d{4,9}(?:\.\d{1,9})*(?:\/|%2F)/i

/** Removes the footnote marks and dashes after it; hyphens alone may belong to it. */
function withoutMarks(text: string): string {
  const bare = trimEndOf(text.replace(/[’']s$/, ''), /[\s†‡§¶∗∙•·®©™→←–—−¹²³⁰⁴-⁹~-]/u)
  return /^-*$/.test(text.slice(bare.length)) ? text : bare
}

/** Replaces characters that a document, a web page or LaTeX wrote differently by the intended ones. */
function spelledOut(text: string): string {
  return (
    withoutMarks(closeGaps(cutGlued(visible(text))))
      // Dashes and slashes inserted by a word processor.
      .replace(/[\u2010-\u2015\u2212\u2043\ufe63\uff0d]/g, '-')
      .replace(/[\u2044\u2215]/g, '/')
      .replace(/^(\S{0,40}10\.)\s{1,3}(?=\d{4,9}\s{0,3}\/\s{0,3}\S{1,300}$)/, '$1')
      .replace(/^(\S{0,40}10\.\d{4,9})\s{0,3}\/\s{0,3}(?=[\w(]\S{0,300}$)/, '$1/')
      .replace(/^(\S{0,40}10\.\d{4,9}\/)\s{1,3}(?=[\w(][^\s]{0,80}\d[^\s]{0,80}$)/, '$1')
      .replace(BROKEN_AT_MARK, '$1')
      // broken after its hyphen
      .replace(/^(\S+-)\s+(?=[\d(][\w().;:-]*$)/, (all, head: string) => (head.indexOf('/') > 0 ? head : all))
      .replace(/&lt;/gi, '<')
      .replace(/&gt;/gi, '>')
      .replace(/&amp;/gi, '&')
      // Angle brackets as mathematics, in the old exports of journals with SICI DOIs: `49:8$<$693::AID…`
      .replace(/\{?\$\s*(?:<|\\?(?:lt|less|textless)\b(?:\{\})?)\s*\$\}?/gi, '<')
      .replace(/\{?\$\s*(?:>|\\?(?:gt|greater|textgreater)\b(?:\{\})?)\s*\$\}?/gi, '>')
      .replace(/\\([_%&#$])/g, '$1')
  )
}

/** Broken after one of its marks: the rest is one word that itself contains such marks and a digit. */
const BROKEN_AT_MARK =
  /^(\S{0,40}10\.\d{4,9}\/\S{1,200}[./_:(])\s{1,9}(?!PMC?\d|PMC?ID|https?:|10\.|(?:pp?|vol|no|ed|fig|sec|ch|v)\.)(?=\S{0,200}\d)(?=\S{0,200}[\w)][._/():-]\w)(?=[\w(][\w().;:/<>-]{1,200}$)/i

/** Cuts off a query and markup that follow a DOI but cannot belong to it. */
function tidyDoi(text: string): string {
  const own = spelledOut(text)
    .replace(/[?&][A-Za-z_][\w.-]*=.*$|;jsessionid=.*$/is, '')
    // A fragment of the page's address; encoded spaces and quotation marks after the DOI.
    .replace(/#[A-Za-z][\w-]*$/, '')
    .replace(/(?<!%(?:20|09|0[AD]|22|A0|8B))(?:%(?:20|09|0[AD]|22|C2%A0|E2%80%8B)){1,20}$/i, '')
  return (
    cutAtNext(own)
      .replace(PAGE_TAIL, '$1')
      .replace(/^(.*10\.\d{4,9}\/[^/]+(?:\/[^/]+)*)\/+$/s, '$1')
      // The DOI of a preprint at bioRxiv and medRxiv has no version.
      .replace(PREPRINT_VERSION, '$1')
  )
}

const PREPRINT_VERSION = new RegExp(
  `(${BIORXIV_REGISTRANTS}\\/\\d{4}\\.\\d{2}\\.\\d{2}\\.\\d{6,8})v\\d{1,2}$`,
  'i'
)
const OF_BIORXIV = new RegExp(`^${BIORXIV_REGISTRANTS}/`)

/** The text before the next item of a list, and before markup. */
export function cutAtNext(text: string): string {
  const next = text.search(/['"]?[,;|]['"]?(?:https?:|doi:|10\.\d{4,9}\/)/i)
  const own = next < 0 ? text : trimEndOf(text.slice(0, next), /[,;|'"]/)
  // `[[doi:10.…][words]]` is a link in Org.
  const markup = own.search(/<(?!\d{1,9}:)|\]\[/)
  return markup < 0 ? own : own.slice(0, markup)
}

/** Words of publishers' addresses that are copied with a DOI and cannot be part of it. */
const PAGE_TAIL =
  /(10\.\d{4,9}(?:\.\d{1,9})*\/[^\s/][^\s]*?)(?:\/(?:abstract|full|fulltext|full-text|pdf|pdfdirect|epdf|pdf-plus|epub|meta|summary|references|citedby|issuetoc|supplementary-material|supporting-information)|(?:v\d{1,2})?\.(?:full|abstract|full-text)(?:\.pdf)?|\.pdf)+\/?$/i

/**
 * The text after a DOI in its field that was not read as part of it, or ''. Ignores the punctuation, the
 * tags, the query and the remarks in brackets that users and programs leave there.
 */
export function leftBehindDoi(text: string, doi: string): string {
  if (text === doi) return ''
  const whole = spelledOut(text)
  const at = whole.toLowerCase().indexOf(doi)
  if (at < 0) return ''
  const rest = whole.slice(at + doi.length).trim()
  if (/^\/?[?&#][A-Za-z_]/.test(rest)) return ''
  const said = rest.replace(/<[^<>]*>?/g, ' ').replace(/[([][^()[\]]*[)\]]/g, ' ')
  return /[\p{L}\p{N}]/u.test(said) ? rest : ''
}

const OPENERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' }

/** Without the punctuation, quotes and brackets at the end that belong to the surrounding sentence. */
export function trimTail(text: string): string {
  let end = text.length
  const counted = new Map<string, number>()
  const left = (char: string): number => {
    const known = counted.get(char) ?? count(text.slice(0, end), char)
    counted.set(char, known)
    return known
  }
  for (; end > 0; end--) {
    const last = text[end - 1] ?? ''
    const opener = OPENERS[last]
    if (opener === undefined ? !TAIL_MARKS.test(last) : left(opener) >= left(last)) break
    const known = counted.get(last)
    if (known !== undefined) counted.set(last, known - 1)
  }
  return text.slice(0, end)
}

const TAIL_MARKS = /[.,;:!?$'"`*|\\…”’“‘«»([{<。，；、：）】》」』]/

function count(text: string, char: string): number {
  let found = 0
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) found++
  return found
}

/** Words that publishers append to a DOI in an address and that are not part of it. */
const TAIL_SEGMENT =
  /^(?:abs|abstract|fulltext|full-text|full|pdf|pdfdirect|epdf|pdf-plus|epub|html|xml|meta|summary|refs|references|citations?|citedby|figures?|tables?|suppl|supplementary(?:-material)?|supporting-information|media|metrics|related|reviews?|download|viewer|read|issuetoc|similar|share)$/i
const TAIL_ENDING =
  /(?:(?:v\d+)?\.(?:full-text|full|abstract|short|long|article-info|supplementary-material)(?:\.pdf(?:\+html)?)?|\.pdf(?:\+html)?|\.html?|\.xml|\.epub)$/i

/** The DOI that an address has as a parameter (`…?eid=2-s2.0-1&doi=10.1000%2fa`), or null. */
export function doiInQuery(url: URL): string | null {
  for (const [name, value] of url.searchParams) {
    if (
      /^(?:doi|id|article|articleid|pub|uri|rft_id)$/i.test(name) &&
      /^(?:info:doi\/|doi:)?10\.\d{4,9}\//i.test(value)
    )
      return doiOf(value)
  }
  return null
}

/**
 * The unambiguous DOI in a publisher's address, or null: whole path segments after a registrant's prefix, or
 * the value of a parameter. Null where it is unclear which segments belong to it: a wrong identifier is worse
 * than none.
 */
export function doiInUrl(url: URL): string | null {
  const ofHost = doiOfHost(url)
  if (ofHost !== null) return ofHost
  if (!/10\.\d{4}/.test(url.href)) return null
  const asked = doiInQuery(url)
  if (asked !== null) return asked
  const segments = url.pathname.split('/').map(unescaped)
  const at = segments.findIndex((segment) =>
    /^(?:info:|doi:)?(?:doi\/)?10\.\d{4,9}(?:\.\d+)*(?:\/|$)/i.test(segment)
  )
  if (at < 0) return null
  const own = segments.slice(at)
  while (own.length > 1 && (own.at(-1) === '' || TAIL_SEGMENT.test(own.at(-1) ?? ''))) own.pop()
  const isOup = /(?:^|\.)oup\.com$/.test(url.hostname)
  if (isOup && own.length > 2 && /^\d{5,}$/.test(own.at(-1) ?? '')) own.pop()
  if (isOup && own.length > 3) {
    // `…/article-pdf/doi/10.1093/brain/awaa001/33000000/awaa001.pdf`
    const file = own.findIndex((segment, place) => place > 1 && /^\d{5,}$/.test(segment))
    if (file > 0) own.splice(file)
  }
  // The Institute of Physics uses volume, issue and page as suffix.
  const most = /(?:^|\.)iop\.org$/.test(url.hostname) ? 5 : 3
  if (own.length > most) return null
  const doi = doiOf(
    own
      .join('/')
      .replace(/^(?:info:)?(?:doi[:/])?/i, '')
      .replace(TAIL_ENDING, '')
  )
  return doi !== null && OF_BIORXIV.test(doi) ? doi.replace(/v\d+$/, '') : doi
}

/**
 * Publishers whose addresses contain only the DOI's suffix: Nature, and the old addresses of preprint
 * servers.
 */
function doiOfHost(url: URL): string | null {
  const host = url.hostname.replace(/^www\./, '')
  if (host === 'nature.com') {
    const id = /^\/articles\/([a-z0-9.-]{5,60}?)(?:\.pdf|_reference\.pdf)?\/?$/i.exec(url.pathname)?.[1]
    return id === undefined || !/\d/.test(id) ? null : doiOf(`10.1038/${id}`)
  }
  if (host === 'biorxiv.org' || host === 'medrxiv.org') {
    const id = /\/early\/\d{4}\/\d{2}\/\d{2}\/([\d.]*\d)(?:v\d+|\.full|\.pdf|\+html|\/|$)/.exec(
      url.pathname
    )?.[1]
    return id === undefined ? null : doiOf(`10.1101/${id}`)
  }
  return null
}
