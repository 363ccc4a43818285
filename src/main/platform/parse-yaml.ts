/**
 * YAML from outside, parsed in time that is proportional to its length. The parser takes minutes for some
 * hundred collections in one another, and for errors of which each takes a picture of the stack.
 */
import { Lexer, parseDocument, type Document, type LineCounter } from 'yaml'

/** No list of references and no plan has so many in one another. */
const DEEPEST = 40

export interface YamlOptions {
  readonly lineCounter: LineCounter
  readonly version?: '1.1'
  readonly strict?: false
  readonly uniqueKeys?: false
}

/** Null when the text is nested beyond reason. Its mistakes are in the document's `errors`. */
export function parseYaml(text: string, options: YamlOptions): Document | null {
  if (isTooDeep(text)) return null
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    // A quotation of the line with each of its errors would cost the square of its length.
    return parseDocument(text, { ...options, logLevel: 'silent', prettyErrors: false })
  } catch {
    // Deeper than the stack, by indentation.
    return null
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The lexer takes time in proportion to the text. */
function isTooDeep(text: string): boolean {
  let brackets = 0
  /** collections that begin on one line: `- - a`, `? ? a`, `a: b: c` */
  let marks = 0
  for (const token of new Lexer().lex(text)) {
    if (token === '{' || token === '[') brackets += 1
    else if (token === '}' || token === ']') brackets -= 1
    else if (token === '-' || token === '?' || token === ':') marks += 1
    else if (token === ',' || token.includes('\n')) marks = 0
    if (Math.abs(brackets) > DEEPEST || marks > DEEPEST) return true
  }
  return false
}
