/**
 * The quick reader of PDFs (PDFium) beside pdf.js: where it answers, the facts are the same; what is in doubt
 * it leaves to pdf.js. Its memory does not grow, and an instance that failed is never used again.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadPdfium } from '../../../src/main/library/pdfium'
import type { PdfFacts } from '../../../src/main/library/pdf-facts'
import { readText } from '../../../src/main/library/read-text'
import { readTextQuickly } from '../../../src/main/library/quick-text'
import { readPdf } from '../../../src/main/library/read-pdf'
import { readQuickly } from '../../../src/main/library/quick-read'
import type { WantedPaper } from '../../../src/main/library/right-paper'
import { makePdf } from '../../kit/make-pdf'
import { recordedPath } from '../../kit/shared'
import { tempFolder } from '../../kit/temp-folder'

vi.setConfig({ testTimeout: 60_000 })

const paper = { title: 'On the colours of some beetles', authors: ['Ada Byron'], year: 2020 }
const NOTHING: WantedPaper = { ids: { url: 'https://example.org/a.pdf' }, facts: {} }
const OURS: WantedPaper = { ids: {}, facts: paper }
const OTHER: WantedPaper = {
  ids: {},
  facts: { title: 'Stars and their clusters in far galaxies', authors: ['Li Wang'], year: 2001 }
}

function write(bytes: Uint8Array | string): string {
  const path = join(tempFolder('quick'), 'a.pdf')
  writeFileSync(path, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  return path
}
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Only where words and lines end may differ between the two. */
const squeezed = (facts: PdfFacts | null): unknown =>
  facts?.kind === 'opened' ? { ...facts, text: facts.text.replace(/\s+/g, '') } : facts

describe('where it answers, the facts are those of pdf.js', () => {
  const long = { ...paper, pages: 5 }
  const cases: readonly (readonly [string, Uint8Array, WantedPaper])[] = [
    ['the wanted paper', makePdf(long), OURS],
    ['the wanted paper without its own fields', makePdf({ ...long, metadata: false }), OURS],
    ['nothing to compare', makePdf(long), NOTHING],
    ['letters with accents', makePdf({ ...long, title: 'Über die Größe von Käfern – éàç' }), NOTHING],
    [
      'ours by its DOI',
      makePdf({ ...long, doi: '10.5555/beetle.1' }),
      { ids: { doi: '10.5555/beetle.1' }, facts: { title: paper.title } }
    ]
  ]
  test.each(cases)('%s', async (_, bytes, wanted) => {
    const path = write(bytes)
    const quick = await readQuickly({ path, wanted })
    expect(quick).not.toBeNull()
    expect(squeezed(quick)).toEqual(squeezed(await readPdf({ path, wanted })))
  })
  test('lines and type sizes, too', async () => {
    const path = write(makePdf(long))
    const quick = await readQuickly({ path, wanted: NOTHING })
    const slow = await readPdf({ path, wanted: NOTHING })
    const linesOf = (facts: PdfFacts | null): readonly string[] =>
      facts?.kind === 'opened' ? facts.text.split('\n').map((line) => line.trim()) : []
    expect(linesOf(quick)).toEqual(linesOf(slow))
    expect(linesOf(quick).length).toBeGreaterThan(20)
  })

  const folder = recordedPath('pdf')
  const files = readdirSync(folder).filter((name) => name.endsWith('.pdf'))
  const answered: string[] = []
  test.each(files)('%s', async (name) => {
    for (const wanted of [NOTHING, OURS]) {
      const quick = await readQuickly({ path: join(folder, name), wanted })
      if (quick === null) continue
      answered.push(name)
      expect(squeezed(quick)).toEqual(squeezed(await readPdf({ path: join(folder, name), wanted })))
    }
  })
  test('of the recorded files some are answered', () => {
    expect(answered).toContain('pdfjs-file_pdfjs_test.pdf')
  })
})

describe('the whole text for the search', () => {
  const MOST = { mostPages: 2_000, mostChars: 20_000_000 }
  const squeezedPages = (reading: { readonly pages?: readonly string[] } | null): unknown =>
    reading?.pages?.map((page) => page.replace(/\s+/g, ''))
  const text = `${'alpha words fill the page. '.repeat(800)}\n\nomega stands last.`
  const long = makePdf({ ...paper, pages: 7, text })

  test.each([
    ['all of it', MOST],
    ['up to some pages', { ...MOST, mostPages: 2 }],
    ['up to some letters', { ...MOST, mostChars: 10 }]
  ])('is that of pdf.js: %s', async (_, most) => {
    const path = write(long)
    let steps = 0
    const quick = await readTextQuickly({ path, ...most }, () => (steps += 1))
    const slow = await readText({ path, ...most }, () => undefined)
    if (slow.kind !== 'text') throw new Error('unreadable')
    expect(squeezedPages(quick)).toEqual(squeezedPages(slow))
    expect(quick?.whole).toBe(slow.whole)
    expect(steps).toBe(slow.pages.length)
  })
  test('is that of pdf.js for a recorded file', async () => {
    const question = { path: join(recordedPath('pdf'), 'pdfjs-file_pdfjs_test.pdf'), ...MOST }
    const quick = await readTextQuickly(question, () => undefined)
    const slow = await readText(question, () => undefined)
    expect(quick).not.toBeNull()
    expect(squeezedPages(quick)).toEqual(squeezedPages(slow.kind === 'text' ? slow : null))
  })
  test('a page without letters is an empty one', async () => {
    const one = latin(long).replace(') Tj ET', ') xx ET')
    const quick = await readTextQuickly({ path: write(one), ...MOST }, () => undefined)
    expect(quick?.pages).toHaveLength(7)
  })
  test.each<readonly [string, Uint8Array | string]>([
    ['no letters at all', latin(makePdf({ ...paper, pages: 5 })).replaceAll(') Tj ET', ') xx ET')],
    ['no PDF', '%PDF-1.4\nnothing\n%%EOF\n'.padEnd(2_000)],
    ['a table that is not where it says', latin(long).replace(/startxref\n\d+/, 'startxref\n7')],
    ['a page that is not there', latin(long).replace('/Kids [7 0 R 9 0 R', '/Kids [7 0 R 2 0 R')]
  ])('is left to pdf.js: %s', async (_, bytes) => {
    expect(await readTextQuickly({ path: write(bytes), ...MOST }, () => undefined)).toBeNull()
  })
  test('an encrypted file is left to pdf.js', async () => {
    const path = join(recordedPath('pdf'), 'pdfjs-print_protection.pdf')
    expect(await readTextQuickly({ path, ...MOST }, () => undefined)).toBeNull()
  })
})

