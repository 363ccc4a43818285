/** Which addresses are taken for those of a file, without a request. */
import { expect, test } from 'vitest'
import { looksLikeFile, mayBeFile } from '../../../src/main/platform/file-address'
import { readReferences } from '../../../src/main/works/works'

test.each([
  ['https://journal.example/12/paper.pdf', true],
  ['https://europepmc.org/articles/PMC1?pdf=render', true],
  ['https://journals.plos.org/plosone/article/file?id=10.1371/x&type=printable', true],
  ['https://journal.example/viewcontent.cgi?article=1012', true],
  ['https://journal.example/abstract/12', false],
  ['https://journal.example/paper.pdf.html', false],
  ['paper.pdf', false]
])('%s: %s', (url, isFile) => {
  expect(looksLikeFile(url)).toBe(isFile)
  expect(mayBeFile(url)).toBe(isFile)
})

test('a given address may be a file whose path only passes through /pdf/', () => {
  expect(looksLikeFile('https://journal.example/pdf/12')).toBe(false)
  expect(mayBeFile('https://journal.example/pdf/12')).toBe(true)
})

test('a link of a reference file is the file by the same rule as everywhere', () => {
  const ris = [
    'TY  - JOUR',
    'DO  - 10.5555/salt.1',
    'UR  - https://europepmc.org/articles/PMC1234567?pdf=render',
    'UR  - https://journal.example/article/view/7',
    'ER  - ',
    ''
  ].join('\n')
  const [draft] = readReferences(Buffer.from(ris), 'one.ris').drafts
  expect(draft?.locations).toContainEqual({ landingUrl: 'https://journal.example/article/view/7' })
  const printed = ris.replace(
    'europepmc.org/articles/PMC1234567?pdf=render',
    'journal.example/viewcontent.cgi?article=9'
  )
  expect(readReferences(Buffer.from(printed), 'one.ris').drafts[0]?.locations).toContainEqual({
    pdfUrl: 'https://journal.example/viewcontent.cgi?article=9'
  })
})
