/**
 * Sorts the pieces of a page into reading order. pdf.js gives each piece its letters in reading order, but
 * the pieces in the order of the file: many writers (Chromium, Word) set Arabic and Hebrew letter by letter
 * from the left, others word by word from the right. Lines without such letters are not changed. Pure.
 * Source: UAX #9, rules N1, N2 and L2; reordering visual text by its levels gives logical text.
 */
import { RIGHT_TO_LEFT } from '../../contract/scan'

export interface Placed {
  readonly str: string
  /** the text matrix: [a, b, c, d, e, f] */
  readonly transform: readonly number[]
  readonly hasEOL: boolean
  /** in the units of the page; absent: unknown */
  readonly width?: number
}

const RIGHT_TO_LEFT_ALL = new RegExp(RIGHT_TO_LEFT.source, 'gu')
const OTHER_LETTERS = /[\p{L}\p{Nd}]/gu
/** A gap of this share of the type size is a space, where the file sets none. */
const SPACE = 0.18

export function inReadingOrder<T extends Placed>(pieces: readonly T[]): readonly T[] {
  if (!pieces.some((piece) => RIGHT_TO_LEFT.test(piece.str))) return pieces
  const ordered: T[] = []
  let line: T[] = []
  for (const piece of pieces) {
    line.push(piece)
    if (!piece.hasEOL) continue
    ordered.push(...readLine(line))
    line = []
  }
  return [...ordered, ...readLine(line)]
}

function readLine<T extends Placed>(line: readonly T[]): readonly T[] {
  const last = line.at(-1)
  if (last === undefined || !line.some((piece) => RIGHT_TO_LEFT.test(piece.str))) return line
  // Rotated lines (upright stamps on a margin) keep their order.
  if (line.some(({ transform: [a = 0, b = 0] }) => Math.abs(b) > Math.abs(a))) return line
  const seen = withSpaces(
    line.filter((piece) => piece.str !== '').sort((one, other) => left(one) - left(other))
  )
  const read = logical(seen)
  return read.map((piece, at) => ({ ...piece, hasEOL: at === read.length - 1 && last.hasEOL }))
}

const left = ({ transform }: Placed): number => transform[4] ?? 0
const size = ({ transform: [, , c = 0, d = 0] }: Placed): number => Math.hypot(c, d)

/** From the left, with a space in every gap that has none. */
function withSpaces<T extends Placed>(line: readonly T[]): readonly T[] {
  const spaced: T[] = []
  for (const piece of line) {
    const before = spaced.at(-1)
    if (before?.width !== undefined) {
      const gap = left(piece) - left(before) - before.width
      const isSpaced = /^\s|\s$/.test(before.str) || /^\s|\s$/.test(piece.str)
      if (gap > size(piece) * SPACE && !isSpaced) spaced.push({ ...before, str: ' ', width: gap })
    }
    spaced.push(piece)
  }
  return spaced
}

/** From left-to-right order on the page to reading order. */
function logical<T extends Placed>(seen: readonly T[]): readonly T[] {
  const text = seen.map((piece) => piece.str).join('')
  const fromRight = text.match(RIGHT_TO_LEFT_ALL)?.length ?? 0
  const others = (text.match(OTHER_LETTERS)?.length ?? 0) - fromRight
  const base = fromRight >= others ? 1 : 0
  const levels = levelsOf(seen, base)
  let read = seen.map((piece, at) => ({ piece, level: levels[at] ?? base }))
  for (let level = 2; level >= 1; level -= 1) read = turned(read, level)
  return read.map(({ piece }) => piece)
}

/**
 * 0 and 2: left to right; 1: right to left. Neutral pieces take the direction of their neighbours, or of the
 * line.
 */
function levelsOf(seen: readonly Placed[], base: 0 | 1): readonly number[] {
  const strong = seen.map(({ str }) => {
    if (RIGHT_TO_LEFT.test(str)) return 1
    return /[\p{L}\p{Nd}]/u.test(str) ? base * 2 : null
  })
  const before: (number | null)[] = []
  let last: number | null = null
  for (const level of strong) {
    last = level ?? last
    before.push(last)
  }
  let next: number | null = null
  const levels = [...strong]
  for (let at = strong.length - 1; at >= 0; at -= 1) {
    next = strong[at] ?? next
    levels[at] ??= next !== null && next === before[at] ? next : base
  }
  return levels.map((level) => level ?? base)
}

/** Reverses every run of this level or higher (rule L2). */
function turned<T extends { readonly level: number }>(pieces: readonly T[], level: number): T[] {
  const result: T[] = []
  let run: T[] = []
  for (const piece of pieces) {
    if (piece.level >= level) {
      run.push(piece)
      continue
    }
    result.push(...run.reverse(), piece)
    run = []
  }
  return [...result, ...run.reverse()]
}
