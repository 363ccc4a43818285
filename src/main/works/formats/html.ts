/**
 * A list of references in HTML: a saved page, a list copied from a word processor. Markup becomes
 * text (addresses of links stay, blocks become lines), and the text is read like any other. Scripts,
 * styles and navigation are left out.
 */
import { Parser } from 'htmlparser2'
import type { FormatReading } from './entry'
import { readTextReferences } from './text'

const BLOCKS = new Set(
  'p li div tr br h1 h2 h3 h4 h5 h6 dt dd td th ul ol table section article blockquote pre body'.split(' ')
)
const LEFT_OUT = new Set(
  'script style head nav header footer form button select noscript template svg'.split(' ')
)

export function readHtmlReferences(html: string): FormatReading {
  const lines: string[] = []
  const lineOf: number[] = []
  let line = 1
  let next = html.indexOf('\n')
  let current = ''
  let isBlank = true
  let begun = 1
  let hidden = 0
  const flush = (): void => {
    if (!isBlank) {
      lines.push(current.replace(/\s+/g, ' ').trim())
      lineOf.push(begun)
    }
    current = ''
    isBlank = true
  }
  const add = (text: string, offset: number): void => {
    while (next >= 0 && next < offset) {
      line++
      next = html.indexOf('\n', next + 1)
    }
    if (isBlank) begun = line
    isBlank &&= text.trim() === ''
    current += text
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (LEFT_OUT.has(name)) hidden++
        if (BLOCKS.has(name)) flush()
        const href = attributes['href']
        if (hidden === 0 && name === 'a' && href !== undefined && /^(?:https?:|doi:)/i.test(href))
          add(` ${href} `, parser.startIndex)
      },
      ontext(text) {
        if (hidden === 0) add(text, parser.startIndex)
      },
      onclosetag(name) {
        if (LEFT_OUT.has(name)) hidden = Math.max(0, hidden - 1)
        if (BLOCKS.has(name)) flush()
      }
    },
    { decodeEntities: true }
  )
  parser.end(html)
  flush()
  // A line of a page without an identifier is page, not an entry.
  const { entries } = readTextReferences(lines.join('\n'))
  return {
    entries: [...entries].map((entry) => ({ ...entry, line: lineOf[entry.line - 1] ?? 1 })),
    problems: []
  }
}
