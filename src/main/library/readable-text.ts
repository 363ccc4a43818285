/**
 * Decides whether a text can be compared at all. Fonts without a character map give scrambled text: shifted
 * letters, signs in place of letters, private-use characters. Pure and linear.
 */
import { wordsOf } from './plain-words'
import { FUNCTION_WORDS } from './word-weight'

const SAMPLE = 6_000
const LEAST_WORDS = 40
/** Every text of a Latin language is a fifth to a half function words; captions and lists have fewer. */
const LEAST_FUNCTION_WORDS = 0.05
const MOST_SIGNS = 0.1

export function isReadable(text: string): boolean {
  const sample = text.slice(0, SAMPLE)
  const visible = sample.replace(/\s+/g, '').length
  // Characters that replace letters in no language: Latin-1 signs, private use, controls, replacements.
  const signs = sample.match(/[\u0080-\u009f¡-©¬®¯±-´¶-¹»-¿×÷\ue000-\uf8ff\ufffd]/gu)?.length ?? 0
  if (visible > 0 && signs / visible > MOST_SIGNS) return false
  if (!isLatin(sample)) return true
  const words = wordsOf(sample).filter((word) => word.length >= 2 && !/\d/.test(word))
  const small = words.filter((word) => FUNCTION_WORDS.has(word)).length
  return words.length < LEAST_WORDS || small / words.length >= LEAST_FUNCTION_WORDS
}

/** A few hundred letters are enough to recognise the script of a text. */
export function isLatin(text: string): boolean {
  const sample = text.slice(0, 1_500)
  const ascii = asciiLetters(sample)
  const letters = ascii + (sample.match(OTHER_LETTERS)?.length ?? 0)
  const latin = ascii + (sample.match(OTHER_LATIN)?.length ?? 0)
  return letters === 0 || latin / letters > 0.5
}

export function countLetters(text: string): number {
  return asciiLetters(text) + (text.match(OTHER_LETTERS)?.length ?? 0)
}

/** Beyond ASCII only: an expression that matches every letter would create a list of thousands. */
const OTHER_LETTERS = /[^\0-\x7f\P{L}]/gu
const OTHER_LATIN = /[^\0-\x7f\P{Script=Latin}]/gu

function asciiLetters(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    // Bit 5 is the case of a letter.
    const lower = text.charCodeAt(at) | 0x20
    if (lower >= 0x61 && lower <= 0x7a) count += 1
  }
  return count
}

/** Ordinary written words: most have a vowel, and none consists of random signs. */
export function looksWritten(text: string): boolean {
  const words = wordsOf(text)
  if (words.length === 0) return false
  if (!isLatin(text)) return true
  const spoken = words.filter((word) => /[aeiouyäöüàâéèêîôûáíóúãõ]|\d/.test(word) || word.length <= 3).length
  const signs = text.match(/[¡-©¬®¯±-´¶-¹»-¿×÷\ue000-\uf8ff\ufffd]/gu)?.length ?? 0
  return spoken / words.length >= 0.7 && signs <= text.length * 0.06
}

/** Words that distinguish a language from similar ones. */
const TELLING: Readonly<Record<string, string>> = {
  en: 'the of and in to is for with that by on from are was an this using between',
  de: 'der die das und von zu mit ist im ein eine fur auf nicht bei den dem des zur uber',
  fr: 'le les des et du en un une dans pour que est sur par au aux ses avec la de',
  es: 'el los las y del por con una se al como su en la de un que para',
  pt: 'o os as um uma para em na no nas nos e do da dos das que de ao',
  it: 'il lo gli di che e della delle dei degli nel nella per un una la sul',
  nl: 'het een van en te dat op bij voor met aan door naar de',
  pl: 'w z nie sie jest oraz dla przez na i do',
  id: 'dan yang di ke dari pada untuk dengan dalam terhadap',
  tr: 've bir ile icin bu olarak uzerine'
}
const LANGUAGES = Object.entries(TELLING).map(([code, words]) => [code, new Set(words.split(' '))] as const)

/** The language of a text in Latin letters; null when it is too short to decide, or not in Latin letters. */
export function languageOf(text: string): string | null {
  const words = wordsOf(text.slice(0, SAMPLE))
  const counts = LANGUAGES.map(
    ([code, small]) => [code, words.filter((word) => small.has(word)).length] as const
  )
  const [best, next] = [...counts].sort((one, other) => other[1] - one[1])
  if (best === undefined || next === undefined || best[1] === 0 || best[1] === next[1]) return null
  return best[0]
}
