/**
 * Converts a page's pieces of text to its text and to its lines by type size: titles are searched for in the
 * large letters near the top of a page. Pure and linear. Upright letters on the margin (an arXiv stamp) are
 * text, but never a title.
 */
import { inReadingOrder, type Placed } from './right-to-left'

/** More than any printed page holds. */
export const MOST_PAGE_CHARS = 200_000

interface Piece extends Placed {
  readonly fontName?: string
}

/** Consecutive lines of one type size (and, at the size of the body, of one font). */
export interface TypeRun {
  readonly text: string
  /** size of its letters relative to the most common size of the page */
  readonly scale: number
  /** how many letters of the page come before it */
  readonly lettersBefore: number
  /** set in another font than most of the page */
  readonly otherFont: boolean
}

export interface Layout {
  readonly text: string
  /** the runs in large letters, largest first: one of them is a title */
  readonly prominent: readonly string[]
  /** the runs of the upper part of the page, in reading order */
  readonly runs: readonly TypeRun[]
}

/** A title is within the first letters of a page. */
const UPPER_LETTERS = 3_000
const MOST_RUNS = 40
const SAME_SIZE = 0.06
const LARGER = 1.12

export function readLayout(items: readonly unknown[]): Layout {
  const pieces = inReadingOrder(items.filter(isPiece))
  const text = pieces.map((piece) => piece.str + (piece.hasEOL ? '\n' : '')).join('')
  const lines = linesOf(pieces)
  const body = mostUsed(lines, (line) => String(Math.round(line.size * 10)))
  const bodySize = Math.max(0.1, Number(body) / 10)
  const bodyFont = mostUsed(lines, (line) => line.font)
  const runs = runsOf(lines, { size: bodySize, font: bodyFont })
  return { text, prominent: prominentOf(runs), runs: runs.filter(isInUpperPart).slice(0, MOST_RUNS) }
}

function isPiece(item: unknown): item is Piece {
  return item !== null && typeof item === 'object' && 'str' in item && 'transform' in item
}

interface Line {
  text: string
  letters: number
  size: number
  font: string
}

/**
 * Lines with the most common size and font of their letters: small capitals and footnote marks do not split
 * them.
 */
function linesOf(pieces: readonly Piece[]): readonly Line[] {
  const lines: Line[] = []
  let text = ''
  let parts: { size: number; font: string; letters: number }[] = []
  const close = (): void => {
    if (parts.length > 0) {
      const main = parts.reduce((best, part) => (part.letters > best.letters ? part : best))
      lines.push({ text, letters: parts.reduce((sum, part) => sum + part.letters, 0), ...pick(main) })
    }
    text = ''
    parts = []
  }
  for (const piece of pieces) {
    const [a = 0, b = 0, c = 0, d = 0] = piece.transform
    if (Math.abs(b) <= Math.abs(a)) {
      text += piece.str
      const letters = piece.str.replace(/\s+/g, '').length
      const size = Math.hypot(c, d)
      const font = piece.fontName ?? ''
      const same = parts.find((part) => part.font === font && part.size === size)
      if (same !== undefined) same.letters += letters
      else if (letters > 0) parts.push({ size, font, letters })
    }
    if (piece.hasEOL) close()
  }
  close()
  return lines
}

const pick = ({ size, font }: { size: number; font: string }): { size: number; font: string } => ({
  size,
  font
})

function mostUsed(lines: readonly Line[], key: (line: Line) => string): string {
  const letters = new Map<string, number>()
  for (const line of lines) letters.set(key(line), (letters.get(key(line)) ?? 0) + line.letters)
  let best = ''
  for (const [one, count] of letters) if (count > (letters.get(best) ?? 0)) best = one
  return best
}

function runsOf(
  lines: readonly Line[],
  body: { readonly size: number; readonly font: string }
): readonly TypeRun[] {
  const runs: { text: string; size: number; font: string; lettersBefore: number }[] = []
  let lettersBefore = 0
  for (const line of lines) {
    const last = runs.at(-1)
    const sameSize = last !== undefined && Math.abs(last.size - line.size) <= last.size * SAME_SIZE
    // Above the body size, the size alone decides; at the body size a bold title differs by its font.
    const isLarge = line.size >= body.size * LARGER
    if (last !== undefined && sameSize && (isLarge || last.font === line.font)) last.text += `\n${line.text}`
    else runs.push({ text: line.text, size: line.size, font: line.font, lettersBefore })
    lettersBefore += line.letters
  }
  return runs.map((run) => ({
    text: run.text.replace(/[^\S\n]+/g, ' ').trim(),
    scale: run.size / body.size,
    lettersBefore: run.lettersBefore,
    otherFont: run.font !== body.font
  }))
}

const isInUpperPart = (run: TypeRun): boolean => run.lettersBefore <= UPPER_LETTERS

function prominentOf(runs: readonly TypeRun[]): readonly string[] {
  return runs
    .map((run) => ({ scale: run.scale, text: run.text.replace(/\s+/g, ' ') }))
    .filter((run) => run.text.length >= 8 && run.text.length <= 400 && /\p{L}{3}/u.test(run.text))
    .sort((one, other) => other.scale - one.scale)
    .slice(0, 4)
    .map((run) => run.text)
}
