/** Which recorded names may become paths: only names that Sheaf writes itself. */
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { join, resolve, sep } from 'node:path'
import {
  hashOfObjectPath,
  isObjectPath,
  isPaperPath,
  isPlainName,
  objectPathOfRow,
  paperPathOfRow,
  partsOfPath
} from '../../../src/main/platform/recorded-path'

const HASH = `ab${'0'.repeat(62)}`
const OBJECT = `objects/ab/${HASH}.pdf`

describe('names of one file', () => {
  test.each([
    'paper.pdf',
    'Müller 2020 – Über Öl.pdf',
    '日本語の論文.pdf',
    '.hidden',
    'a..b',
    '%2e%2e',
    `${'x'.repeat(251)}.pdf`
  ])('%s', (name) => {
    expect(isPlainName(name)).toBe(true)
  })
  test.each([
    ['', 'nothing'],
    ['.', 'the folder itself'],
    ['..', 'the folder above'],
    ['.. ', 'the folder above, on Windows'],
    ['..\u0000', 'a NUL'],
    ['a/b', 'a separator'],
    ['a\\b', 'a separator of Windows'],
    ['C:', 'a drive'],
    ['nul .pdf', 'a device of Windows, also with a space before the extension'],
    ['x.pdf:stream', 'an alternate data stream'],
    ['x\u001b[2J.pdf', 'a control character'],
    ['x\n.pdf', 'a line end'],
    ['CON', 'a device'],
    ['nul.pdf', 'a device with an extension'],
    ['COM¹.txt', 'a device with a superscript digit'],
    ['x.', 'a dot at the end'],
    ['x ', 'a space at the end'],
    ['\ud800.pdf', 'half a character'],
    ['ü'.repeat(128), 'more than 255 bytes'],
    ['x'.repeat(100_000), 'very long']
  ])('%j is not one: %s', (name) => {
    expect(isPlainName(name)).toBe(false)
  })
})

const CLIMBING = [
  '../x',
  '..',
  'papers/../../x.pdf',
  'papers/..',
  './papers/x.pdf',
  '././././../x.pdf',
  'papers//x.pdf',
  'papers/./x.pdf',
  '/etc/passwd',
  '//server/share/x.pdf',
  '\\\\server\\share\\x.pdf',
  '\\\\?\\C:\\x.pdf',
  'C:\\x.pdf',
  'C:x.pdf',
  'c:/x.pdf',
  'papers\\..\\..\\x.pdf',
  'papers/x.pdf\u0000.txt',
  'file:///etc/passwd',
  '~/x.pdf/..',
  ''
]

test.each(CLIMBING)('%j is not a path inside', (path) => {
  expect(partsOfPath(path)).toBeNull()
  expect(isPaperPath(path)).toBe(false)
  expect(isObjectPath(path)).toBe(false)
})

test('an encoded "../" is an ordinary name: it is never decoded', () => {
  const path = 'papers/%2e%2e%2fx.pdf'
  expect(resolve('/library', path)).toBe(join('/library', 'papers', '%2e%2e%2fx.pdf'))
  expect(isPaperPath(path)).toBe(true)
})

test('an object is named by its hash, a paper is in `papers`', () => {
  expect(isObjectPath(OBJECT)).toBe(true)
  expect(isObjectPath(OBJECT, HASH)).toBe(true)
  expect(hashOfObjectPath(OBJECT)).toBe(HASH)
  expect(hashOfObjectPath(`objects/cd/${HASH}.pdf`)).toBeNull()
  expect(isObjectPath(OBJECT, 'c'.repeat(64))).toBe(false)
  for (const other of [
    `objects/cd/${HASH}.pdf`,
    'objects/ab/x.pdf',
    `objects/ab/${HASH}.exe`,
    OBJECT.toUpperCase()
  ])
    expect(isObjectPath(other), other).toBe(false)
  expect(isPaperPath('papers/A 2020 – B.pdf')).toBe(true)
  for (const other of [
    'manifest.jsonl',
    '.sheaf/library.json',
    'papers/notes.txt',
    'papers',
    'quarantine/x.pdf'
  ])
    expect(isPaperPath(other), other).toBe(false)
})

test('a row that names another file names none', () => {
  const row = { sha256: HASH, format: 'pdf' }
  expect(objectPathOfRow('../x', row)).toBe(OBJECT)
  expect(objectPathOfRow(`objects/cd/cd${'0'.repeat(62)}.pdf`, row)).toBe(OBJECT)
  expect(isObjectPath(objectPathOfRow('../x', { sha256: '../../y', format: 'pdf' }))).toBe(true)
  expect(paperPathOfRow('../x.pdf')).toBeNull()
  expect(paperPathOfRow('manifest.jsonl')).toBeNull()
})

test('every accepted name is below the folder on this system', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    'a',
    '/',
    '\\',
    ':',
    ' ',
    '\u0000',
    'papers',
    '.pdf',
    'é',
    '~',
    'nul'
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = pieces.join('')
      if (partsOfPath(path) === null) return
      expect(resolve('/library', path).startsWith(`/library${sep}`) || sep !== '/').toBe(true)
      expect(path.split('/')).not.toContain('..')
    })
  )
})
