/**
 * Similarity of two titles, 0 to 1. It ignores what services, typesetters and reference managers change
 * (letter case, markup, diacritics, ligatures, hyphens, a missing subtitle, a misspelling), and is strict
 * about what makes another paper: a part number, a replaced word, “before” for “after”. Rare words weigh more
 * (`word-weight`). Pure.
 */
import { squeezed, withoutMarkup, wordsOf } from '../../library/plain-words'
import { sumOf, weightsOf } from '../../library/word-weight'

export interface Title {
  readonly title: string
  readonly subtitle?: string | undefined
}

export interface TitleLikeness {
  readonly value: number
  /** weight of the shared words; below 1.2 many papers have the title */
  readonly weight: number
}

const MOST_WORDS = 80
/** Weight from which a main title alone identifies the work. */
const TELLING_WEIGHT = 1.5
/** Factor for a title without its subtitle compared with the whole one. */
const WITHOUT_SUBTITLE = 0.96
const REPLACED = 0.86
const OTHER_NUMBER = 0.4
const NUMBER_MISSING = 0.75
/** Factor for the share of differing words: above 1, since one rare word makes another paper. */
const LOSS = 1.6

export function titleLikeness(cited: Title, found: Title): TitleLikeness {
  const ours = waysToSay(cited)
  const theirs = waysToSay(found)
  const whole = ours.whole.flatMap((one) => theirs.whole.map((other) => likeness(one, other)))
  const halves = [
    ...(theirs.main === null ? [] : ours.whole.map((one) => mainOnly(one, theirs.main ?? ''))),
    ...(ours.main === null ? [] : theirs.whole.map((one) => mainOnly(one, ours.main ?? '')))
  ]
  return [...whole, ...halves].reduce((best, one) => (one.value > best.value ? one : best))
}

interface Ways {
  readonly whole: readonly string[]
  /** the part before the subtitle; null when there is none */
  readonly main: string | null
}

/** `Main: sub`, `Main. Sub`, `Main – sub`, `Main? Sub`; text without markup has single spaces. */
const BEFORE_SUBTITLE = / ?: |\. (?=\p{Lu})|[?!] | [–—-] /u
const LEAST_MAIN = 8

/** Title variants with and without the subtitle, also when it has its own field. */
function waysToSay({ title, subtitle }: Title): Ways {
  const plain = withoutMarkup(title)
  if (subtitle !== undefined && subtitle.trim() !== '' && !squeezed(plain).includes(squeezed(subtitle)))
    return { whole: [`${plain}: ${withoutMarkup(subtitle)}`], main: plain }
  const at = plain.slice(LEAST_MAIN).search(BEFORE_SUBTITLE)
  if (at < 0) return { whole: [plain], main: null }
  const rest = plain.slice(LEAST_MAIN + at).replace(/^[\s:.?!–—-]+/, '')
  return { whole: [plain], main: rest === '' || PART.test(rest) ? null : plain.slice(0, LEAST_MAIN + at) }
}

/** A part number is not a subtitle that may be left out. */
const PART = /^(?:part|chapter|volume|book|no\.?|pt\.?)?\s*(?:\d+|[ivx]+)\b|\s(?:\d{1,2}|[ivx]{2,})\.?$/i

function mainOnly(whole: string, main: string): TitleLikeness {
  const alike = likeness(whole, main)
  if (alike.value < 0.98) return { value: 0, weight: 0 }
  const value = alike.weight >= TELLING_WEIGHT ? WITHOUT_SUBTITLE : 0.75
  return { value: Math.min(alike.value, value), weight: alike.weight }
}

function likeness(one: string, other: string): TitleLikeness {
  const a = wordsOf(one).slice(0, MOST_WORDS)
  const b = wordsOf(other).slice(0, MOST_WORDS)
  if (a.length === 0 || b.length === 0) return { value: 0, weight: 0 }
  const weightOfA = weightsOf(a)
  const weightOfB = weightsOf(b)
  const least = Math.min(sumOf(weightOfA), sumOf(weightOfB))
  if (a.join('') === b.join('')) return { value: 1, weight: least }
  const pairs = inOrder(a, b, (at, there) => ((weightOfA[at] ?? 0) + (weightOfB[there] ?? 0)) / 2 + 0.001)
  const matched = sumOf(pairs.map(([at, there]) => valueOf(a[at], b[there], weightOfA[at], weightOfB[there])))
  const share = Math.min(1, (2 * matched) / Math.max(0.1, sumOf(weightOfA) + sumOf(weightOfB)))
  const lostA = leftOver(
    a,
    pairs.map(([at]) => at)
  )
  const lostB = leftOver(
    b,
    pairs.map(([, there]) => there)
  )
  const value = Math.max(0, 1 - LOSS * (1 - share))
  return { value: Math.min(value, limitBy(lostA, lostB)), weight: matched }
}

