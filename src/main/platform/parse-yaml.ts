/**
 * Parses untrusted YAML in linear time. The parser takes minutes for some hundred nested collections, and for
 * many errors, each of which captures a stack.
 */
import { Lexer, parseDocument, type Document, type LineCounter } from 'yaml'

/** No list of references and no plan is nested this deep. */
const DEEPEST = 40

export interface YamlOptions {
  readonly lineCounter: LineCounter
  readonly version?: '1.1'
  readonly strict?: false
  readonly uniqueKeys?: false
}

/** Null when the text is nested too deeply. Its errors are in the document's `errors`. */
export function parseYaml(text: string, options: YamlOptions): Document | null {
  if (isTooDeep(text)) return null
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    // Quoting the line in each error would take quadratic time.
    return parseDocument(text, { ...options, logLevel: 'silent', prettyErrors: false })
  } catch {
    // The indentation is nested deeper than the stack allows.
    return null
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The lexer takes linear time. */
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
