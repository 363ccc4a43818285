/**
 * Citation keys by the user's own pattern. The key of an imported entry always stays; every other work gets
 * the pattern's result, in ASCII, with a letter where that key is taken. Letters are assigned in the order of
 * the works (that of the ledger), so that a later work never changes the key of an earlier one. Loaded when a
 * pattern is in use: the tables of letters take half a megabyte.
 */
import anyAscii from 'any-ascii'
import { parseKeyPattern, type KeyModifier, type KeyPart } from '../../contract/citation-key-pattern'
import { fail } from '../../contract/errors'
import type { WorkFacts } from '../../contract/work'
import { authorsFor, commonOf, type CommonReference } from './formats/common-reference'
import { citationKeyOf } from './formats/citation-key'
import { splitName } from './formats/person-names'
import { unpackReference } from './formats/reference'

export interface KeySubject {
  readonly workId: string
  readonly facts: WorkFacts
  /** the user's own reference, as `works` packed it */
  readonly reference?: string | undefined
}

/** A letter is added to it when works collide; RIS readers accept keys of up to 100 characters. */
const MOST_CHARS = 90

export class CitationKeys {
  readonly #parts: readonly KeyPart[]
  readonly #taken = new Set<string>()
  /** works without a key of their own, with the pattern's result; in order */
  readonly #waiting = new Map<string, string>()
  readonly #keys = new Map<string, string>()
  /** for each key, how many letters after it are known to be taken */
  readonly #next = new Map<string, number>()

  /** Throws BAD_SETTING for a pattern that the setting also refuses. */
  constructor(pattern: string) {
    const parsed = parseKeyPattern(pattern)
    if ('problem' in parsed) fail('BAD_SETTING', `The pattern of citation keys ${parsed.problem}.`)
    this.#parts = parsed
  }

  /** Adds all works before the first key is made: keys from imported entries take precedence. */
  tell(work: KeySubject): void {
    const reference = unpackReference(work.reference)
    const isOwn = reference?.form === 'bibtex' && reference.key !== ''
    const common = isOwn ? null : commonOf(reference)
    const own = isOwn ? reference.key : common?.key
    if (own !== undefined) this.#taken.add(own.toLowerCase())
    else if (common !== null) this.#waiting.set(work.workId, keyFrom(this.#parts, work.facts, common))
  }

  /** Undefined for a work with a key of its own, and where the pattern gives nothing. */
  keyOf(work: KeySubject): string | undefined {
    for (const [workId, base] of this.#waiting) this.#give(workId, base)
    this.#waiting.clear()
    const known = this.#keys.get(work.workId)
    if (known !== undefined) return known
    const common = commonOf(unpackReference(work.reference))
    if (common.key !== undefined) return undefined
    return this.#give(work.workId, keyFrom(this.#parts, work.facts, common))
  }

  #give(workId: string, base: string): string | undefined {
    if (base === '') return undefined
    let letters = this.#next.get(base.toLowerCase()) ?? 0
    let key = `${base}${lettersOf(letters)}`
    while (this.#taken.has(key.toLowerCase())) {
      letters += 1
      key = `${base}${lettersOf(letters)}`
    }
    this.#next.set(base.toLowerCase(), letters + 1)
    this.#taken.add(key.toLowerCase())
    this.#keys.set(workId, key)
    return key
  }
}

/** The key of one work on its own, for an example; without a pattern Sheaf's default key. */
export function keyByPattern(pattern: string, work: KeySubject): string {
  return pattern === '' ? citationKeyOf(work) : (new CitationKeys(pattern).keyOf(work) ?? '')
}

