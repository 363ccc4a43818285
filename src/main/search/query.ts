/**
 * Parses a search input into terms: words that must all occur, the last one possibly a prefix, quoted words
 * as a phrase. Pure. No input is an error: anything else is ignored.
 */
export interface Term {
  /** folded; several words must be adjacent */
  readonly words: readonly string[]
  /** the last word is a prefix */
  readonly open: boolean
}

const MOST_TERMS = 12
const MOST_WORDS = 16
const MOST_CHARS = 500
/** A single letter as a prefix would match everything. */
const SHORTEST_BEGINNING = 2

/** Scripts without spaces between words: each character counts as a word. */
const ALONE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u
const ALONE_ALL = new RegExp(ALONE.source, 'gu')
const WORD = /[\p{L}\p{N}\p{M}]+/gu

/** The words of a text with their positions. */
export const wordsIn = (text: string): IterableIterator<RegExpExecArray> => text.matchAll(WORD)

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
  return [...wordsIn(forIndex(text))].map(([word]) => foldWord(word)).filter((word) => word !== '')
}

/**
 * Marks that are printed but not typed: vowel points and cantillation of Hebrew, vowel signs of Arabic and
 * its lengthening stroke, and stress marks that compose with no letter.
 */
const POINTS =
  /\u0640|[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]/gu

/**
 * Normalises text for indexing and queries: plain letters for ligatures, full-width and contextual forms; no
 * points.
 */
export function forIndex(text: string): string {
  return parted(text.normalize('NFKC').replace(POINTS, ''))
}

/**
 * Lower case, and Latin letters without accents: exactly like the index's tokenizer (unicode61 with
 * remove_diacritics=2), so that stored and queried words are equal. Marks of other scripts are part of their
 * letters (й, 한, ド, हिन्दी).
 */
export function foldWord(word: string): string {
  if (/^[\u0020-\u007e]*$/.test(word)) return word.toLowerCase()
  return word
    .normalize('NFC')
    .replace(/\p{Script=Latin}\p{M}*/gu, (letter) => letter.normalize('NFD').replace(/\p{M}+/gu, ''))
    .toLowerCase()
    .replaceAll('ς', 'σ')
}

/** Marks that the tokenizer must treat as part of a word; by default it accepts only letters and digits. */
export function wordMarks(): string {
  let marks = ''
  for (let code = 0x370; code <= 0xffff; code += 1) {
    const sign = String.fromCharCode(code)
    if (/\p{M}/u.test(sign) && sign.search(POINTS) < 0) marks += sign
  }
  return marks
}

/** Separates characters that count as words; invisible to readers. */
export const INVISIBLE = '\u200b'
export function parted(text: string): string {
  return ALONE.test(text) ? text.replace(ALONE_ALL, `${INVISIBLE}$&${INVISIBLE}`) : text
}

/** The term in FTS4 syntax: its quotes contain only letters and digits, so nothing can be an operator. */
export function matchOf(term: Term): string {
  return `"${term.words.join(' ')}${term.open ? '*' : ''}"`
}
