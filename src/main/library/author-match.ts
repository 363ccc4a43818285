/**
 * Determines which of a work's authors a text names as its own. A family name alone proves little: it may
 * belong to another person, a town or a cited author. It counts in full with the given name or its initial
 * beside it, for less when it is alone among the names at the top of the paper, and not at all with another
 * person's given name. Pure and linear.
 */
import { familyNameOf } from './family-name'
import { fold, remembering, squeezed, wordsOf } from './plain-words'

export interface AuthorsFound {
  /** number of matching names, certain ones counting as 1; from 0 to `of` */
  readonly score: number
  /** found with their given name or initial, or without one where the service gave none */
  readonly full: number
  /** found by the family name alone, near the head */
  readonly bare: number
  readonly of: number
}

/** Length of the part of a page that contains its authors. */
const HEAD_LETTERS = 2_500
const MOST_AUTHORS = 8
const BARE = 0.5

interface Token {
  readonly word: string
  readonly isName: boolean
  /** false when something other than spaces, points and hyphens separates it from the token before */
  readonly joined: boolean
}

export function authorsIn(authors: readonly string[], pages: readonly string[]): AuthorsFound {
  const heads = pages.map((page) => partOf(page.slice(0, HEAD_LETTERS)))
  const tails = pages.map((page) => partOf(page.slice(HEAD_LETTERS)))
  let tight: string | null = null
  let full = 0
  let bare = 0
  let of = 0
  for (const author of authors.slice(0, MOST_AUTHORS)) {
    const name = nameOf(author)
    if (name === null) continue
    of += 1
    const spellings = [name, ...otherSpellings(author).flatMap((other) => nameOf(other) ?? [])]
    const ways = spellings.flatMap((one) => [
      ...heads.map((head) => seek(one, head)),
      ...tails.map((tail) => (seek(one, tail) === 'full' ? 'full' : 'none'))
    ])
    if (ways.includes('full')) full += 1
    else if (ways.includes('bare')) bare += 1
    else if (!ways.includes('other')) {
      // Letter-spaced names, and names whose spaces were lost: given and family name as one piece.
      tight ??= squeezed(pages.map((page) => page.slice(0, HEAD_LETTERS)).join(' '))
      if (isTight(name, tight)) full += 1
    }
  }
  return { score: full + BARE * bare, full, bare, of }
}

/** `Müller` is printed as `Mueller` and vice versa, `Østergård` as `Oestergaard`. */
function otherSpellings(author: string): readonly string[] {
  const name = author.normalize('NFC')
  if (/[äöüøåÄÖÜØÅ]/.test(name))
    return [name.replace(/[äöüøåÄÖÜØÅ]/g, (letter) => WRITTEN_OUT[letter.toLowerCase()] ?? letter)]
  return /(?:[aou]e|aa)/i.test(name) ? [name.replace(/([aou])e|(a)a/gi, '$1$2')] : []
}

const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }

interface Name {
  readonly family: readonly string[]
  readonly given: readonly string[]
}

function nameOf(author: string): Name | null {
  const familyText = familyNameOf(author)
  const family = wordsOf(familyText)
  if (family.join('').length < 2) return null
  const all = wordsOf(author.replace(/\b(?:Jr|Sr|II|III|IV|PhD|MD|Dr|Prof)\b\.?/g, ' '))
  const given = [...all]
  for (const word of family) {
    const at = given.indexOf(word)
    if (at >= 0) given.splice(at, 1)
  }
  return { family, given }
}

function isTight(name: Name, tight: string): boolean {
  const family = name.family.join('')
  const given = name.given.join('')
  if (given.length < 2) return family.length >= 6 && tight.includes(family)
  return tight.includes(given + family) || tight.includes(family + given)
}

/** In scripts without spaces each character is a token here, and the characters of a name must be adjacent. */
function seek(name: Name, part: Part): 'full' | 'bare' | 'other' | 'none' {
  const [first = ''] = name.family
  if (!part.folded.includes(first)) return 'none'
  const tokens = part.tokens()
  let best: 'bare' | 'other' | 'none' = 'none'
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens[at]?.word !== first || !name.family.every((word, k) => tokens[at + k]?.word === word)) continue
    const end = at + name.family.length
    if (name.given.length === 0) return 'full'
    const before = namesBefore(tokens, at)
    const after = namesAfter(tokens, end)
    if ([...before, ...after].some((word) => name.given.some((given) => sameGiven(word, given))))
      return 'full'
    // After a comma, the next person is as likely as this person's given name.
    const hasOther = before.length > 0 || (after.length > 0 && tokens[end]?.joined === true)
    if (!hasOther && tokens[at]?.isName === true) best = 'bare'
    else if (best === 'none') best = 'other'
  }
  return best
}

const MOST_GIVEN = 3

/** Up to three names that stand directly before: `Mary A. Smith`. */
function namesBefore(tokens: readonly Token[], at: number): readonly string[] {
  const names: string[] = []
  for (let k = at - 1; k >= Math.max(0, at - MOST_GIVEN); k -= 1) {
    const token = tokens[k]
    if (token === undefined || tokens[k + 1]?.joined !== true || !(token.isName || isParticle(token.word)))
      break
    names.push(token.word)
  }
  return names
}

/** `Smith MA`, `Smith, Mary A.`, and the given name after a Chinese or Hungarian family name. */
function namesAfter(tokens: readonly Token[], end: number): readonly string[] {
  const names: string[] = []
  for (let k = end; k < Math.min(tokens.length, end + 2); k += 1) {
    const token = tokens[k]
    if (token === undefined || !token.isName) break
    if (!token.joined && token.word.length > 2 && k > end) break
    names.push(token.word)
  }
  return names
}

const isParticle = (word: string): boolean =>
  /^(?:van|von|der|den|de|la|le|di|da|dos|del|el|al|bin|ter|ten)$/.test(word)

/**
 * `M`, `MA`, `Mary`, `Marie` agree by their beginning; two full names must be equal, or one an abbreviation.
 */
function sameGiven(one: string, given: string): boolean {
  if (one === given) return true
  const [short, long] = one.length <= given.length ? [one, given] : [given, one]
  if (short.length === 1) return long.startsWith(short)
  // Initials written together: `MA` for Mary Ann.
  if (short.length === 2 && long.length > 3) return long.startsWith(short[0] ?? '')
  return short.length >= 3 && long.startsWith(short)
}

interface Part {
  /** the whole text, folded like the words of tokens */
  readonly folded: string
  /** computed on demand: most parts of most pages have none of the names */
  readonly tokens: () => readonly Token[]
}

const partOf = remembering((text): Part => {
  const whole = text.replace(/(\p{L})[-‐][^\S\n]*\n\s*(?=\p{Ll})/gu, '$1').replace(/\u00ad/g, '')
  let tokens: readonly Token[] | null = null
  return { folded: fold(whole), tokens: () => (tokens ??= tokensOf(whole)) }
})

function tokensOf(whole: string): readonly Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const found of whole.matchAll(
    /\p{Script=Han}|[\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}]+/gu
  )) {
    const between = whole.slice(end, found.index)
    end = found.index + found[0].length
    const word = fold(found[0])
    tokens.push({
      word,
      isName: !/^\p{Ll}/u.test(found[0]),
      joined: between === ' ' || (/^[\s.\-‐’'·~\d*†‡§]*$/u.test(between) && !/\n\s*\n/.test(between))
    })
  }
  return tokens
}
