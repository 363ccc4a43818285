/** The kind of a file by its name: the same for a file dialog, a dropped file and a command line. */
import { expect, test } from 'vitest'
import {
  isHidden,
  kindOfFile,
  OPENED_EXTENSIONS,
  OPENED_FILES,
  REFERENCE_EXTENSIONS
} from '../../../src/contract/file-kinds'
import { isReferenceFile } from '../../../src/main/shell/opened-files'
import { formatOfName } from '../../../src/main/works/format-of'

test.each(REFERENCE_EXTENSIONS)('a .%s file is a list of references wherever it comes from', (extension) => {
  expect(kindOfFile(`My list.${extension.toUpperCase()}`)).toBe('references')
  expect(formatOfName(`list.${extension}`)).not.toBeNull()
})

test('other kinds, and names without an extension', () => {
  expect(['a.pdf', 'a.PDF', 'apa.csl', 'a.docx', 'a', '.bib'].map(kindOfFile)).toEqual([
    'pdf',
    'pdf',
    'style',
    'other',
    'other',
    'references'
  ])
  expect(['.a.pdf', '__MACOSX', 'a.pdf'].map(isHidden)).toEqual([true, true, false])
})

test('a hint names what starts Sheaf', () => {
  expect(OPENED_FILES).toBe('.bib, .ris, .nbib, .json, .csv, .txt')
  for (const extension of OPENED_EXTENSIONS) expect(isReferenceFile(`/a/b.${extension}`)).toBe(true)
})
