/** Is an XML or HTML file the article itself? Pure; the whole text is there. */
import { namePage } from './blockers'
import type { Judgement } from './library'
import type { RightPaper } from './right-paper'

/** Root elements of the article formats that repositories give out: JATS and NLM, TEI, Elsevier, Springer, BioC. */
const ARTICLE_ROOT =
  /^\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\])?\s*>\s*)*<((?:[\w-]+:)?(?:article|pmc-articleset|articles|TEI|teiHeader|full-text-retrieval-response|Publisher|book-part|collection|document|OAI-PMH|component|mml))\b/

export function judgeXml(text: string, rightPaper: (plain: string) => RightPaper): Judgement {
  const root = ARTICLE_ROOT.exec(text)?.[1]
  if (root === undefined) {
    return { kind: 'rejected', reason: 'WRONG_XML', because: 'Its first element is not that of an article.' }
  }
  const close = new RegExp(`</${root}\\s*>\\s*(?:<!--[\\s\\S]*?-->\\s*)*$`)
  if (!close.test(text.slice(-4_096))) {
    return { kind: 'rejected', reason: 'TRUNCATED', because: `The XML ends before its last </${root}>.` }
  }
  if (!/<(?:\w+:)?(?:body|sec|p|text|para|passage)\b/.test(text)) {
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
  const plain = plainOf(text.replace(/<(script|style|noscript|svg|nav|header|footer)\b[\s\S]*?<\/\1>/gi, ' '))
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
    text: text.slice(0, 20_000)
  }
}

/** Block elements end a line; the reference list of a JATS file is marked as one. */
function plainOf(markup: string): string {
  return markup
    .replace(/<(?:\w+:)?ref-list\b[^>]*>|<(?:\w+:)?listBibl\b[^>]*>/g, '\nReferences\n')
    .replace(/<\/(?:p|title|article-title|h[1-6]|div|sec|li|tr|head|contrib|surname)>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) =>
      String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff))
    )
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n\s*\n+/g, '\n')
    .trim()
}
