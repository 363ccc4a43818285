/** How many pages of a PDF are read: a page costs milliseconds of the processor. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePdf } from '../../../src/main/demo/make-pdf'
import { readPdf } from '../../../src/main/library/read-pdf'
import type { WantedPaper } from '../../../src/main/library/right-paper'
import { tempFolder } from '../../kit/temp-folder'

const paper = { title: 'On the colours of some beetles', authors: ['Ada Byron'], year: 2020 }
const NOTHING: WantedPaper = { ids: { url: 'https://example.org/a.pdf' }, facts: {} }

async function read(wanted: WantedPaper, pdf: Uint8Array): ReturnType<typeof readPdf> {
  const path = join(tempFolder('pages'), 'a.pdf')
  writeFileSync(path, pdf)
  return readPdf({ path, wanted })
}

async function lettersOf(wanted: WantedPaper, pages: number): Promise<number> {
  const facts = await read(wanted, makePdf({ ...paper, pages }))
  return facts.kind === 'opened' ? facts.text.length : 0
}

test('where nothing is known to compare, the pages behind the first are not read', async () => {
  const first = await lettersOf({ ids: {}, facts: { title: paper.title, authors: paper.authors } }, 5)
  expect(first).toBeGreaterThan(400)
  expect(await lettersOf(NOTHING, 5)).toBe(first)
})

test.each<readonly [string, WantedPaper]>([
  ['a title', { ids: {}, facts: { title: 'Stars and their clusters in far galaxies' } }],
  ['a DOI', { ids: { doi: '10.1234/abc' }, facts: {} }],
  ['an arXiv id', { ids: { arxiv: '2101.00001' }, facts: {} }],
  ['a kind of text', { ids: {}, facts: { type: 'erratum' } }]
])('a paper known by %s is looked for on three pages', async (_, wanted) => {
  expect(await lettersOf(wanted, 5)).toBeGreaterThan(2 * (await lettersOf(NOTHING, 5)))
})

test('a file of two pages is read whole: it may be a notice', async () => {
  expect(await lettersOf(NOTHING, 2)).toBeGreaterThan(1.2 * (await lettersOf(NOTHING, 5)))
})

test('a page that is not read must be there all the same', async () => {
  const pdf = Buffer.from(makePdf({ ...paper, pages: 5 })).toString('latin1')
  // In place of its second page the tree of pages names itself.
  const broken = pdf.replace('/Kids [7 0 R 9 0 R', '/Kids [7 0 R 2 0 R')
  expect(broken).not.toBe(pdf)
  const facts = await read(NOTHING, Buffer.from(broken, 'latin1'))
  expect(facts).toMatchObject({ kind: 'opened', missingPages: 1 })
})
