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
const WORD = /[\p{L}\p{N}\p{M}]+/gu

/** The words of a text, each with where it begins. */
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
 * Marks that are printed and not typed: vowel points and cantillation of Hebrew, vowel signs of Arabic and
 * its lengthening stroke, and stress marks that compose with no letter.
 */
const POINTS =
  /\u0640|[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]/gu

/** Text as it is indexed and asked for: plain letters for ligatures, wide and contextual forms; no points. */
export function forIndex(text: string): string {
  return parted(text.normalize('NFKC').replace(POINTS, ''))
}

/**
 * Without case, and Latin letters without accents: exactly what the index's tokenizer (unicode61 with
 * remove_diacritics=2) does, or words would be stored as one thing and asked for as another. Marks of
 * other scripts are part of their letters (й, 한, ド, हिन्दी).
 */
export function foldWord(word: string): string {
  if (/^[\u0020-\u007e]*$/.test(word)) return word.toLowerCase()
  return word
    .normalize('NFC')
    .replace(/\p{Script=Latin}\p{M}*/gu, (letter) => letter.normalize('NFD').replace(/\p{M}+/gu, ''))
    .toLowerCase()
    .replaceAll('ς', 'σ')
}

/** Marks that belong to a word for the tokenizer, which by itself takes letters and digits only. */
export function wordMarks(): string {
  let marks = ''
  for (let code = 0x370; code <= 0xffff; code += 1) {
    const sign = String.fromCharCode(code)
    if (/\p{M}/u.test(sign) && sign.search(POINTS) < 0) marks += sign
  }
  return marks
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
