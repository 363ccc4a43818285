/**
 * Detects the format of a reference file. The content takes precedence over the name where it is unambiguous
 * (PubMed and Web of Science save their formats as `.txt`); otherwise the content alone decides, and every
 * part of it counts. Known but unsupported formats are refused by name: if they were read as prose, the
 * papers that they cite would be planned.
 */
import { extensionOf, REFERENCE_EXTENSIONS, type ReferenceExtension } from '../../contract/file-kinds'
import { isOneOf } from '../../contract/tables'
import { looksLikeArxivListing } from './formats/arxiv-listing'
import { looksLikeBiblatexBbl } from './formats/biblatex-bbl'
import { looksLikeDatabaseText } from './formats/database-text'
import { looksDelimited } from './formats/delimited'
import { beginningOf } from './formats/entry'
import { looksLikePubmedText } from './formats/pubmed-text'
import { looksLikeScopusText } from './formats/scopus-text'
import { taggedFormatOf } from './formats/tagged'
import { looksLikeYaml } from './formats/yaml'

export const REFERENCE_FORMATS = [
  'bibtex',
  'ris',
  'csl-json',
  'nbib',
  'csv',
  'tsv',
  'wos',
  'endnote',
  'refworks',
  'noteexpress',
  'estudy',
  'arxiv-listing',
  'xml',
  'html',
  'yaml',
  'pubmed-text',
  'database-text',
  'scopus-text',
  'bbl',
  'text',
  'jsonl'
] as const
export type ReferenceFormat = (typeof REFERENCE_FORMATS)[number]

export type FoundFormat =
  /** `mixed`: a text with entries of several formats, each in its own place */
  | { readonly kind: 'format'; readonly format: ReferenceFormat | 'mixed' }
  | { readonly kind: 'unread'; readonly because: string }

const EXTENSIONS: Readonly<Record<ReferenceExtension, ReferenceFormat>> = {
  bib: 'bibtex',
  bibtex: 'bibtex',
  biblatex: 'bibtex',
  ris: 'ris',
  json: 'csl-json',
  csljson: 'csl-json',
  nbib: 'nbib',
  medline: 'nbib',
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  ciw: 'wos',
  isi: 'wos',
  enw: 'endnote',
  xml: 'xml',
  mods: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  cff: 'yaml',
  html: 'html',
  htm: 'html',
  txt: 'text',
  bbl: 'text',
  text: 'text',
  md: 'text',
  list: 'text',
  jsonl: 'jsonl',
  ndjson: 'jsonl'
}

export function formatOfName(name: string): ReferenceFormat | null {
  const extension = extensionOf(name)
  return isOneOf(REFERENCE_EXTENSIONS, extension) ? EXTENSIONS[extension] : null
}

export function formatOf(text: string, name: string): FoundFormat {
  const named = formatOfName(name)
  const unread = unreadFormat(text)
  if (unread !== null) return { kind: 'unread', because: unread }
  const content = formatOfContent(text)
  const format = (found: ReferenceFormat | 'mixed'): FoundFormat => ({ kind: 'format', format: found })
  if (named === null || named === 'text') return format(content ?? 'mixed')
  if (named === 'csl-json' || named === 'jsonl')
    return format(
      content === 'csl-json' || content === 'jsonl'
        ? named === 'jsonl'
          ? named
          : content
        : (content ?? named)
    )
  if (named === 'csv' || named === 'tsv')
    return format(content !== null && UNMISTAKABLE.has(content) ? content : named)
  return format(
    content !== null && content !== 'csv' && content !== 'tsv' ? content : (tagged(text) ?? named)
  )
}

/** Formats whose content no table can begin with. */
const UNMISTAKABLE: ReadonlySet<ReferenceFormat> = new Set([
  'xml',
  'html',
  'wos',
  'endnote',
  'refworks',
  'noteexpress',
  'estudy',
  'arxiv-listing',
  'pubmed-text',
  'database-text'
])

