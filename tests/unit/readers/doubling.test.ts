/**
 * Every reader of outside text takes time in proportion to its length. Hostile texts are made four and eight
 * times as long, and processor times are compared. A quadratic reader took seconds for a kilobyte and blocked
 * the engine. Times below `MATTERS_MS` are noise of the garbage collector.
 */
import { describe, expect, test } from 'vitest'
import { TEXT_READERS } from '../../kit/text-readers'

/** What is repeated: blanks, quotes, brackets, dots, elements, attributes, names, path endings, doctype parts. */
const PIECES: readonly string[] = [
  ...[' ', '\t', '\n', '\r', '"', "'", '.', ',', ';', ':', '/', '\\', '-', '=', '&', '#', '%', '@', '*', '$'],
  ...['(', ')', '[', ']', '{', '}', '<', '>', '\u0301', '\u200b', '\u00a0', '{}', '[]', '()', '""', "''"],
  ...[
    '<!--',
    '-->',
    '<!--a-->',
    '<?a?>',
    ']]>',
    '<![CDATA[',
    '<!DOCTYPE a [',
    '<!ENTITY a "b">',
    '&amp;',
    '&a;'
  ],
  ...[
    '<a>',
    '<a href="/1.pdf">',
    '<b x=1>',
    '<div>',
    '</p>',
    '<meta name=citation_author content=a>',
    ' x=1',
    '<a '
  ],
  ...[
    'a.',
    'a,',
    'a;',
    '1 ',
    '1.',
    '10.1234/',
    '10.1/a ',
    'a and ',
    'https://a',
    'a@',
    'a-\n',
    '@a{',
    '@string{a=a}'
  ],
  ...[
    '\\a',
    '{\\"a',
    '%0 a\n',
    'AU  - a\n',
    'a\n  ',
    '- a\n',
    'a: ',
    '? ',
    '&a ',
    '*a ',
    '{"a":',
    '[1,',
    '"a",'
  ],
  ...[
    '\\u0061',
    'Allow: *a*\n',
    'A\u0301',
    'ab1',
    '../',
    '%2e',
    '; a=b',
    '<a>;',
    'References\n',
    'doi:',
    'et al. '
  ]
]

const ANSWERS: readonly (readonly [string, string])[] = [
  ['{"title":"', '"}'],
  ['', 'x']
]

/** How a text begins and ends, so that a reader accepts it as one of its own. */
const AROUND: Readonly<Record<string, readonly (readonly [before: string, behind: string])[]>> = {
  'landing page of a repository': [
    ['', ' x'],
    ['<a href="/records/1/files/1.pdf">', 'x']
  ],
  'landing page': [
    ['', 'x'],
    ['<a class=pdf href="', '">PDF</a>'],
    ['<meta name="citation_author" content="a', 'b">'],
    ['<div ', '>'],
    ['<meta http-equiv=refresh content="', 'x">']
  ],
  'page in place of a file': [
    ['', 'x'],
    ['<html><title>', '</title>x']
  ],
  'article as a page': [['<html><body><p>', '</p></body></html>']],
  'article in XML': [
    ['<article><body><p>', '</p></body></article>'],
    ['<!DOCTYPE article ', '><article><body>a</body></article>']
  ],
  'robots.txt': [
    ['User-agent: *\nDisallow: ', 'b\n'],
    ['User-agent: *\na', 'b\n']
  ],
  BibTeX: [
    ['@article{a, title={', '}}\n'],
    ['@article{a, author="', '", doi={10.1234/a}}\n']
  ],
  RIS: [['TY  - JOUR\nTI  - a\nAU  - ', '\nER  - \n']],
  NBIB: [['PMID- 1\nTI  - ', '\n\n']],
  ENW: [['%0 Journal Article\n%T ', '\n\n']],
  'Web of Science': [['FN Clarivate\nVR 1.0\nPT J\nTI ', '\nER\n\nEF\n']],
  MODS: [
    [
      '<?xml version="1.0"?><modsCollection><mods><titleInfo><title>',
      '</title></titleInfo></mods></modsCollection>'
    ]
  ],
  'EndNote XML': [
    [
      '<?xml version="1.0"?><xml><records><record><titles><title>',
      '</title></titles></record></records></xml>'
    ]
  ],
  YAML: [
    ['references:\n- id: a\n  title: "', '"\n'],
    ['references:\n- ', '\n']
  ],
  'CSL JSON': [['[{"id":"a","title":"', '"}]']],
  CSV: [['title,doi\n', '\n']],
  TSV: [['title\tdoi\n', '\n']],
  'fallback plan': [['tiers:\n  - ', '\n']],
  arXiv: [
    ['<feed><entry><title>', '</title></entry></feed>'],
    ['<?xml version="1.0"?>', '<feed/>']
  ],
  'PMC listing': [['<ListBucketResult>', '</ListBucketResult>']],
  'text of a paper': [
    ['Sediment transport in alpine rivers\n', '\nReferences'],
    ['doi:10.1234/', ' x']
  ],
  'first page of a file of one’s own': [
    ['', 'x'],
    ['doi: 10.1234/', 'x'],
    ['A title\nAda Lovelace', '1,2 and Jane Doe\n']
  ],
  ...Object.fromEntries(
    ['OpenAlex', 'Unpaywall', 'Crossref', 'DataCite', 'Europe PMC', 'id converter', 'Wayback index'].map(
      (name) => [name, ANSWERS]
    )
  ),
  'lines of JSON': [['{"id":"a","title":"', '"}\n']],
  'saved page of references': [['<ul><li>', '</li></ul>']],
  'list of unknown kind': [['', 'x']],
  'pasted text': [['', ' 10.1234/abc']],
  identifier: [
    ['https://doi.org/10.1234/', 'x'],
    ['', 'x']
  ],
  address: [
    ['https://a.example/', 'x'],
    ['https://a.example/?token=', '&key=x']
  ],
  names: [['Doe, J. and ', 'x']],
  titles: [['A ', 'x']],
  'name of a paper': [['', 'x']],
  'file name': [
    ['', 'x'],
    ['papers/', '.pdf']
  ],
  sidecar: [['{"v":1,"jobId":"j","url":"https://a.example/', '"}']],
  'library file': [['{"v":1,"artifact_id":"a","work_id":"w","path":"', '"}\n']],
  journal: [['00000000\t1\t[["', '"]]\n']],
  headers: [
    ['<https://a.example/1.pdf>; rel="', '"'],
    ['text/html; charset=', 'x']
  ],
  cookies: [['a=', '; Path=/x']]
}

