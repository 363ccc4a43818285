/**
 * Writes a small, valid paper as a PDF: a title page and any number of text pages, in the standard fonts. The
 * same words always give the same bytes, so that a hash can be expected. For the built-in samples and for
 * tests; not a typesetter. Source: ISO 32000-1 §7.5 (file structure), §9.6.2.2 (standard fonts), annex D
 * (WinAnsi).
 */
export interface PaperText {
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  readonly doi?: string
  /** a line at the top of the first page: the journal, or a preprint stamp */
  readonly header?: string
  /** number of pages; absent: as many as the text needs, at least two */
  readonly pages?: number
  /** the body; paragraphs are separated by empty lines. Generated when absent */
  readonly text?: string
  /** the exact size of the file; must leave room for its text */
  readonly bytes?: number
  /** false omits the document's title and author fields */
  readonly metadata?: boolean
}

interface Line {
  readonly text: string
  readonly size: number
  readonly bold?: boolean
}

const PAGE_WIDTH = 595
const PAGE_HEIGHT = 842
const MARGIN = 64
const BODY_SIZE = 10.5
/** Helvetica's letters are about half as wide as high, on average. */
const MEAN_WIDTH = 0.52

export function makePdf(paper: PaperText): Uint8Array {
  const pages = layOut(paper)
  const fixed = assemble(paper, pages, 0)
  if (paper.bytes === undefined) return fixed
  const missing = paper.bytes - fixed.length
  if (missing < 0) {
    throw new RangeError(
      `A PDF of ${String(paper.bytes)} bytes has no room for its text (${String(fixed.length)} bytes).`
    )
  }
  return missing === 0 ? fixed : assemble(paper, pages, missing)
}

function layOut(paper: PaperText): readonly (readonly Line[])[] {
  const head: Line[] = [
    ...(paper.header === undefined ? [] : wrap(paper.header, 8.5)),
    ...wrap(paper.title, 18, true),
    ...wrap(paper.authors.join(', '), 12),
    ...wrap(`Published ${String(paper.year)}`, 9),
    ...(paper.doi === undefined ? [] : wrap(`https://doi.org/${paper.doi}`, 9))
  ]
  const body = (paper.text ?? inventText(paper)).split(/\n\s*\n/)
  const lines: Line[] = [...head, ...body.flatMap((paragraph) => [...wrap(paragraph, BODY_SIZE), blank])]
  const pages: Line[][] = [[]]
  let left = PAGE_HEIGHT - 2 * MARGIN
  for (const line of lines) {
    const height = line.size * 1.35
    if (height > left) {
      pages.push([])
      left = PAGE_HEIGHT - 2 * MARGIN
    }
    pages.at(-1)?.push(line)
    left -= height
  }
  const wanted = paper.pages ?? Math.max(2, pages.length)
  while (pages.length < wanted) {
    pages.push([{ text: `${paper.title.slice(0, 60)}: page ${String(pages.length + 1)}`, size: BODY_SIZE }])
  }
  return pages.slice(0, wanted)
}

const blank: Line = { text: '', size: BODY_SIZE }

function wrap(text: string, size: number, bold = false): Line[] {
  const most = Math.floor((PAGE_WIDTH - 2 * MARGIN) / (size * MEAN_WIDTH))
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  if (line !== '') lines.push(line)
  return lines.map((words) => ({ text: words, size, bold }))
}

const SENTENCES = [
  'We describe the question, the material at hand and the way in which the two were brought together.',
  'Earlier observations suggested an effect of this kind, but none of them was large enough to decide.',
  'Every measurement was repeated three times by different people, who did not know of one another.',
  'The differences between the groups were small in spring and grew steadily towards the end of autumn.',
  'A simple model with two parameters accounts for most of the variation that remains.',
  'These findings agree with what was known of related cases and extend it to a wider range.',
  'What is left unexplained is listed at the end, so that others may look into it.'
]

function inventText(paper: PaperText): string {
  const start = seedOf(paper.title)
  const paragraph = (n: number): string =>
    [0, 1, 2, 3, 4].map((k) => SENTENCES[(start + n * 3 + k) % SENTENCES.length] ?? '').join(' ')
  const count = Math.max(4, (paper.pages ?? 2) * 7)
  return [`Abstract. ${paper.title}. ${paragraph(0)}`]
    .concat(Array.from({ length: count }, (_, n) => paragraph(n + 1)))
    .join('\n\n')
}