/** 0: none, 1: a … 26: z, 27: aa. */
function lettersOf(number: number): string {
  let letters = ''
  for (let left = number; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCharCode(97 + ((left - 1) % 26)) + letters
  return letters
}

function keyFrom(parts: readonly KeyPart[], facts: WorkFacts, common: CommonReference): string {
  const subject = subjectOf(facts, common)
  const key = parts
    .map((part) => (part.kind === 'text' ? part.text : modified(wordsOf(part, subject), part.modifiers)))
    .join('')
  return key.slice(0, MOST_CHARS)
}

interface Subject {
  /** family names in ASCII, with spaces between their words */
  readonly people: readonly string[]
  readonly year: string
  readonly title: string
  readonly journal: string
  readonly pages: string
}

function subjectOf(facts: WorkFacts, common: CommonReference): Subject {
  const authors = authorsFor(facts, common)
  // As in BibTeX, editors replace missing authors.
  const named = authors.length > 0 ? authors : common.editors
  return {
    people: named.map(familyOf).filter((name) => name !== ''),
    year: facts.year?.toString() ?? '',
    title: facts.title ?? common.texts.title ?? '',
    journal: common.texts.container ?? facts.venue ?? '',
    pages: common.texts.pages ?? ''
  }
}

function familyOf(author: string): string {
  const name = EASTERN.test(author) ? { literal: author.trim().split(/\s/)[0] ?? '' } : splitName(author)
  // An abbreviation in brackets after an institution is not part of its name.
  const family = 'family' in name ? name.family : name.literal.replace(/\([^()]*\)$/, '')
  return asciiWords(family).join(' ')
}

/** In East Asian characters alone, the family name comes first. */
const EASTERN = /^[\p{Script=Han}\p{Script=Hangul}\s]+$/u

type Field = Extract<KeyPart, { kind: 'field' }>

/** Words in ASCII letters and digits, separated by spaces. Size: one case for each field of a pattern. */
function wordsOf({ field, n, m }: Field, subject: Subject): string {
  const { people } = subject
  switch (field) {
    case 'auth': {
      const name = people[(m ?? 1) - 1] ?? ''
      return n === null ? name : name.replaceAll(' ', '').slice(0, n)
    }
    case 'authors':
      return n === null || people.length <= n ? people.join(' ') : [...people.slice(0, n), 'EtAl'].join(' ')
    case 'authEtAl':
      return people.length <= 2 ? people.join(' ') : `${people[0] ?? ''} EtAl`
    case 'authorLast':
      return people.at(-1) ?? ''
    case 'year':
      return subject.year
    case 'shortyear':
      return subject.year.slice(-2)
    case 'title':
      return telling(subject.title).map(capital).join(' ')
    case 'shorttitle':
      return firstWords(subject.title, n ?? 3, m ?? 0)
    case 'veryshorttitle':
      return firstWords(subject.title, n ?? 1, m ?? 0)
    case 'journal':
      return asciiWords(subject.journal).join(' ')
    case 'firstpage':
      return /[A-Za-z]{0,4}\d+/.exec(subject.pages)?.[0] ?? ''
    default:
      return field satisfies never
  }
}

function modified(words: string, modifiers: readonly KeyModifier[]): string {
  let text = words
  let between = ''
  for (const modifier of modifiers)
    switch (modifier.kind) {
      case 'lower':
        text = text.toLowerCase()
        break
      case 'upper':
        text = text.toUpperCase()
        break
      case 'capitalize':
        text = text.split(' ').map(capital).join(' ')
        break
      case 'abbr':
        text = text
          .split(' ')
          .map((word) => word.slice(0, 1))
          .join('')
        break
      case 'condense':
        between = modifier.between
        break
      case 'else':
        if (text === '') text = modifier.text
        break
      default:
        modifier satisfies never
    }
  return text.replaceAll(' ', between)
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** The first N significant words, the first M of them with a capital. */
function firstWords(title: string, n: number, m: number): string {
  return telling(title)
    .slice(0, n)
    .map((word, at) => (at < m ? capital(word) : word))
    .join(' ')
}

/** JabRef's function words, and articles and particles of other languages. */
const FUNCTION_WORDS = new Set(
  'a an the above about across against along among around at before behind below beneath beside between beyond by down during except for from in inside into like near of off on onto since to toward through under until up upon with within without and but nor or so yet as is are der die das ein eine und von zur zum le la les un une des du et el los las del y una il lo gli uno di da o os as um uma de sur'.split(
    ' '
  )
)

/** A title of function words alone keeps them. */
function telling(title: string): readonly string[] {
  const words = asciiWords(title.replace(/<\/?[a-z][^<>]{0,40}>/gi, ''))
  const kept = words.filter((word) => !FUNCTION_WORDS.has(word.toLowerCase()))
  return kept.length > 0 ? kept : words
}

/** Scripts without spaces turn a title into one long word. */
const MOST_WORD_CHARS = 40

/** Every script in ASCII (any-ascii: Chinese in pinyin, Japanese kana and Cyrillic by their pronunciation). */
function asciiWords(text: string): readonly string[] {
  return text
    .slice(0, 500)
    .split(/[\s\p{Pd}/]+/u)
    .map((word) =>
      anyAscii(word)
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, MOST_WORD_CHARS)
    )
    .filter((word) => word !== '')
}
