/** PDFs whose text uses a predefined character map, as Chinese and Japanese typesetters write them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readText } from '../../../src/main/library/read-text'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sheaf-cmaps-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** One page with one text; its font is not embedded and has no ToUnicode table. */
function pdfOf(text: string, encoding: string, ordering: string): string {
  const hex = Array.from(text, (char) => char.charCodeAt(0).toString(16).padStart(4, '0')).join('')
  const content = `BT /F1 20 Tf 72 700 Td <${hex}> Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${String(content.length)} >>\nstream\n${content}\nendstream`,
    `<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /${encoding} /DescendantFonts [6 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >> /FontDescriptor 7 0 R /DW 1000 >>`,
    '<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>'
  ]
  let pdf = '%PDF-1.4\n'
  const places: number[] = []
  objects.forEach((object, at) => {
    places.push(pdf.length)
    pdf += `${String(at + 1)} 0 obj\n${object}\nendobj\n`
  })
  const table = pdf.length
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  return `${pdf}xref\n0 8\n0000000000 65535 f \n${rows}trailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n${String(table)}\n%%EOF\n`
}

it.each([
  ['UniGB-UCS2-H', 'GB1', '深度学习研究进展综述'],
  ['UniJIS-UCS2-H', 'Japan1', '日本語の論文題目について'],
  ['UniKS-UCS2-H', 'Korea1', '한국어 논문 제목'],
  ['UniCNS-UCS2-H', 'CNS1', '深度學習之應用']
])('%s', async (encoding, ordering, text) => {
  const path = join(folder, 'a.pdf')
  await writeFile(path, pdfOf(text, encoding, ordering), 'latin1')
  const got = await readText({ path, mostPages: 1, mostChars: 10_000 }, () => undefined)
  expect(got).toMatchObject({ kind: 'text' })
  expect(JSON.stringify(got).replace(/\s/g, '')).toContain(text.replace(/\s/g, ''))
})