function assemble(paper: PaperText, pages: readonly (readonly Line[])[], filler: number): Uint8Array {
  const objects: Buffer[] = []
  const add = (...parts: (string | Buffer)[]): void => {
    objects.push(Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin(part) : part))))
  }
  const firstPage = 7
  const kids = pages.map((_, index) => `${String(firstPage + 2 * index)} 0 R`).join(' ')
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add(`<< /Type /Pages /Kids [${kids}] /Count ${String(pages.length)} >>`)
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>')
  const named = paper.metadata !== false
  add(
    '<<',
    ...(named ? [' /Title ', utf16(paper.title), ' /Author ', utf16(paper.authors.join('; '))] : []),
    ' /Producer (sample paper) >>'
  )
  const padding = fillerOf(paper.title, filler)
  add(`<< /Length ${fixedWidth(padding.length)} >>\nstream\n`, padding, '\nendstream')
  pages.forEach((lines, index) => {
    const content = drawPage(lines, index + 1)
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${String(PAGE_WIDTH)} ${String(PAGE_HEIGHT)}]` +
        ` /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>` +
        ` /Contents ${String(firstPage + 2 * index + 1)} 0 R >>`
    )
    add(`<< /Length ${String(content.length)} >>\nstream\n`, content, '\nendstream')
  })
  return writeFile(objects)
}

function writeFile(objects: readonly Buffer[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  let at = parts[0]?.length ?? 0
  const offsets: number[] = []
  objects.forEach((object, index) => {
    const whole = Buffer.concat([latin(`${String(index + 1)} 0 obj\n`), object, latin('\nendobj\n')])
    offsets.push(at)
    parts.push(whole)
    at += whole.length
  })
  const rows = offsets.map((offset) => `${fixedWidth(offset)} 00000 n \n`).join('')
  const size = String(objects.length + 1)
  parts.push(
    latin(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R /Info 5 0 R >>\n` +
        `startxref\n${fixedWidth(at)}\n%%EOF\n`
    )
  )
  return new Uint8Array(Buffer.concat(parts))
}

function drawPage(lines: readonly Line[], number: number): Buffer {
  const parts: (string | Buffer)[] = []
  let y = PAGE_HEIGHT - MARGIN
  for (const line of lines) {
    y -= line.size * 1.35
    if (line.text === '') continue
    parts.push(
      `BT /${line.bold ? 'F2' : 'F1'} ${String(line.size)} Tf 1 0 0 1 ${String(MARGIN)} ${y.toFixed(2)} Tm `,
      quoted(line.text),
      ' Tj ET\n'
    )
  }
  parts.push(`BT /F1 8 Tf 1 0 0 1 ${String(PAGE_WIDTH / 2)} 32 Tm (${String(number)}) Tj ET\n`)
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin(part) : part)))
}

/** Ten digits, so that the size of a file does not depend on the size of its filler. */
const fixedWidth = (value: number): string => String(value).padStart(10, '0')
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Text that compresses badly and never contains `endstream`; one block, repeated. */
function fillerOf(title: string, length: number): Buffer {
  const block = Buffer.alloc(Math.min(length, 4_096))
  let state = seedOf(title)
  for (let index = 0; index < block.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    block[index] = 65 + ((state >>> 16) % 26)
  }
  return length === 0 ? block : Buffer.alloc(length, block)
}

/** FNV-1a: small, and the same everywhere. */
function seedOf(text: string): number {
  let hash = 2_166_136_261
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0
  return hash
}

/** A text string that is not shown: UTF-16 with its mark, in hexadecimal. Source: ISO 32000-1 §7.9.2.2. */
function utf16(text: string): Buffer {
  return latin(`<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`)
}

/** Windows-1252's characters from 0x80 to 0x9f; all others up to 0xff are Latin-1's. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

function quoted(text: string): Buffer {
  const bytes: number[] = [0x28]
  for (const character of text.normalize('NFC')) {
    for (const byte of winAnsi(character)) {
      if (byte === 0x28 || byte === 0x29 || byte === 0x5c) bytes.push(0x5c)
      bytes.push(byte)
    }
  }
  bytes.push(0x29)
  return Buffer.from(bytes)
}

function winAnsi(character: string): readonly number[] {
  const code = character.codePointAt(0) ?? 0x3f
  if (code >= 0x20 && code < 0x7f) return [code]
  if (code >= 0xa0 && code <= 0xff) return [code]
  const high = WINDOWS_1252.indexOf(character)
  if (high >= 0) return [0x80 + high]
  const plain = character.normalize('NFKD').replace(/[^\x20-\x7e]/g, '')
  return plain === '' ? [0x3f] : [...Buffer.from(plain, 'latin1')]
}
