/**
 * Converts author names between the forms of the formats. Sheaf's form is `Family, Given`, or the unchanged
 * name when it cannot be split reliably (an institution, one word).
 */

export type PersonName = { readonly family: string; readonly given: string } | { readonly literal: string }

/** `Given von Family` and `Family, Given` alike. */
export function splitName(text: string): PersonName {
  const name = text.replace(/\s+/g, ' ').trim()
  const comma = name.indexOf(',')
  if (comma > 0 && comma < name.length - 1) {
    return { family: name.slice(0, comma).trim(), given: name.slice(comma + 1).trim() }
  }
  const words = name.split(' ')
  if (words.length < 2 || words.length > 6 || /[\d()/:]/.test(name) || INSTITUTION.test(name))
    return { literal: name }
  // `Smith J`, `van Dam A. B.`: no given name ends in initials, so the family name comes first.
  const initials = words.findLastIndex((word) => !INITIALS.test(word)) + 1
  if (initials > 0 && initials < words.length)
    return { family: words.slice(0, initials).join(' '), given: words.slice(initials).join(' ') }
  const particle = words.findIndex((word, at) => at > 0 && at < words.length - 1 && /^\p{Ll}/u.test(word))
  const from = particle > 0 ? particle : words.length - 1
  return { family: words.slice(from).join(' '), given: words.slice(0, from).join(' ') }
}

const INITIALS = /^(?:\p{Lu}{1,3}|(?:\p{Lu}\.-?){1,4})$/u

const INSTITUTION =
  /\b(?:organi[sz]ation|universit\w*|consortium|collaboration|group|institut\w*|committee|association|society|department|ministry|cent(?:er|re)|council|network|team|agency|foundation|laborator\w*|project|initiative|program(?:me)?|commission|federation|investigators|contributors)\b/i

/** The notation for further authors, in any format. */
export const OTHERS = /^(?:others|et al\.?)$/i

/** Sheaf's spelling of a person's name. Idempotent. */
export function nameOf(person: PersonName): string {
  if ('literal' in person) return person.literal
  return person.given === '' ? person.family : `${person.family}, ${person.given}`
}

/** Splits a cell or field with several names. */
export function splitNames(text: string): string[] {
  const cell = text.replace(/[^\S\n]+/g, ' ').trim()
  if (cell === '') return []
  if (/[;|\n]/.test(cell)) return cell.split(/[;|\n]/).map((name) => name.trim())
  if (/ and /i.test(cell)) return cell.split(/,? and /i).map((name) => name.trim())
  const byComma = cell.replace(/\.$/, '').split(/,\s*/)
  // PubMed and Scopus: `Smith J, van Dam A`, a family name and initials.
  if (
    byComma.length > 1 &&
    byComma.every((name) => /^\p{L}[\p{L}'’\- ]* (?:\p{Lu}\.?[- ]?){1,4}$/u.test(name))
  )
    return byComma
  return [cell]
}