interface Lost {
  readonly word: string
  readonly weight: number
}

function leftOver(words: readonly string[], used: readonly number[]): readonly Lost[] {
  const taken = new Set(used)
  const weights = weightsOf(words)
  return words.flatMap((word, at) => (taken.has(at) ? [] : [{ word, weight: weights[at] ?? 0 }]))
}

const NUMBER = /^(?:\d+|[ivx]{1,5})$/
/** Small words that reverse a title's meaning. */
const TURNING = new Set(['without', 'before', 'after', 'not', 'no', 'non', 'under', 'over', 'against'])

/** Upper limit of the similarity of two titles that differ in these words. */
function limitBy(ours: readonly Lost[], theirs: readonly Lost[]): number {
  const numbers = (lost: readonly Lost[]): number => lost.filter(({ word }) => NUMBER.test(word)).length
  const [n, m] = [numbers(ours), numbers(theirs)]
  if (n > 0 && m > 0) return OTHER_NUMBER
  if (n + m > 0) return NUMBER_MISSING
  const says = ({ word, weight }: Lost): boolean => weight > 0 || TURNING.has(word)
  if ([...ours, ...theirs].some(({ word }) => TURNING.has(word))) return REPLACED
  // Spaces and hyphens removed or added: `data set`, `dataset`.
  if (ours.map(({ word }) => word).join('') === theirs.map(({ word }) => word).join('')) return 1
  return ours.some(says) && theirs.some(says) ? REPLACED : 1
}

/** A misspelt word counts slightly less. */
function valueOf(
  one: string | undefined,
  other: string | undefined,
  weight: number | undefined,
  otherWeight: number | undefined
): number {
  const full = ((weight ?? 0) + (otherWeight ?? 0)) / 2
  return one === other ? full : full * 0.85
}

/** The heaviest common subsequence; a word may stand for a misspelling of it. */
function inOrder(
  a: readonly string[],
  b: readonly string[],
  weight: (at: number, there: number) => number
): readonly (readonly [number, number])[] {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const get = (i: number, j: number): number => best[i]?.[j] ?? 0
  const fits = (i: number, j: number): boolean => {
    const [one = '', other = ''] = [a[i], b[j]]
    return one === other || isMisspelling(one, other)
  }
  const worth = (i: number, j: number): number => weight(i, j) * (a[i] === b[j] ? 1 : 0.85)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const skip = Math.max(get(i + 1, j), get(i, j + 1))
      const row = best[i]
      if (row !== undefined) row[j] = fits(i, j) ? Math.max(skip, get(i + 1, j + 1) + worth(i, j)) : skip
    }
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (fits(i, j) && get(i, j) === get(i + 1, j + 1) + worth(i, j)) {
      pairs.push([i, j])
      i += 1
      j += 1
    } else if (get(i + 1, j) >= get(i, j + 1)) i += 1
    else j += 1
  }
  return pairs
}

/**
 * One letter added, removed or replaced in a long word with the same beginning: `behaviour`, `behavior`. Two
 * letters are too many: `hypertension` and `hypotension`, `intracellular` and `intercellular`.
 */
export function isMisspelling(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length < 6 || long.length - short.length > 1 || short[0] !== long[0]) return false
  if (/\d/.test(long)) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  const rest = short.length === long.length ? short.slice(at + 1) : short.slice(at)
  return rest === long.slice(at + 1) || isSwapped(short, long, at)
}

/** Two neighbouring letters swapped: `Marhsall`. */
function isSwapped(one: string, other: string, at: number): boolean {
  return (
    one.length === other.length &&
    one[at] === other[at + 1] &&
    one[at + 1] === other[at] &&
    one.slice(at + 2) === other.slice(at + 2)
  )
}
