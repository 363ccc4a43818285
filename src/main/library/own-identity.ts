/**
 * Determines which paper a PDF claims to be: collects the identifiers that the document gives as its own
 * (printed on its first pages, in its XMP packet, information dictionary or file name) and its possible
 * titles. Pure. A cited identifier is not the document's own, and metadata is often copied from another
 * paper: each claim therefore states its reliability, and contradictory claims are all doubtful. Sources:
 * PRISM 3.0 (prism:doi), Crossref's XMP guideline (pdfx:doi, crossmark:DOI), ISO 32000-1 §14.3.
 */
import { replaceTags, trimEndOf } from '../../contract/scan'
import { normaliseDoi } from '../../contract/doi'
import { calledBy, type BesideKind } from './document-kind'
import { arxivStampOf, beforeReferences, FOREIGN } from './names-in-text'
import { wordsOf } from './plain-words'
import type { PdfFront } from './text-messages'
import { findTitle } from './title-match'
import { isClearTitle, NO_TITLE } from './title-place'

export type ClaimScheme = 'doi' | 'arxiv' | 'pmcid'
export type ClaimBy = 'doi' | 'arxiv' | 'pmcid' | 'xmp' | 'info' | 'name'

export interface Claim {
  readonly scheme: ClaimScheme
  readonly value: string
  /** its origin: printed (`doi`, `arxiv`, `pmcid`), metadata, or the file's name */
  readonly by: ClaimBy
  /** true: reliable on its own. False: a title or a service must confirm it */
  readonly sure: boolean
}

export interface OwnIdentity {
  /** the most reliable first; one claim per identifier */
  readonly claims: readonly Claim[]
  /** possible titles, the most reliable first */
  readonly titles: readonly string[]
  /** a title that is also on its first pages, or its largest letters; null when none is plausible */
  readonly title: string | null
  readonly year: number | null
}

export function ownIdentity(front: PdfFront, fileName: string): OwnIdentity {
  const printed = printedDois(front.pages)
  const described = describedDois(front)
  const beside = isBeside(front)
  const all = withoutContradictions([
    ...stampOf(front.pages),
    ...printed.filter((claim) => claim.sure),
    ...described,
    ...manuscriptOf(front.pages),
    ...confirmedBy(printed, described),
    ...nameClaims(fileName)
  ]).map((claim) => (beside ? { ...claim, sure: false } : claim))
  const titles = titlesOf(front)
  const first = front.pages.slice(0, 2).join('\n')
  const title = titles.find((one) => isPrinted(one, first)) ?? null
  return { claims: all, titles: [...titles, ...titleInName(fileName)], title, year: yearOf(front.xmp) }
}

