/** The app's own addresses lead to the built renderer or the library, and nowhere else. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { isAbsolute, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { HOME, isOurs, targetOf } from '../../../src/main/shell/addresses'
import { mayBeLoaded, mayBeShown } from '../../../src/main/shell/allowed'
import { mayAsk } from '../../../src/main/shell/senders'
import { GROUNDS } from '../../../src/main/shell/theme'
import { repositoryRoot } from '../../kit/shared'

describe('an address of the page', () => {
  test.each([
    [HOME, 'index.html', 'text/html; charset=utf-8'],
    ['sheaf://app/', 'index.html', 'text/html; charset=utf-8'],
    ['sheaf://app/assets/index-BNdA9Rn_.js', 'assets/index-BNdA9Rn_.js', 'text/javascript; charset=utf-8'],
    ['sheaf://app/assets/a.css?x=1#y', 'assets/a.css', 'text/css; charset=utf-8'],
    ['sheaf://app/pdfjs/wasm/openjpeg.wasm', 'pdfjs/wasm/openjpeg.wasm', 'application/wasm'],
    ['sheaf://app/assets/../index.html', 'index.html', 'text/html; charset=utf-8']
  ])('%s is the file %s', (address, file, contentType) => {
    expect(targetOf(address)).toEqual({ kind: 'page', file, contentType })
  })

  test.each([
    ['sheaf://app/artifact/sha256%3Aab%2Fpdf', '/artifact/sha256%3Aab%2Fpdf'],
    ['sheaf://app/quarantine/q1', '/quarantine/q1'],
    ['sheaf://app/thumbnail/abc', '/thumbnail/abc']
  ])('%s is served by the library', (address, path) => {
    expect(targetOf(address)).toEqual({ kind: 'bytes', path })
  })

  test.each([
    'sheaf://other/index.html',
    'file:///etc/passwd',
    'https://app/index.html',
    'sheaf://me:secret@app/index.html',
    'sheaf://app/..%2f..%2fpackage.json',
    'sheaf://app/%2e%2e%2f%2e%2e%2fetc/passwd.js',
    'sheaf://app/assets/..%5c..%5cmain%5cindex.js',
    'sheaf://app//etc/hosts.js',
    'sheaf://app/assets//a.js',
    'sheaf://app/.env.js',
    'sheaf://app/C:/windows/a.js',
    'sheaf://app/a%00.js',
    'sheaf://app/a%zz.js',
    'sheaf://app/main.exe',
    'sheaf://app/index',
    'sheaf://app/artifact/',
    'sheaf://app/artifact/a/b',
    'not an address',
    ''
  ])('%s is refused', (address) => {
    expect(targetOf(address)).toEqual({ kind: 'nothing' })
  })

  test('for any address, no file outside the built renderer is served', () => {
    const renderer = join(repositoryRoot, 'out/renderer')
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', 'a.js', 'C:', '~')
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const target = targetOf(`sheaf://app/${pieces.join('')}`)
        if (target.kind !== 'page') return
        const from = relative(renderer, join(renderer, target.file))
        expect(from.startsWith('..')).toBe(false)
        expect(isAbsolute(from)).toBe(false)
      }),
      { numRuns: 3_000 }
    )
  })
})

describe("the app's own origin", () => {
  test('is one origin, and the development server only when there is one', () => {
    expect(isOurs(HOME, null)).toBe(true)
    expect(isOurs('sheaf://evil/index.html', null)).toBe(false)
    expect(isOurs('https://app/index.html', null)).toBe(false)
    expect(isOurs('http://localhost:5173/', null)).toBe(false)
    expect(isOurs('http://localhost:5173/x', 'http://localhost:5173')).toBe(true)
    expect(isOurs('http://localhost:5174/x', 'http://localhost:5173')).toBe(false)
    expect(isOurs('', 'http://localhost:5173')).toBe(false)
  })

  test('a page loads itself and its parts, and nothing from elsewhere', () => {
    for (const address of [HOME, 'data:image/png;base64,AA', 'blob:sheaf://app/1']) {
      expect(mayBeLoaded(address, null), address).toBe(true)
    }
    for (const address of [
      'https://example.org/x.js',
      'http://localhost:5173/',
      'file:///etc/passwd',
      'ws://localhost:1/',
      'ftp://x/',
      'x'
    ]) {
      expect(mayBeLoaded(address, null), address).toBe(false)
    }
    expect(mayBeLoaded('ws://localhost:5173/?token=1', 'http://localhost:5173')).toBe(true)
    expect(mayBeLoaded('ws://localhost:9999/', 'http://localhost:5173')).toBe(false)
  })
})

test('a page may be reloaded, and never navigates away by itself', () => {
  expect(mayBeShown(HOME, null)).toBe(true)
  expect(mayBeShown('https://example.org/', null)).toBe(false)
  expect(mayBeShown('sheaf://app/artifact/a', null)).toBe(false)
  expect(mayBeShown('file:///index.html', null)).toBe(false)
  expect(mayBeShown('http://localhost:5173/', null)).toBe(false)
  expect(mayBeShown('http://localhost:5173/', 'http://localhost:5173')).toBe(true)
})

describe('allowed senders', () => {
  const good = { inOurWindow: true, frame: { url: HOME, isMain: true } }
  test('the main frame of our window with our page', () => {
    expect(mayAsk(good, null)).toBe(true)
  })
  test.each([
    ['another window', { ...good, inOurWindow: false }],
    ['a frame inside', { ...good, frame: { url: HOME, isMain: false } }],
    ['a frame that is gone', { ...good, frame: null }],
    ['another page', { ...good, frame: { url: 'https://example.org/', isMain: true } }],
    ['a page that is not loaded', { ...good, frame: { url: '', isMain: true } }]
  ])('not %s', (_, sender) => {
    expect(mayAsk(sender, null)).toBe(false)
  })
})

test('the background of the window is that of the page, so it does not flash', () => {
  const tokens = readFileSync(join(repositoryRoot, 'src/renderer/styles/tokens.css'), 'utf8')
  expect(/--surface:\s*light-dark\((#\w+),\s*(#\w+)\)/.exec(tokens)?.slice(1)).toEqual([
    GROUNDS.light,
    GROUNDS.dark
  ])
})
