/**
 * Extracts hits with their context as plain text with marks. Pure. It searches the text itself, so a snippet
 * never shows text that is not on the page.
 */
import { foldWord, INVISIBLE, wordsIn, type Term } from './query'
import { MARK_BEGIN, MARK_END } from './search'

const AROUND_CHARS = 90
const MOST_CHARS = 260

interface Place {
  readonly from: number
  readonly to: number
  readonly term: number
}

/** null when none of the words is in the text. */
export function snippetOf(text: string, terms: readonly Term[]): string | null {
  const places = placesOf(text, terms)
  const best = bestWindow(places)
  if (best === null) return null
  const [first, last] = best
  const from = wordStart(text, Math.max(0, (places[first]?.from ?? 0) - AROUND_CHARS))
  const to = wordEnd(
    text,
    Math.min(text.length, Math.max((places[last]?.to ?? 0) + AROUND_CHARS, from + MOST_CHARS - AROUND_CHARS))
  )
  let shown = from > 0 ? '… ' : ''
  let at = from
  for (const place of places) {
    if (place.from < at || place.to > to) continue
    shown += plain(text.slice(at, place.from))
    shown += `${MARK_BEGIN}${plain(text.slice(place.from, place.to))}${MARK_END}`
    at = place.to
  }
  return `${shown}${plain(text.slice(at, to))}${to < text.length ? ' …' : ''}`.replace(/ {2,}/g, ' ').trim()
}

function placesOf(text: string, terms: readonly Term[]): readonly Place[] {
  const words = [...wordsIn(text)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
    word: foldWord(found[0])
  }))
  const places: Place[] = []
  for (let at = 0; at < words.length; at += 1) {
    for (const [term, { words: wanted, open }] of terms.entries()) {
      const fits = wanted.every((word, offset) => {
        const there = words[at + offset]?.word
        if (there === undefined) return false
        return open && offset === wanted.length - 1 ? there.startsWith(word) : there === word
      })
      if (!fits) continue
      const end = words[at + wanted.length - 1]
      places.push({ from: words[at]?.from ?? 0, to: end?.to ?? 0, term })
      at += wanted.length - 1
      break
    }
  }
  return places
}

/** The group of nearby hits with the most different words; the first of equals. */
function bestWindow(places: readonly Place[]): readonly [number, number] | null {
  let best: readonly [number, number] | null = null
  let most = 0
  for (let first = 0; first < places.length; first += 1) {
    const begin = places[first]?.from ?? 0
    const seen = new Set<number>()
    let last = first
    for (
      let at = first;
      at < places.length && (places[at]?.to ?? 0) - begin <= MOST_CHARS - AROUND_CHARS;
      at += 1
    ) {
      const term = places[at]?.term ?? 0
      if (seen.has(term)) continue
      seen.add(term)
      last = at
    }
    if (seen.size > most) {
      most = seen.size
      best = [first, last]
    }
  }
  return best ?? (places.length > 0 ? [0, 0] : null)
}

/** Control characters of the text must not be taken for marks. */
function plain(text: string): string {
  return text.replaceAll(INVISIBLE, '').replace(/[\s\p{Cc}]+/gu, ' ')
}

function wordStart(text: string, at: number): number {
  if (at === 0) return 0
  const space = text.slice(at, at + 30).search(/\s/)
  return space < 0 ? at : at + space + 1
}

function wordEnd(text: string, at: number): number {
  if (at >= text.length) return text.length
  const space = text.slice(Math.max(0, at - 30), at).search(/\s\S*$/)
  return space < 0 ? at : Math.max(0, at - 30) + space
}
