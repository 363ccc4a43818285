/**
 * Determines how much of a title is in a text, in one stretch and in order, with words weighted by how
 * specific they are. Pure. Errors of text recognition are tolerated; the same words scattered over a page are
 * not a title.
 */
import { addTo } from '../platform/add-to'
import { nearlySame, remembering, squeezed, withoutMarkup, wordsOf } from './plain-words'
import { isPartNumber, numbersDiffer } from './title-numbers'
import { sumOf, weightOf, weightsOf } from './word-weight'

/** The length of text that is searched; a title is early on a page. */
const LETTERS_SEARCHED = 15_000
/** Longer titles are errors of a service; their beginning is compared. */
const MOST_WORDS = 60

export interface TitleFound {
  /** share of the title, by weight, that was found in order within one stretch; 0 to 1 */
  readonly coverage: number
  /** how many words of the text come before it; null when it was not found */
  readonly wordsBefore: number | null
}

export function findTitle(title: string, text: string): TitleFound {
  const { words: wanted, tight } = titleOf(title)
  if (wanted.length === 0) return { coverage: 0, wordsBefore: null }
  const words = wordsOf(text.slice(0, LETTERS_SEARCHED))
  const at = tight.length >= 8 ? words.join('').indexOf(tight) : -1
  if (at >= 0) return { coverage: 1, wordsBefore: wordsBefore(words, at) }
  return bestStretch(wanted, words)
}

/** One title is searched for in several places, and several places are compared with it. */
const titleOf = remembering((title) => {
  const plain = withoutMarkup(title)
  return { words: wordsOf(plain).slice(0, MOST_WORDS), tight: squeezed(plain) }
})

/**
 * The similarity of two titles in both directions: additional words of a place (another part, an inserted
 * word) count as well as missing ones.
 */
export interface Likeness {
  /** share of ours that occurs in the other */
  readonly ours: number
  /** the share of our words in the other title, between the first and the last of them there */
  readonly other: number
  /**
   * the number or letter of a part, a version or a year differs, or follows ours: `I` and `II`, `2.0` and
   * `3.0`
   */
  readonly otherNumber: boolean
  /** weight of the words of each that replace words of the other: `in mice`, `in rats` */
  readonly replaced: number
}

export function likenessOf(title: string, place: string): Likeness {
  const { words: ours } = titleOf(title)
  const { coverage } = findTitle(title, place)
  if (coverage === 0) return { ours: 0, other: 0, otherNumber: false, replaced: 0 }
  const known = new Map<string, boolean>()
  const isOurs = (word: string): boolean => {
    const before = known.get(word)
    if (before !== undefined) return before
    const found = ours.some((one) => nearlySame(one, word))
    known.set(word, found)
    return found
  }
  const lines = place.split('\n').map((line) => wordsOf(withoutMarkup(line)))
  // From the beginning of the line of our first word: the words before it on that line belong to it, too.
  const from = lines.findIndex((line) => line.some(isOurs))
  const to = lines.findLastIndex((line) => line.some(isOurs))
  const all = lines.slice(Math.max(0, from))
  const words = all.flat().slice(0, 2 * MOST_WORDS)
  // A subtitle may follow a completely found title; in place of missing words it is the end of another title.
  const end = coverage < 1 ? all.slice(0, to - from + 1).flat().length : words.findLastIndex(isOurs) + 1
  const within = words.slice(0, words.findLastIndex((word) => weightOf(word) > 0 && isOurs(word)) + 1)
  // Words separated differently (`well-known`, `wellknown`) have the same letters; a subtitle may follow
  // them.
  const tight = ours.join('')
  const at = tight.length >= 8 ? words.join('').indexOf(tight) : -1
  if (at >= 0) {
    const other = tight.length / (at + tight.length)
    const behind = wordsBefore(words, at + tight.length - 1) + 1
    const otherNumber =
      numbersDiffer(ours, { place: words, within: words.slice(0, behind) }) ||
      isPartNumber(restOfLine(all, behind))
    return { ours: 1, other, otherNumber, replaced: 0 }
  }
  const weights = weightsOf(within)
  const shared = sumOf(weights.filter((_, index) => isOurs(within[index] ?? '')))
  return {
    ours: coverage,
    other: within.length === 0 ? 0 : shared / Math.max(0.1, sumOf(weights)),
    // The letter of a series has no weight, and a different letter in its place is not one of our words.
    otherNumber: numbersDiffer(ours, {
      place: words,
      within: words.slice(0, ours.at(-1)?.length === 1 ? end + 1 : end)
    }),
    replaced: replacedBetween(ours, words.slice(0, end), isOurs)
  }
}

/** The text after the given number of words, on the line of the last of them. */
function restOfLine(lines: readonly (readonly string[])[], words: number): readonly string[] {
  let before = 0
  for (const line of lines) {
    if (before + line.length >= words) return line.slice(words - before)
    before += line.length
  }
  return []
}

