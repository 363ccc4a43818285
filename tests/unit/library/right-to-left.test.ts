/** Pieces of a line in file order, sorted into reading order. */
import { describe, expect, test } from 'vitest'
import { readLayout } from '../../../src/main/library/pdf-layout'

interface Piece {
  readonly str: string
  readonly transform: readonly number[]
  readonly hasEOL: boolean
  readonly width: number
}

/** Pieces set from the left, 10 units a letter. */
function set(strings: readonly string[], gap = 0): Piece[] {
  let x = 0
  return strings.map((str, at) => {
    const piece = {
      str,
      transform: [10, 0, 0, 10, x, 700],
      hasEOL: at === strings.length - 1,
      width: str.length * 10
    }
    x += piece.width + gap
    return piece
  })
}

/** The same line as a writer sets it that begins at the right. */
const fromTheRight = (line: readonly Piece[]): Piece[] =>
  [...line].reverse().map((piece, at) => ({ ...piece, hasEOL: at === line.length - 1 }))

describe('a line with right-to-left letters', () => {
  test.each<[string, string[], string]>([
    ['letter by letter', Array.from('ةبتكم'), 'مكتبة'],
    ['words of letters', Array.from('ةيموج هايم'), 'مياه جومية'],
    ['with a number', [...Array.from('رئب'), ' ', '25', ' ', ...Array.from('سايق')], 'قياس 25 بئر'],
    [
      'with a word of another script',
      [...Array.from('سايق'), ' ', 'pH', ' ', ...Array.from('ةسارد')],
      'دراسة pH قياس'
    ],
    [
      'within an English line',
      ['The word', ' ', ...Array.from('ةبتكم'), ' ', 'means library'],
      'The word مكتبة means library'
    ],
    [
      'with two English words',
      [...Array.from('سايق'), ' ', 'deep', ' ', 'wells', ' ', ...Array.from('ةسارد')],
      'دراسة deep wells قياس'
    ],
    ['Hebrew', Array.from('םימ תרצמ'), 'מצרת מים']
  ])('%s', (_, strings, read) => {
    expect(readLayout(set(strings)).text.trim()).toBe(read)
    // Set from the left or from the right, the line reads the same.
    expect(readLayout(fromTheRight(set(strings))).text.trim()).toBe(read)
  })

  test('has spaces only at gaps', () => {
    expect(readLayout(set(['جومية', 'مياه'], 4)).text.trim()).toBe('مياه جومية')
    expect(readLayout(set(['جو', 'مياه'], 0.5)).text.trim()).toBe('مياهجو')
  })

  test('leaves other lines in file order', () => {
    const plain = set(['b', 'a', 'c'])
    const moved = [plain[1]!, plain[0]!, plain[2]!]
    expect(readLayout([...moved, ...set(Array.from('ةبتكم'))]).text).toBe('abc\nمكتبة\n')
  })
})
