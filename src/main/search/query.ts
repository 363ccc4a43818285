/**
 * What a person types into a search box, as terms: words that all must stand, the last one possibly a
 * beginning, “…” holding words together. Pure, and nothing is an error: what is no word is left out.
 */
export interface Term {
  /** folded; more than one must stand one after the other */
  readonly words: readonly string[]
  /** the last word may go on */
  readonly open: boolean
}

const MOST_TERMS = 12
const MOST_WORDS = 16
const MOST_CHARS = 500
/** A single letter as a beginning would find everything. */
const SHORTEST_BEGINNING = 2

/** Scripts that put no spaces between words: each sign counts as one. */
const ALONE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u
const ALONE_ALL = new RegExp(ALONE.source, 'gu')
export const WORD = /[\p{L}\p{N}\p{M}]+/gu

export function parseQuery(text: string): readonly Term[] {
  const query = text.slice(0, MOST_CHARS)
  const terms: Term[] = []
  for (const found of query.matchAll(/["“”„]([^"“”„]*)(["“”„]?)|[^\s"“”„]+/gu)) {
    if (terms.length === MOST_TERMS) break
    const [piece, quoted, closed] = found
    const words = wordsOf(quoted ?? piece).slice(0, MOST_WORDS)
    const last = words.at(-1)
    if (last === undefined) continue
    const atEnd = found.index + piece.length === query.length
    const isOpen = atEnd && closed !== '"' && closed !== '”' && /[\p{L}\p{N}\p{M}]$/u.test(piece)
    terms.push({ words, open: isOpen && (last.length >= SHORTEST_BEGINNING || ALONE.test(last)) })
  }
  return terms
}

export function wordsOf(text: string): string[] {
  return (parted(text.normalize('NFKC')).match(WORD) ?? []).map(foldWord).filter((word) => word !== '')
}

/** Without accents and case, as the index folds them. */
export function foldWord(word: string): string {
  if (/^[\u0020-\u007e]*$/.test(word)) return word.toLowerCase()
  return word
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

/** Signs that stand for themselves are parted by something that no reader sees. */
export const INVISIBLE = '\u200b'
export function parted(text: string): string {
  return ALONE.test(text) ? text.replace(ALONE_ALL, `${INVISIBLE}$&${INVISIBLE}`) : text
}

/** As FTS4 wants it: only letters and digits stand between its quotes, so nothing can be a command. */
export function matchOf(term: Term): string {
  return `"${term.words.join(' ')}${term.open ? '*' : ''}"`
}