function formatOfContent(text: string): ReferenceFormat | null {
  const head = beginningOf(text)
  if (/^\s*[[{]/.test(head) && /^\s*(?:\[\s*(?:[{"[\]]|$)|\{\s*(?:["}]|$))/.test(head))
    return isJsonLines(head) ? 'jsonl' : 'csl-json'
  const markup = markupOf(head)
  if (markup !== null) return markup
  const wos = taggedFormatOf(head)
  if (wos !== null && isWhole(head)) return wos
  if (looksLikeYaml(head)) return 'yaml'
  if (looksLikePubmedText(head)) return 'pubmed-text'
  if (looksLikeArxivListing(head)) return 'arxiv-listing'
  if (looksLikeDatabaseText(head)) return 'database-text'
  if (looksLikeScopusText(text)) return 'scopus-text'
  if (looksLikeBiblatexBbl(head)) return 'bbl'
  const first = tagged(head)
  if (first !== null) return first
  const trimmed = text.trimStart()
  if (looksDelimited(trimmed)) return (trimmed.split('\n', 1)[0] ?? '').includes('\t') ? 'tsv' : 'csv'
  return null
}

/** It begins with a record, and no other format follows; otherwise each part is read by its own reader. */
function isWhole(head: string): boolean {
  return (
    /^\s*(?:%\S\s|(?:FN|VR|PT|RT|SR|ID) |\{Reference Type\}|DataType[:：]|[A-Z][A-Za-z]{1,20}-\p{Script=Han}|[<#])/u.test(
      head
    ) && !/^\s{0,3}TY {1,2}- |^PMID *- *\d|^[ \t]{0,8}@[a-z]{2,20}\{[^\s,{}]{0,200},/im.test(head)
  )
}

const BESIDE_RIS = /^(?:%0 \S|PMID *- *\d|PT [JBSPC]\s*$|RT \S|(?:doi:\s?)?10\.\d{4,9}\/\S{1,300}$)/m
const BESIDE_NBIB =
  /^(?:%0 \S|TY {1,2}- |PT [JBSPC]\s*$|RT \S|(?:doi:\s?)?10\.\d{4,9}\/\S{1,300}$|[ \t]{0,8}@[a-z]{2,20}\{)/im

/** The text contains only entries of one of these formats, from the beginning. */
function tagged(text: string): ReferenceFormat | null {
  const first = text.trimStart().slice(0, 200)
  if (/^(?:%[^\n]*\n\s*){0,5}@[ \t]*(?:comment|string|preamble)\b/i.test(first)) return 'bibtex'
  // Records of another format, or identifiers on separate lines: the parts are read one by one.
  const others = /^TY {1,2}- /.test(first) ? BESIDE_RIS : /^PMID *- *\d/.test(first) ? BESIDE_NBIB : null
  if (others?.test(beginningOf(text)) === true) return null
  if (/^TY {1,2}- /.test(first) && !/^[ \t]*@[ \t]*[a-z]+[ \t]*[{(]/im.test(beginningOf(text))) return 'ris'
  if (/^[A-Z][A-Z0-9] {2}- /.test(first) && /^TY {1,2}- /m.test(text)) return 'ris'
  if (/^PMID *- *\d/.test(first)) return 'nbib'
  return null
}

function markupOf(head: string): 'xml' | 'html' | null {
  const start = head.trimStart().slice(0, 2_000)
  if (!start.startsWith('<')) return null
  if (
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|div|ul|ol|p|pre|table|a|span|h\d|dl|section|article\s+class|meta|style)\b/i.test(
      start
    )
  )
    return 'html'
  return /^<(?:\?xml|!doctype|!--|[a-z][\w.-]*(?::[\w.-]+)?(?:[\s>/]))/i.test(start) ? 'xml' : null
}

/** Two lines that are whole objects, or one that is the whole text. */
function isJsonLines(head: string): boolean {
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '')
  return /^\s*\{.*\}\s*$/.test(first) && /^\s*\{/.test(second)
}

const HINT = 'Export it as RIS, BibTeX or CSL-JSON.'

/** Formats that are recognised but not supported. */
function unreadFormat(text: string): string | null {
  const head = beginningOf(text)
  if (/^[ \t]{0,40}(?:@prefix|PREFIX)\s/m.test(head) && /\bdcterms:|\bbibo:|\bfabio:/.test(head))
    return `It is RDF (Turtle), which is not read. ${HINT}`
  if (/^[ \t]{0,40}\\documentclass\b/m.test(head) && !/\\bibitem\b/.test(text))
    return 'It is a LaTeX document without a bibliography. Give its .bib or .bbl file.'
  if (/^[ \t]{0,40}From [^\s@]+@\S+ .*\d{4}$/m.test(head.slice(0, 300))) return null
  if (/^\d{5}[ acdnp][a-z][a-z ][ a-z] {0,2}2200/.test(head))
    return `It is binary MARC 21, which is not read. Export it as MARCXML, RIS or BibTeX.`
  return null
}
