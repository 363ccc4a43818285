/**
 * How much of a title stands in a text, as one piece and in order. Pure. Errors of reading are
 * forgiven, a scattering of the same words over a page is not a title.
 */
import { nearlySame, squeezed, withoutMarkup, wordsOf } from './plain-words'

/** So much of a text is looked through; a title stands early on a page. */
const LETTERS_SEARCHED = 15_000

export interface TitleFound {
  /** share of the title's words that were found, in order, within one stretch; 0 to 1 */
  readonly coverage: number
  /** how many words of the text stand before it; null when it was not found */
  readonly wordsBefore: number | null
}

export function findTitle(title: string, text: string): TitleFound {
  const plain = withoutMarkup(title)
  const wanted = wordsOf(plain)
  if (wanted.length === 0) return { coverage: 0, wordsBefore: null }
  const words = wordsOf(text.slice(0, LETTERS_SEARCHED))
  const tight = squeezed(plain)
  const page = words.join('')
  const at = tight.length >= 8 ? page.indexOf(tight) : -1
  if (at >= 0) return { coverage: 1, wordsBefore: wordsBefore(words, at) }
  return bestStretch(wanted, words)
}

function wordsBefore(words: readonly string[], letters: number): number {
  let sum = 0
  for (const [index, word] of words.entries()) {
    if (sum + word.length > letters) return index
    sum += word.length
  }
  return words.length
}

/** The longest common subsequence of the title and any stretch half as long again. */
function bestStretch(wanted: readonly string[], words: readonly string[]): TitleFound {
  const places = new Map<string, readonly number[]>()
  const hits = words.map((word) => {
    let found = places.get(word)
    if (found === undefined) {
      found = wanted.flatMap((one, index) => (nearlySame(one, word) ? [index] : []))
      places.set(word, found)
    }
    return found
  })
  const width = wanted.length + Math.ceil(wanted.length / 2) + 1
  let best: TitleFound = { coverage: 0, wordsBefore: null }
  for (const [start, hit] of hits.entries()) {
    if (hit.length === 0) continue
    const stretch = hits.slice(start, start + width)
    // No stretch with fewer hits than the best can beat it.
    if (stretch.filter((places) => places.length > 0).length / wanted.length <= best.coverage) continue
    const coverage = longestInOrder(stretch, wanted.length) / wanted.length
    if (coverage > best.coverage) best = { coverage, wordsBefore: start }
  }
  return best
}

/** For every word of the stretch: at which places of the title may it stand? */
function longestInOrder(stretch: readonly (readonly number[])[], size: number): number {
  // best[k]: most words matched with places up to k
  const best = new Array<number>(size + 1).fill(0)
  for (const places of stretch) {
    for (const place of [...places].sort((a, b) => b - a)) {
      const length = (best[place] ?? 0) + 1
      for (let k = place + 1; k <= size && (best[k] ?? 0) < length; k += 1) best[k] = length
    }
  }
  return best[size] ?? 0
}
