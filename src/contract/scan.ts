/**
 * Linear scanners for untrusted text, where a regular expression would backtrack: each examines a character a
 * bounded number of times, whatever the text. Pure.
 */

/** `text` without the trailing characters that match `belongs` (a pattern for one character). */
export function trimEndOf(text: string, belongs: RegExp): string {
  let end = text.length
  while (end > 0 && belongs.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** The position after the white space at `at`. */
export function skipWhite(text: string, at: number): number {
  let end = at
  while (end < text.length && WHITE.test(text.charAt(end))) end += 1
  return end
}
const WHITE = /\s/

/** The part of `text` before the first `mark`; all of it when there is none. */
export function before(text: string, mark: string): string {
  const at = text.indexOf(mark)
  return at < 0 ? text : text.slice(0, at)
}

/** Replaces every `<…>`; an unclosed `<` stays. */
export function replaceTags(text: string, by: string | ((tag: string) => string)): string {
  const kept: string[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf('<', from)
    const close = open < 0 ? -1 : text.indexOf('>', open)
    if (close < 0) break
    kept.push(text.slice(from, open), typeof by === 'string' ? by : by(text.slice(open, close + 1)))
    from = close + 1
  }
  kept.push(text.slice(from))
  return kept.join('')
}

/** The start of the markup after white space, byte order marks, comments and processing instructions. */
export function skipProlog(text: string): number {
  let at = text.startsWith('\ufeff') ? 1 : 0
  for (;;) {
    at = skipWhite(text, at)
    const mark = PROLOG.find(([open]) => text.startsWith(open, at))
    if (mark === undefined) return at
    const [open, close] = mark
    const end = text.indexOf(close, at + open.length)
    if (end < 0) return at
    at = end + close.length
  }
}
const PROLOG = [
  ['<!--', '-->'],
  ['<?', '?>']
] as const

/**
 * Replaces every element of these names, including its content, by `by`. An unclosed element stays.
 */
export function withoutElements(text: string, names: readonly string[], by: string): string {
  const kept: string[] = []
  const closed = new Map<string, boolean>()
  let from = 0
  for (const found of text.matchAll(new RegExp(`<(${names.join('|')})(?=[\\s/>])`, 'gi'))) {
    if (found.index < from) continue
    const name = (found[1] ?? '').toLowerCase()
    if (closed.get(name) === false) continue
    const close = new RegExp(`</${name}(?:\\s{0,20})>`, 'gi')
    close.lastIndex = found.index
    const end = close.exec(text)
    closed.set(name, end !== null)
    if (end === null) continue
    kept.push(text.slice(from, found.index), by)
    from = close.lastIndex
  }
  kept.push(text.slice(from))
  return kept.join('')
}

/** Characters written from right to left. Source: Unicode's blocks of Hebrew, Arabic and related scripts. */
export const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