describe('pdf.js alone decides on', () => {
  const five = makePdf({ ...paper, pages: 5 })
  test.each<readonly [string, Uint8Array | string, WantedPaper]>([
    ['another paper', five, OTHER],
    ['a short file, which may be a notice', makePdf({ ...paper, pages: 2 }), OURS],
    ['a file that ends early', five.slice(0, -400), OURS],
    ['a file whose table is not where it says', latin(five).replace(/startxref\n\d+/, 'startxref\n7'), OURS],
    ['a page that is not there', latin(five).replace('/Kids [7 0 R 9 0 R', '/Kids [7 0 R 2 0 R'), NOTHING],
    ['no PDF', '%PDF-1.4\nnothing\n%%EOF\n'.padEnd(2_000), OURS],
    ['pages without letters', latin(five).replaceAll(') Tj ET', ') xx ET'), NOTHING]
  ])('%s', async (_, bytes, wanted) => {
    expect(await readQuickly({ path: write(bytes), wanted })).toBeNull()
  })
  test.each(['pdfjs-print_protection.pdf', 'pdfjs-saslprep-r6.pdf', 'pdfjs-issue21579.pdf'])(
    'an encrypted file: %s',
    async (name) => {
      expect(await readQuickly({ path: join(recordedPath('pdf'), name), wanted: NOTHING })).toBeNull()
    }
  )
  test('an encrypted file that needs no password', async () => {
    vi.spyOn(await loadPdfium(), 'securityRevision').mockReturnValue(3)
    expect(await readQuickly({ path: write(five), wanted: OURS })).toBeNull()
  })
  test('letters from right to left, which PDFium has sorted already', async () => {
    const pdfium = await loadPdfium()
    vi.spyOn(pdfium, 'unicode').mockReturnValue(0x5d0)
    expect(await readQuickly({ path: write(five), wanted: NOTHING })).toBeNull()
  })
  test('letters without a meaning', async () => {
    const pdfium = await loadPdfium()
    vi.spyOn(pdfium, 'unicode').mockReturnValue(0xe000)
    expect(await readQuickly({ path: write(five), wanted: NOTHING })).toBeNull()
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
})

describe('the instance', () => {
  const five = makePdf({ ...paper, pages: 5, bytes: 300_000 })
  test('keeps no memory of a file', async () => {
    const path = write(five)
    const bytes = async (): Promise<number> => (await loadPdfium()).bytes().length
    await readQuickly({ path, wanted: OURS })
    const before = await bytes()
    for (let count = 0; count < 300; count += 1) await readQuickly({ path, wanted: OURS })
    expect(await bytes()).toBe(before)
  })
  test('frees everything that it opened', async () => {
    const pdfium = await loadPdfium()
    const pairs = [
      ['malloc', 'free'],
      ['openDocument', 'closeDocument'],
      ['openPage', 'closePage'],
      ['openText', 'closeText']
    ] as const
    const counts = pairs.map(([open, close]) => [vi.spyOn(pdfium, open), vi.spyOn(pdfium, close)] as const)
    await readQuickly({ path: write(five), wanted: OTHER })
    await readQuickly({ path: join(recordedPath('pdf'), 'pdfjs-print_protection.pdf'), wanted: NOTHING })
    for (const [opened, closed] of counts) {
      expect(opened.mock.calls.length).toBeGreaterThan(0)
      // A document that could not be opened is none to close.
      const made = opened.mock.results.filter(({ value }) => value !== 0).length
      expect(closed.mock.calls.length).toBe(made)
    }
    vi.restoreAllMocks()
  })
  test('that has failed is not used again', async () => {
    const broken = await loadPdfium()
    const path = write(five)
    const ends = (['closeText', 'closePage', 'closeDocument', 'free'] as const).map((name) =>
      vi.spyOn(broken, name)
    )
    vi.spyOn(broken, 'charCount').mockImplementation(() => {
      throw new Error('unreachable')
    })
    await expect(readQuickly({ path, wanted: OURS })).rejects.toThrow('unreachable')
    for (const end of ends) expect(end).not.toHaveBeenCalled()
    expect(await loadPdfium()).not.toBe(broken)
    expect(await readQuickly({ path, wanted: OURS })).toMatchObject({ paper: { verdict: 'match' } })
  })
  test('a file that is larger than is read at once is left to pdf.js', async () => {
    const path = write(makePdf({ ...paper, pages: 5, bytes: 33 * 1_048_576 }))
    expect(await readQuickly({ path, wanted: OURS })).toBeNull()
  })
})
