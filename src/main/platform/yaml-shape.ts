/**
 * Whether the YAML parser would read a text in reasonable time: it takes minutes for some hundred collections
 * in one another, or for stray brackets, each of which is an error with a stack of its own. The lexer takes
 * time in proportion to the text. Not too deep does not mean right.
 */
import { Lexer } from 'yaml'

/** No list of references and no plan has so many in one another. */
const DEEPEST = 40

export function isTooDeepYaml(text: string): boolean {
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
