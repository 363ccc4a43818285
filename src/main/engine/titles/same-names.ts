/**
 * Compares names of people and journals as two sides write them: with or without initials, particles before
 * or after, diacritics lost, abbreviated by ISO 4. Pure.
 */
import { familyNameOf } from '../../library/family-name'
import { squeezed, wordsOf } from '../../library/plain-words'
import { FUNCTION_WORDS } from '../../library/word-weight'
import { isMisspelling } from './title-likeness'

/** `first`: the first authors agree. `among`: one is among the others. `unknown`: one side has no authors. */
export type AuthorsAgree = 'first' | 'among' | 'other' | 'unknown'

const NOT_PEOPLE = /^(?:anonymous|anon\.?|others|et al\.?|various|\[?n\.?\s?n\.?\]?)$/i
const MOST_AUTHORS = 30

export function authorsAgree(cited: readonly string[], found: readonly string[]): AuthorsAgree {
  const ours = cited.filter((name) => !NOT_PEOPLE.test(name.trim())).slice(0, MOST_AUTHORS)
  const theirs = found.filter((name) => !NOT_PEOPLE.test(name.trim())).slice(0, MOST_AUTHORS)
  const [first] = ours
  const [theirFirst] = theirs
  if (first === undefined || theirFirst === undefined) return 'unknown'
  if (isSamePerson(first, theirFirst)) return 'first'
  if (theirs.some((name) => isSamePerson(first, name))) return 'among'
  return ours.some((name) => isSamePerson(name, theirFirst)) ? 'among' : 'other'
}

/** Compares family names; given names only where one side may have swapped the two. */
export function isSamePerson(one: string, other: string): boolean {
  const ours = familyWords(one)
  const theirs = familyWords(other)
  if (ours.length === 0 || theirs.length === 0) return squeezed(one) === squeezed(other)
  if (ours.join('') === theirs.join('')) return true
  const [few, many] = ours.length <= theirs.length ? [ours, theirs] : [theirs, ours]
  if (few.every((word) => word.length > 1 && many.some((known) => isSameWord(word, known)))) return true
  const all = wordsOf(one)
  const allTheirs = new Set(wordsOf(other))
  return all.length > 1 && all.length === allTheirs.size && all.every((word) => allTheirs.has(word))
}

function isSameWord(one: string, other: string): boolean {
  return one === other || isMisspelling(one, other)
}

const PARTICLES = new Set(
  'van von der den de du la le di da dos del el al bin ter ten zu zur und y'.split(' ')
)

function familyWords(name: string): readonly string[] {
  const words = wordsOf(familyNameOf(name).replace(/\bet al\b\.?|\b(?:Jr|Sr|I{2,3}|IV)\b\.?/gi, ' '))
  const bare = words.filter((word) => !PARTICLES.has(word) && (word.length > 1 || words.length === 1))
  return bare.length > 0 ? bare : words
}

/** True when both can be names of the same journal, book or series; unknown names never agree. */
export function venuesAgree(cited: string | undefined, found: readonly string[]): boolean {
  return cited !== undefined && found.some((name) => isSameVenue(cited, name))
}

function isSameVenue(one: string, other: string): boolean {
  const ours = venueWords(one)
  const theirs = venueWords(other)
  if (ours.length === 0 || theirs.length === 0) return false
  if (ours.join('') === theirs.join('')) return true
  const [short, long] = ours.join('').length <= theirs.join('').length ? [ours, theirs] : [theirs, ours]
  // `PNAS`, `IJQC`: the first letters of the other's words.
  if (short.length === 1 && short[0]?.length === long.length && long.length > 1)
    return long.every((word, at) => word.startsWith(short[0]?.[at] ?? ' '))
  // `J. Chem. Phys.`: each word is a prefix of the other's, in order.
  let at = 0
  for (const word of short) {
    while (at < long.length && !abbreviates(word, long[at] ?? '')) at += 1
    if (at === long.length) return false
    at += 1
  }
  return short.length >= Math.ceil(long.length / 2)
}

/** `Chem` for `Chemical`, `Natl` for `National`: its letters occur in order, the first one first. */
function abbreviates(short: string, long: string): boolean {
  if (long.startsWith(short)) return true
  if (short.length < 3 || short[0] !== long[0]) return false
  let at = 0
  for (const letter of long) if (letter === short[at]) at += 1
  return at === short.length
}

function venueWords(name: string): readonly string[] {
  return wordsOf(name.replace(/&/g, ' and ')).filter((word) => !FUNCTION_WORDS.has(word))
}