const CHARS = 3_000
const MATTERS_MS = 40
/** In linear time four times the text costs four, in quadratic time sixteen times as much. */
const MOST_RATIO_OF_FOUR = 8
/** For doubling once more, where the fixed costs are small: two and four times. */
const MOST_RATIO_OF_TWO = 3.2

type Read = (text: string) => unknown
type Make = (chars: number) => string

function text(piece: string, chars: number, [before, behind]: readonly [string, string]): string {
  return before + piece.repeat(Math.ceil(chars / piece.length)) + behind
}

/** Milliseconds of processor time, which a busy machine does not change. */
function cost(read: Read, given: string): number {
  const before = process.cpuUsage()
  try {
    read(given)
  } catch {
    // A refusal takes time as well.
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** The times when the reader is superlinear, else null. A result seen once and not twice was the collector. */
function superlinear(read: Read, make: Make): string | null {
  return looksSuperlinear(read, make) === null ? null : looksSuperlinear(read, make)
}

function looksSuperlinear(read: Read, make: Make): string | null {
  const four = cost(read, make(4 * CHARS))
  if (four < MATTERS_MS) return null
  const one = Math.max(0.5, Math.min(cost(read, make(CHARS)), cost(read, make(CHARS))))
  const again = Math.min(four, cost(read, make(4 * CHARS)))
  if (again < MATTERS_MS || again < MOST_RATIO_OF_FOUR * one) return null
  const eight = Math.min(cost(read, make(8 * CHARS)), cost(read, make(8 * CHARS)))
  if (eight < MOST_RATIO_OF_TWO * again) return null
  return `${one.toFixed(1)} ms, ${again.toFixed(1)} ms, ${eight.toFixed(1)} ms`
}

test('a quadratic reader is found', () => {
  const quadratic = (given: string): boolean => /\s+;/.test(given)
  // Garbage collection may make the short text as slow as the long one.
  const isFound = (): boolean => superlinear(quadratic, (chars) => text(' ', chars, ['', 'x'])) !== null
  expect([1, 2, 3, 4, 5].some(isFound)).toBe(true)
}, 120_000)

test('every reader has texts of its own', () => {
  expect(Object.keys(TEXT_READERS).filter((name) => AROUND[name] === undefined)).toEqual([])
})

describe('time in proportion to length', () => {
  test.each(Object.entries(TEXT_READERS))(
    '%s',
    (name, { read }) => {
      const found = (AROUND[name] ?? []).flatMap((around) =>
        PIECES.flatMap((piece) => {
          const times = superlinear(read, (chars) => text(piece, chars, around))
          return times === null ? [] : [`${JSON.stringify(piece)} in ${around.join('…')}: ${times}`]
        })
      )
      expect(found).toEqual([])
    },
    120_000
  )
})
