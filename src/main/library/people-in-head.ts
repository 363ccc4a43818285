/**
 * Detects whether the head of a page names people in the way papers name their authors. It does not identify
 * them. Names are distinguished from places, institutes and headings by their context: initials, footnote
 * marks, a list of several, "by" before them, an affiliation below them. Pure and linear.
 */
import { trimEndOf } from '../../contract/scan'
import { fold } from './plain-words'
import { FUNCTION_WORDS } from './word-weight'

const HEAD_LETTERS = 1_500
const MOST_LINES = 30

/** Words of lines that name no authors: institutes, addresses, headings, mastheads, other roles. */
const NO_NAME =
  /\b(?:universit\p{L}*|universidad\p{L}*|institut\p{L}*|department|departamento|d[ée]partement|faculty|facult\p{L}*|school|college|cent(?:er|re)|laborator\p{L}*|hospital|clinic|academy|society|ministry|press|journal|review|annals|archives|proceedings|transactions|letters|bulletin|magazine|volume|issue|street|road|avenue|box|usa|uk|china|germany|france|italy|spain|japan|india|brazil|canada|australia|edited|editor|reviewed|reviewer|received|accepted|published|article|research|access|abstract|summary|introduction|keywords?|copyright|licen[cs]e|repository|library|downloaded|version|manuscript|correspondence|communication|report|table|figure|chapter|section|science|sciences|ecology|biology|medicine|physics|chemistry|mathematics|new york|los angeles|united states|united kingdom)\b/iu
const ROLE =
  /^\W*(?:academic editors?|edited|reviewed|handling editors?|editors?|reviewers?|communicated|translated)\b/iu
const BODY_BEGINS =
  /^\W*(?:\d\W*)?(?:abstract|summary|introduction|background|zusammenfassung|r[ée]sum[ée]|resumen|resumo|riassunto)\b/iu
const BELOW =
  /\b(?:universit\p{L}*|universidad\p{L}*|institut\p{L}*|department|departamento|faculty|school|college|laborator\p{L}*|hospital|academy)\b|@|^\W*abstract\b/iu

/** One person: initials and a family name, given names and a family name, or the family name first. */
const INITIALS_FIRST =
  /^(?:\p{Lu}\.[\s-]?){1,4}(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|el|al|ter|ten) ){0,3}\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?$/iu
const FAMILY_FIRST = /^\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)? (?:\p{Lu}{1,3}|(?:\p{Lu}\.[\s-]?){1,3})$/u
const IN_FULL =
  /^\p{Lu}[\p{L}'’.-]*(?: (?:\p{Lu}\.?|\p{Lu}[\p{L}'’-]+|van|von|de|der|den|del|di|da|dos|du|la|le|el|al)){1,4}$/u

/** Particles of one language that are parts of names, or names, in another. */
const IN_NAMES: ReadonlySet<string> = new Set(
  'van von de der den del di da dos du la le el al an do so ten ter'.split(' ')
)

interface People {
  readonly count: number
  /** of them with initials, or with the mark of a footnote */
  readonly sure: number
}

export function namesPeople(page: string): boolean {
  const lines = page
    .slice(0, HEAD_LETTERS)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, MOST_LINES)
  let before = ''
  for (const [index, line] of lines.entries()) {
    // The text's citations come after the first line of the body.
    if (index > 0 && BODY_BEGINS.test(line)) return false
    const isRole = ROLE.test(line) || ROLE.test(before)
    before = line
    if (isRole) continue
    const people = peopleIn(line)
    if (people.count === 0) continue
    if (people.count >= 2 || people.sure >= 1) return true
    if (index > 0 && BELOW.test(lines.slice(index + 1, index + 3).join(' '))) return true
  }
  return false
}

function peopleIn(line: string): People {
  const none = { count: 0, sure: 0 }
  if (line.length > 250) return none
  const text = line.replace(/\s+/g, ' ').trim()
  const by = /^by /i.test(text)
  const chunks = text
    .replace(/^by /i, '')
    .split(/ ?[,;•·|&] ?| (?:and|und|et|y|e|en|og|och|i|AND|UND|ET) /u)
    .map((chunk) => ({
      name: trimEndOf(
        chunk.trim().replace(/^(?:and|und|et|y|e|AND) | (?:and|und|et|y|e|AND)$/gu, ''),
        /[\s\d*†‡§¶⁰-⁹¹²³()[\]]/u
      ).trim(),
      marked: /[\p{Ll}][\d*†‡§¶¹²³⁰-⁹]+$/u.test(chunk.trim())
    }))
    .filter((chunk) => /\p{L}{2}/u.test(chunk.name))
  if (chunks.length === 0) return none
  let count = 0
  let sure = 0
  for (const { name, marked } of chunks) {
    const kind = kindOf(name)
    if (kind === 'none') continue
    count += 1
    if (kind === 'initials' || marked || by) sure += 1
  }
  return count / chunks.length >= 0.6 ? { count, sure } : none
}

function kindOf(name: string): 'none' | 'initials' | 'full' {
  if (name.length > 50 || NO_NAME.test(name)) return 'none'
  if (INITIALS_FIRST.test(name) || FAMILY_FIRST.test(name)) return 'initials'
  if (!IN_FULL.test(name)) return 'none'
  const words = fold(name).split(/[^\p{L}]+/u)
  if (words.some((word) => word.length > 1 && FUNCTION_WORDS.has(word) && !IN_NAMES.has(word))) return 'none'
  return /\s\p{Lu}\.?\s/u.test(name) ? 'initials' : 'full'
}
