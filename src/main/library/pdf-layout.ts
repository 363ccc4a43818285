/**
 * From a page's pieces of text to lines, and to the words in the largest letters. Pure. Letters that
 * stand upright on the margin (an arXiv stamp) are text, but never a title.
 */
interface Piece {
  readonly str: string
  /** the text matrix: [a, b, c, d, e, f] */
  readonly transform: readonly number[]
  readonly hasEOL: boolean
}

export interface Layout {
  readonly text: string
  readonly prominent: readonly string[]
}

export function readLayout(items: readonly unknown[]): Layout {
  const pieces = items.filter(isPiece)
  const text = pieces.map((piece) => piece.str + (piece.hasEOL ? '\n' : '')).join('')
  return { text, prominent: prominentOf(pieces) }
}

function isPiece(item: unknown): item is Piece {
  return item !== null && typeof item === 'object' && 'str' in item && 'transform' in item
}

/** Runs of pieces in one size of letters; a run ends when the size changes by more than a twentieth. */
function prominentOf(pieces: readonly Piece[]): readonly string[] {
  const runs: { size: number; text: string }[] = []
  for (const piece of pieces) {
    const [a = 0, b = 0, c = 0, d = 0] = piece.transform
    const upright = Math.abs(b) > Math.abs(a)
    const size = Math.hypot(c, d)
    const last = runs.at(-1)
    const blank = piece.str.trim() === ''
    const ending = piece.hasEOL ? '\n' : ''
    if (last !== undefined && (blank || Math.abs(last.size - size) <= size * 0.05)) {
      last.text += piece.str + ending
    } else if (!blank && !upright) {
      runs.push({ size, text: piece.str + ending })
    }
  }
  return runs
    .map((run) => ({ size: run.size, text: run.text.replace(/\s+/g, ' ').trim() }))
    .filter((run) => run.text.length >= 8 && run.text.length <= 400 && /\p{L}{3}/u.test(run.text))
    .sort((one, other) => other.size - one.size)
    .slice(0, 4)
    .map((run) => run.text)
}
