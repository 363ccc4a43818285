/** Output escaping: text that a terminal, a spreadsheet, a page or TeX would execute is escaped in every output. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forHtml, forJson, forTable, forTerminal, fromTable, oneLine } from '../../../src/contract/exits'
import { textToLatex } from '../../../src/main/works/formats/latex-write'
import { writeReferences } from '../../../src/main/works/works'
import { columns, cut } from '../../../src/main/cli/wording'
import { makeScreen } from '../../../src/main/cli/screen'

const HOSTILE: readonly [string, string][] = [
  ['a window title (OSC)', '\u001b]0;owned\u0007'],
  ['a clipboard write (OSC 52)', '\u001b]52;c;cm0gLXJm\u001b\\'],
  ['a hyperlink (OSC 8)', '\u001b]8;;https://evil.example\u0007text\u001b]8;;\u0007'],
  ['colours and movement (CSI)', '\u001b[2J\u001b[1;1H\u001b[31m'],
  ['CSI as one C1 byte', '\u009b2J'],
  ['OSC as one C1 byte', '\u009d0;x\u009c'],
  ['a device query (DCS)', '\u001bP$q"p\u001b\\'],
  ['a bell and backspaces', '\u0007\b\b\b'],
  ['a carriage return', 'real\rfake'],
  ['a delete', '\u007f'],
  ['an override of the direction', 'paper\u202efdp.exe'],
  ['an isolate', '\u2066hidden\u2069'],
  ['marks', '\u200e\u200f\u061c'],
  ['line ends of other kinds', 'a\u2028b\u2029c\u0085d\u000be\u000cf'],
  ['half a character', 'x\ud83d y\udc00'],
  ['tags', '\u{e0041}\u{e0042}'],
  ['a NUL', 'a\u0000b']
]
const OBEYED =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/u // eslint-disable-line no-control-regex -- what must not leave

describe('a terminal', () => {
  test.each(HOSTILE)('%s', (_, text) => {
    for (const way of [
      forTerminal,
      oneLine,
      forTable,
      forHtml,
      textToLatex,
      (t: string) => columns([[t, t]]),
      (t: string) => cut(t, 80)
    ])
      expect(way(`A ${text} title`)).not.toMatch(OBEYED)
  })
  test('letters of all scripts, joiners, tabs and line feeds stay', () => {
    const text = 'Müller – 日本語 עברית العربية नमस्ते 👩‍👩‍👧 a\tb\nc'
    expect(forTerminal(text)).toBe(text)
  })
  test('a title cannot imitate a separate line', () => {
    expect(oneLine('Title\n✓ Another paper (1 MB)')).toBe('Title ✓ Another paper (1 MB)')
    expect(cut('a\u2028b', 20)).toBe('a b')
  })
  test('any text is safe, and escaping twice changes nothing', () => {
    const any = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
    })
    fc.assert(
      fc.property(any, (text) => {
        expect(oneLine(text)).not.toMatch(OBEYED)
        expect(oneLine(text)).not.toContain('\n')
        expect(oneLine(oneLine(text))).toBe(oneLine(text))
      })
    )
  })
  test('the screen escapes what it says and shows, and hides keys', () => {
    let written = ''
    const writer = { write: (text: string) => (written += text), isBehind: false }
    const screen = makeScreen(writer as never, () => ({ isTerminal: true, columns: 80 }))
    screen.say('\u001b]0;x\u0007 https://a.example/?api_key=SECRET')
    screen.show(['\u009b2J\nforged'])
    expect(written).toBe('\ufffd]0;x\ufffd https://a.example/?api_key=***\n\ufffd2J forged\n')
  })
})

describe('a table', () => {
  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(1)',
    ' =1',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    "=cmd|'/C calc'!A0"
  ])('%j is text', (cell) => {
    expect(forTable(cell)).toMatch(/^'/)
    expect(forTable(forTable(cell))).toBe(forTable(cell))
    expect(fromTable(forTable(cell))).toBe(oneLine(cell))
  })
  test.each(['A paper', '10.1000/x', 'a=b', '1-2', '– dash', "'quoted'"])('%j stays', (cell) => {
    expect(forTable(cell)).toBe(cell)
    expect(fromTable(cell)).toBe(cell)
  })
  test('a cell contains no tab or line end', () => {
    expect(forTable('a\tb\nc')).toBe('a b c')
  })
})

test('a page escapes markup', () => {
  expect(forHtml(`<img src=x onerror="alert('1')">&\u0000`)).toBe(
    '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;\ufffd'
  )
})

test('JSON keeps its data and contains no control characters', () => {
  const value = { title: HOSTILE.map(([, text]) => text).join(' ') }
  expect(forJson(value)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/) // eslint-disable-line no-control-regex -- what must not leave
  expect(JSON.parse(forJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
})

describe('reference files', () => {
  const title = '=cmd|x} \\input{/etc/passwd} \\write18{id} $x$ %c\nER  - \nTY  - JOUR\u001b]0;x\u0007\u202e'
  const entry = {
    workId: 'W1',
    ids: { url: 'https://a.example/x' },
    facts: { title, authors: ['=A, B\nTI  - forged'] }
  }
  test('BibTeX: no command, no open brace, no forged line', () => {
    const written = writeReferences([entry], 'bibtex')
    expect(written).not.toMatch(/\\input|\\write18|(?<!\\)[$%]/)
    expect(written.match(/\{/g)?.length).toBe(written.match(/\}/g)?.length)
    expect(written).not.toMatch(/\u001b|\u0007|\u202e/) // eslint-disable-line no-control-regex -- what must not leave
  })
  test('RIS: one record, whatever line ends a title has', () => {
    const written = writeReferences([entry], 'ris')
    expect(written.match(/^ER {2}- /gm)).toHaveLength(1)
    expect(written.match(/^TY {2}- /gm)).toHaveLength(1)
    expect(written.match(/^TI {2}- /gm)).toHaveLength(1)
  })
  test('CSV: no cell is a formula', () => {
    const written = writeReferences([entry], 'csv')
    expect(written).toContain("'=cmd|x}")
    expect(written).toContain("'=A")
    expect(written).not.toMatch(/(?:^|,|")[=+@]/m)
  })
  test.each(['csl-json', 'jsonl'] as const)('%s: no control characters', (format) => {
    expect(writeReferences([entry], format)).not.toMatch(/\u001b|\u0007|\u202e/) // eslint-disable-line no-control-regex -- what must not leave
  })
})