/** Words separated differently (`wellknown`, `CO 2`) have the same letters, and are not replaced. */
function replacedBetween(
  ours: readonly string[],
  place: readonly string[],
  isOurs: (word: string) => boolean
): number {
  const lost = ours.filter((word) => !place.some((one) => nearlySame(word, one)))
  const strange = place.filter((word) => !isOurs(word))
  if (lost.length === 0 || strange.length === 0) return 0
  const letters = squeezed(place.join(''))
  const really = lost.filter((word) => word.length < 3 || !letters.includes(word))
  if (nearlySame(lost.join(''), strange.join(''))) return 0
  return Math.min(sumOf(really.map(weightOf)), sumOf(strange.map(weightOf)))
}

function wordsBefore(words: readonly string[], letters: number): number {
  let sum = 0
  for (const [index, word] of words.entries()) {
    if (sum + word.length > letters) return index
    sum += word.length
  }
  return words.length
}

/** The heaviest common subsequence of the title and any stretch half as long again. */
function bestStretch(wanted: readonly string[], words: readonly string[]): TitleFound {
  const weights = weightsOf(wanted)
  const total = sumOf(weights)
  const places = new Map<string, readonly number[]>()
  const like = placesByEnds(wanted)
  const hits = words.map((word) => {
    let found = places.get(word)
    if (found === undefined) {
      found = like(word).filter((index) => nearlySame(wanted[index] ?? '', word))
      places.set(word, found)
    }
    return found
  })
  // The maximum that a hit can add; a stretch whose hits add less than the best is skipped.
  const most = hits.map((found) => Math.max(0, ...found.map((place) => weights[place] ?? 0)))
  const width = Math.max(wanted.length + 3, Math.ceil(wanted.length * 1.5))
  let ahead = sumOf(most.slice(0, width))
  let best: TitleFound = { coverage: 0, wordsBefore: null }
  for (const [start, hit] of hits.entries()) {
    if (hit.length > 0 && ahead / total > best.coverage) {
      const coverage = heaviestInOrder(hits.slice(start, start + width), weights) / total
      if (coverage > best.coverage) best = { coverage, wordsBefore: start }
    }
    ahead += (most[start + width] ?? 0) - (most[start] ?? 0)
  }
  return best
}

const NOWHERE: readonly number[] = []

/** The positions of words that begin or end like this one. No others are nearly the same. */
function placesByEnds(wanted: readonly string[]): (word: string) => readonly number[] {
  const begin = new Map<string, number[]>()
  const end = new Map<string, number[]>()
  for (const [index, word] of wanted.entries()) {
    addTo(begin, word[0] ?? '', index)
    addTo(end, word.at(-1) ?? '', index)
  }
  return (word) => {
    const first = word[0] ?? ''
    const begun = begin.get(first)
    const ended = end.get(word.at(-1) ?? '')
    if (ended === undefined) return begun ?? NOWHERE
    if (begun === undefined) return ended
    return [...begun, ...ended.filter((index) => wanted[index]?.[0] !== first)]
  }
}

/** For every word of the stretch: the possible positions in the title. */
function heaviestInOrder(stretch: readonly (readonly number[])[], weights: readonly number[]): number {
  const size = weights.length
  // best[k]: most weight matched with places up to k
  const best = new Array<number>(size + 1).fill(0)
  for (const places of stretch) {
    for (const place of [...places].sort((a, b) => b - a)) {
      const sum = (best[place] ?? 0) + (weights[place] ?? 0)
      for (let k = place + 1; k <= size && (best[k] ?? 0) < sum; k += 1) best[k] = sum
    }
  }
  return best[size] ?? 0
}

/** Share of a title's words, by weight, that occur anywhere in the text: whether it has the same subject. */
export function topicShare(title: string, texts: readonly string[]): number | null {
  const wanted = [...new Set(wordsOf(withoutMarkup(title)))].filter((word) => weightOf(word) > 0.3)
  if (wanted.length === 0) return null
  const there = texts.map(vocabularyOf)
  const has = (word: string): boolean =>
    there.some((words) => words.has(word) || (word.length > STEM && words.has(word.slice(0, STEM))))
  return sumOf(wanted.filter(has).map(weightOf)) / sumOf(wanted.map(weightOf))
}

/** Endings differ: `lagoons` and `lagoon`, `estimation` and `estimating`. */
const STEM = 6

/** The words of a text, and the beginnings of the longer ones. */
const vocabularyOf = remembering((text): ReadonlySet<string> => {
  const words = new Set<string>()
  for (const word of wordsOf(text)) {
    words.add(word)
    if (word.length > STEM) words.add(word.slice(0, STEM))
  }
  return words
})