/** A supplement, a review report or a notice gives the DOI of the paper that it accompanies. */
const BESIDE =
  /^\W*(?:(?:electronic |online )?(?:supplement(?:al|ary)?|supporting) (?:online )?(?:content|information|materials?|data|methods|appendix|files?|tables?|figures?|notes?)|supplement(?:ary)? to\b|additional file \d|online (?:data )?supplement|appendix (?:[a-z0-9]+ )?(?:to|for)\b|peer[ -]review (?:file|report|history)|reviewers?['’]? (?:comments|report)|response to reviewers|graphical abstract\W*$|author(?:s['’]|['’]s)? response)/i

const NOT_THE_PAPER: readonly BesideKind[] = ['supplement', 'peer review', 'cover letter', 'form']

function isBeside(front: PdfFront): boolean {
  const titles = [front.xmpTitle, front.metadataTitle, ...front.prominent].filter((one) => one !== null)
  const isCalled = titles.some((title) => {
    const called = calledBy(title)
    return called !== null && called.alone && NOT_THE_PAPER.includes(called.kind)
  })
  return (
    isCalled ||
    titles.some((title) => BESIDE.test(title)) ||
    BESIDE.test((front.pages[0] ?? '').slice(0, 120))
  )
}

const DOI = /\b10\.\d{4,9}(?:\.\d+)*\/[^\s"<>|\\^`{}]+/g

/** No registered DOI is longer; each bracket at its end costs one pass over all of it. */
const LONGEST_DOI = 500

/** Without the punctuation that follows it in a sentence. */
function cleanDoi(found: string): string | null {
  let bare = trimEndOf(found.slice(0, LONGEST_DOI), /[.,;:'’”»*†‡]/u)
  // A bracket belongs to the DOI only when it was opened in it.
  while (/[)\]]$/.test(bare) && !isBalanced(bare)) bare = trimEndOf(bare.slice(0, -1), /[.,;:]/)
  return bare.length < 10 ? null : normaliseDoi(bare)
}

const isBalanced = (text: string): boolean => text.split(/[([]/).length === text.split(/[)\]]/).length

const LABEL =
  /(?:doi(?:\.org\/|(?:\s{0,9}(?:number|no\.?))?(?:\s{0,9}[:.])?\s{0,9}(?:https?:\/\/)?(?:(?:dx|www)\.)?(?:doi\.org\/)?)|\/doi\/(?:abs\/|full\/|pdf\/)?|digital object identifier(?:\s{0,9}:)?\s{0,9})$/i
const CITE_ME =
  /(?:cite (?:this|as|it)|acm reference format|how to cite|to cite (?:this|it)|(?:^|\n)\s{0,20}citation\s{0,9}:|recommended citation|published in final edited form|zitiervorschlag|pour citer|c[óo]mo citar|como citar|citar (?:como|este))/i
const MASTHEAD =
  /©|\(c\) ?\d{4}|copyright|\bissn\b|\bvol(?:ume)?\b|\bno\.|\bjournal\b|\bproceedings\b|\btransactions\b|\bletters\b|\breceived\b|\baccepted\b|\bpublished\b|\blicen[sc]e|\bpp?\.\s*\d|article (?:id|no|number)|\barticle in press\b|\bdoi\s*:/i
/**
 * Words of running heads that elsewhere refer to another paper: the notices of bioRxiv and OSF, eLife's head.
 */
const OWN_HEADING = /\bpreprint(?= doi\b)|\bet al\.? (?=elife \d{4})/gi
/** An entry of a list of references: a number or a bracket at its start, or a year among its words. */
const ENTRY = /^\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}\.)\s+\p{Lu}/u

/** DOIs that the first pages give as the document's own. A cover sheet may come before the paper. */
function printedDois(pages: readonly string[]): Claim[] {
  const claims = new Map<string, Claim>()
  for (const [index, page] of pages.slice(0, 2).entries()) {
    // A DOI that is split at a line end after its slash is one DOI.
    const text = beforeReferences(page).replace(
      /(10\.\d{4,9}\/)(\s{1,40})(?=\S)/g,
      (all, registrant: string, gap: string) => (gap.includes('\n') ? registrant : all)
    )
    const onPage = [...text.matchAll(DOI)]
    for (const match of onPage) {
      const doi = cleanDoi(match[0])
      if (doi === null) continue
      const sure = isOwn(text, match) && (index === 0 || claims.size === 0 || claims.has(doi))
      const known = claims.get(doi)
      claims.set(doi, { scheme: 'doi', value: doi, by: 'doi', sure: sure || known?.sure === true })
    }
  }
  return [...claims.values()]
}

/** Whether this printed DOI is presented as the document's own, and not as that of another work. */
function isOwn(text: string, match: RegExpMatchArray): boolean {
  const at = match.index ?? 0
  const before = text.slice(Math.max(0, at - 300), at)
  const lineStart = text.lastIndexOf('\n', at) + 1
  const lineEnd = text.indexOf('\n', at)
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
  const labelled = LABEL.test(before.slice(-60)) || /^\s*$/.test(text.slice(lineStart, at))
  // After another DOI, the citation before it has ended.
  if (CITE_ME.test(before.split(DOI).at(-1) ?? '')) return true
  const near = before.slice(-90).replace(OWN_HEADING, ' ')
  if (!labelled || FOREIGN.test(near) || ENTRY.test(line)) return false
  const others = wordsOf(line.replace(DOI, ' ').replace(/https?:\/\/(?:dx\.)?doi\.org\/|doi\s*:?/gi, ' '))
  if (others.length <= 3) return !isWrappedCitation(text.slice(0, lineStart))
  const plain = line.replace(OWN_HEADING, ' ')
  return others.length <= 30 && MASTHEAD.test(plain) && !/\bet al\b|\(\d{4}[a-z]?\)\s*[.,:]/.test(plain)
}

/** A DOI alone on its line may be the end of a sentence or of a reference that began lines before. */
function isWrappedCitation(before: string): boolean {
  const lines = before.trimEnd().split('\n').slice(-3)
  const last = lines.at(-1) ?? ''
  return (
    ENTRY.test(last) || ENTRY.test(lines.at(-2) ?? '') || /\(\d{4}[a-z]?\)[.,:]?[^\n]*[,;:]\s*$/.test(last)
  )
}

function stampOf(pages: readonly string[]): Claim[] {
  const id = arxivStampOf(pages[0] ?? '')
  return id === null ? [] : [{ scheme: 'arxiv', value: id, by: 'arxiv', sure: true }]
}

/** The number of an author manuscript at PubMed Central, printed in its heading. */
function manuscriptOf(pages: readonly string[]): Claim[] {
  const head = (pages[0] ?? '').slice(0, 2_500)
  const found = /author manuscript/i.test(head)
    ? /PMCID(?:\s{0,9}:)?\s{0,9}(PMC\d{4,9})/i.exec(head)?.[1]
    : undefined
  return found === undefined ? [] : [{ scheme: 'pmcid', value: found.toUpperCase(), by: 'pmcid', sure: true }]
}

const XMP_NAMES =
  /(?:prism:doi|pdfx:doi|crossmark:doi|jav:doi|pdfx:wps-articledoi|dc:identifier|prism:url|pdfx:arxivid)\b/gi
const INFO_KEYS = /^(?:doi|wps-articledoi|articledoi|identifier|arxivid)$/i

/** The document's own identifier according to its metadata. Several different DOIs prove nothing. */
function describedDois(front: PdfFront): Claim[] {
  const inXmp = new Set<string>()
  for (const match of front.xmp.matchAll(XMP_NAMES)) {
    const after = front.xmp.slice(match.index + match[0].length, match.index + match[0].length + 300)
    // Up to the end of this element or attribute.
    const value = /^\s*=\s*["']([^"']*)["']|^[^>]*>([\s\S]*?)<\/(?:prism|pdfx|crossmark|jav|dc):/i.exec(after)
    const doi = /10\.\d{4,9}(?:\.\d+)*\/[^\s"<>]+/.exec(decoded(value?.[1] ?? value?.[2] ?? ''))?.[0]
    const clean = doi === undefined ? null : cleanDoi(doi)
    if (clean !== null) inXmp.add(clean)
  }
  const inInfo = new Set<string>()
  for (const [key, value] of Object.entries(front.info)) {
    const own = INFO_KEYS.test(key)
    const labelled = /^(?:title|subject|keywords)$/i.test(key) && /doi\s*:?\s*|doi\.org\//i.test(value)
    const found = own || labelled ? [...value.matchAll(DOI)].map((match) => cleanDoi(match[0])) : []
    for (const doi of found) if (doi !== null) inInfo.add(doi)
  }
  const claims = (dois: ReadonlySet<string>, by: ClaimBy): Claim[] =>
    [...dois].map((value) => ({ scheme: 'doi', value, by, sure: dois.size === 1 }))
  return [...claims(inXmp, 'xmp'), ...claims(inInfo, 'info')]
}

function decoded(text: string): string {
  return replaceTags(text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'), ' ')
}

/** A DOI that is printed and also named by the metadata is the document's own. */
function confirmedBy(printed: readonly Claim[], described: readonly Claim[]): Claim[] {
  return printed
    .filter((claim) => !claim.sure)
    .map((claim) => ({ ...claim, sure: described.some((one) => one.value === claim.value) }))
}

/** `10.1038_s41586-020-2649-2.pdf`, `2401.00001v2.pdf`: only a hint. */
function nameClaims(fileName: string): Claim[] {
  const bare = fileName.replace(/\.pdf$/i, '')
  const arxiv = /(?:^|[^\d.])(\d{4}\.\d{4,5})(?:v\d+)?(?![\d.])/.exec(bare)?.[1]
  if (arxiv !== undefined && /^(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2])\./.test(arxiv))
    return [{ scheme: 'arxiv', value: arxiv, by: 'name', sure: false }]
  const doi = /(10\.\d{4,9})(?:[_/@:]|%2f|-)(\S+)$/i.exec(bare)
  if (doi?.[1] === undefined || doi[2] === undefined) return []
  const value = normaliseDoi(`${doi[1]}/${doi[2]}`)
  return value === null ? [] : [{ scheme: 'doi', value, by: 'name', sure: false }]
}

/**
 * Of two different sure DOIs one belongs to another paper. An arXiv stamp and a DOI may belong to one paper.
 */
function withoutContradictions(claims: readonly Claim[]): Claim[] {
  const once = new Map<string, Claim>()
  for (const claim of claims) {
    const key = `${claim.scheme}:${claim.value}`
    const known = once.get(key)
    if (known === undefined || (claim.sure && !known.sure)) once.set(key, claim)
  }
  const list = [...once.values()]
  const sureDois = list.filter((claim) => claim.scheme === 'doi' && claim.sure)
  const contradict = sureDois.length > 1
  return list
    .map((claim) => (contradict && claim.scheme === 'doi' ? { ...claim, sure: false } : claim))
    .sort((one, other) => Number(other.sure) - Number(one.sure))
}

/** What programs write into the title field of a file without a title. */
const OF_A_FILE =
  /^(?:(?:full )?(?:document|dokument|manuscript|paper|article|main|proof|print|output|template|title|abstract|introduction|contents|table of contents)\s*\d*|original (?:article|paper|research).*|pii:? ?\S.*|\S+|no job name|slide \d+)$/iu
const JOURNAL_HEAD =
  /^(?:the )?(?:journal|annals|archives|proceedings|transactions|bulletin|international journal|revista|zeitschrift|acta)\b/i

function titlesOf(front: PdfFront): string[] {
  const described = [front.xmpTitle, front.metadataTitle].filter((one) => one !== null)
  const clean = (text: string): string => decoded(text).replace(/\s+/g, ' ').trim()
  const clear = (front.runs ?? []).filter(isClearTitle).map((run) => clean(run.text))
  const printed = [...clear, ...front.prominent.map(clean)].filter(
    (one) => isTitle(one) && !JOURNAL_HEAD.test(one)
  )
  const first = front.pages.slice(0, 2).join('\n')
  const meta = [...new Set(described.map(clean))].filter(isTitle)
  return [
    ...new Set([
      ...meta.filter((one) => isPrinted(one, first)),
      ...printed,
      ...meta.filter((one) => !isPrinted(one, first))
    ])
  ]
}

function isTitle(text: string): boolean {
  const words = wordsOf(text)
  return (
    words.length >= 2 &&
    words.length <= 60 &&
    text.length <= 400 &&
    !NO_TITLE.test(text) &&
    !OF_A_FILE.test(text)
  )
}

function isPrinted(title: string, page: string): boolean {
  return findTitle(title, page).coverage >= 0.9
}

/** `Smith et al. - 2010 - A title.pdf`, as reference managers name files. */
function titleInName(fileName: string): string[] {
  const bare = fileName.replace(/\.pdf$/i, '').replace(/_/g, ' ')
  const parts = bare.split(/\s[-–—]\s/).map((part) => part.trim())
  const last = (parts.length >= 2 ? parts.at(-1) : parts[0]) ?? ''
  return wordsOf(last).length >= 4 && isTitle(last) ? [last.trim()] : []
}

function yearOf(xmp: string): number | null {
  const found = /prism:(?:publicationDate|coverDate)\b[^>\d]*[>"']\s*(?:<[^>]*>\s*)*((?:19|20)\d{2})/i.exec(
    xmp
  )?.[1]
  return found === undefined ? null : Number(found)
}

/** Whether two titles are the same: each is found in the other. */
export function sameTitle(one: string, other: string): boolean {
  return findTitle(one, other).coverage >= 0.8 && findTitle(other, one).coverage >= 0.8
}
