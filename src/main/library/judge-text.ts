/**
 * Decides whether an XML or HTML file is the article itself. Pure, except `judgeArticle`; needs the whole
 * text.
 */
import { replaceTags, skipProlog, withoutElements } from '../../contract/scan'
import { readFile, stat } from 'node:fs/promises'
import { namePage } from './non-paper-pages'
import { TEXT_LETTERS } from './first-pages'
import { decode } from './judge-head'
import type { Judgement } from './library'
import { judgeRightPaper, type WantedPaper } from './right-paper'
import type { RightPaper } from './right-paper-verdict'

/**
 * Root elements of the article formats that repositories serve: JATS and NLM, TEI, Elsevier, Springer, BioC.
 */
const ARTICLE_ROOT =
  /^<((?:[\w-]{1,40}:)?(?:article|pmc-articleset|articles|TEI|teiHeader|full-text-retrieval-response|Publisher|book-part|collection|document|OAI-PMH|component|mml))\b/

export interface ArticleQuestion {
  readonly path: string
  readonly format: 'xml' | 'html'
  readonly url: string
  readonly wanted: WantedPaper
}

/** No article's text is longer; such files are catalogues. */
const MOST_BYTES = 64_000_000

/** Reads the file itself, since it runs in a child process. */
export async function judgeArticle({ path, format, url, wanted }: ArticleQuestion): Promise<Judgement> {
  const { size } = await stat(path)
  if (size > MOST_BYTES) {
    return {
      kind: 'rejected',
      reason: 'TOO_LARGE',
      because: `The text has ${String(size)} bytes; an article has at most ${String(MOST_BYTES)}.`
    }
  }
  const text = decode(await readFile(path))
  const rightPaper = (plain: string): RightPaper =>
    judgeRightPaper({ pages: [plain], prominent: [], metadataTitle: null }, wanted)
  return format === 'xml' ? judgeXml(text, rightPaper) : judgeHtml(text, url, rightPaper)
}

export function judgeXml(text: string, rightPaper: (plain: string) => RightPaper): Judgement {
  const root = ARTICLE_ROOT.exec(text.slice(rootAt(text)).slice(0, 200))?.[1]
  if (root === undefined) {
    return { kind: 'rejected', reason: 'WRONG_XML', because: 'Its first element is not that of an article.' }
  }
  if (!new RegExp(`</${root}\\s{0,40}>$`).test(withoutEpilog(text.slice(-4_096)))) {
    return { kind: 'rejected', reason: 'TRUNCATED', because: `The XML ends before its last </${root}>.` }
  }
  if (!/<(?:\w{1,40}:)?(?:body|sec|p|text|para|passage)\b/.test(text)) {
    return {
      kind: 'rejected',
      reason: 'ABSTRACT_ONLY',
      because: 'The XML describes the article and does not hold its text.'
    }
  }
  return asPaper(rightPaper(plainOf(text)), [{ name: 'article XML', result: root }], plainOf(text))
}

export function judgeHtml(text: string, url: string, rightPaper: (plain: string) => RightPaper): Judgement {
  const page = namePage(text, url)
  if (page.reason !== 'HTML_ARTICLE') return { kind: 'rejected', ...page }
  const plain = plainOf(withoutElements(text, HIDDEN, ' '))
  return asPaper(rightPaper(plain), [{ name: 'full text', result: 'yes' }], plain)
}

function asPaper(
  paper: RightPaper,
  checks: readonly { readonly name: string; readonly result: string }[],
  text: string
): Judgement {
  if (paper.verdict === 'mismatch')
    return { kind: 'mismatch', because: paper.because, evidence: paper.evidence }
  return {
    kind: 'paper',
    verdict: paper.verdict,
    because: paper.because,
    pages: null,
    encrypted: false,
    checks: [...checks, { name: 'right paper', result: paper.verdict }],
    text: text.slice(0, TEXT_LETTERS)
  }
}

const HIDDEN = ['script', 'style', 'noscript', 'svg', 'nav', 'header', 'footer']
const LIST = /^<(?:\w{1,40}:)?(?:ref-list|listBibl)\b/
const BLOCK_END = /^<\/(?:p|title|article-title|h[1-6]|div|sec|li|tr|head|contrib|surname)>$/i

/** Where the first element begins, after declarations and comments. */
function rootAt(text: string): number {
  let at = skipProlog(text)
  while (/^<!doctype/i.test(text.slice(at, at + 9))) {
    const end = text.indexOf('>', at)
    const subset = text.indexOf('[', at)
    const bracket = subset >= 0 && subset < end ? text.indexOf(']', subset) : at
    const close = bracket < 0 ? -1 : text.indexOf('>', bracket)
    // Without its end it is not a declaration; searching again from the start would not terminate.
    if (close < 0) return at
    at = close + 1 + skipProlog(text.slice(close + 1))
  }
  return at
}

/** Without the comments and white space at its end. */
function withoutEpilog(text: string): string {
  let left = text.trimEnd()
  while (left.endsWith('-->') && left.includes('<!--'))
    left = left.slice(0, left.lastIndexOf('<!--')).trimEnd()
  return left
}

/** Block elements end a line; the reference list of a JATS file is marked as one. */
function plainOf(markup: string): string {
  return replaceTags(markup, (tag) => (LIST.test(tag) ? '\nReferences\n' : BLOCK_END.test(tag) ? '\n' : ' '))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) =>
      String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff))
    )
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim()
}
