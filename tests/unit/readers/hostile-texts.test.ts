/** Texts that once took a reader seconds, minutes or gigabytes are read quickly, with a bounded result. */
import { describe, expect, test } from 'vitest'
import { MOST_CHARS, cutTo, limitFacts } from '../../../src/contract/limits'
import { judgeHead } from '../../../src/main/library/judge-head'
import { parseRobots } from '../../../src/main/net/robots-rules'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'
import { readBibtex } from '../../../src/main/works/formats/bibtex-syntax'

const at = { url: 'https://j.example/article/567' }

/** Milliseconds of processor time, which a busy machine does not change. */
function cost(perform: () => void): number {
  const before = process.cpuUsage()
  perform()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

describe('texts that were slow', () => {
  const slow: readonly (readonly [string, () => void])[] = [
    [
      'comments in place of a PDF',
      () => {
        const bytes = Buffer.from('<!--a-->'.repeat(400) + 'x'.repeat(1_000))
        judgeHead(bytes, { format: 'pdf', contentType: null, url: 'https://a.example/x.pdf' })
      }
    ],
    [
      'blanks in a meta refresh',
      () => {
        findPdfLinks(`<meta http-equiv="refresh" content="${' '.repeat(200_000)}x">`, at)
      }
    ],
    [
      'blanks in an author',
      () => {
        findPdfLinks(`<meta name="citation_author" content="a${' '.repeat(200_000)}b">`, at)
      }
    ],
    [
      'nested links around a long text',
      () => {
        findPdfLinks('<a class=pdf href="/1.pdf" data-pdf="/2.pdf">'.repeat(230) + ' x'.repeat(100_000), at)
      }
    ],
    [
      'a line of blanks in robots.txt',
      () => {
        parseRobots(`User-agent: *\na${' '.repeat(400_000)}b\n`, 'sheaf')
      }
    ]
  ]
  test.each(slow)('%s', (_, perform) => {
    expect(cost(perform)).toBeLessThan(3_000)
  })
})

test('abbreviations of BibTeX expand only up to a limit', () => {
  const lines = Array.from({ length: 24 }, (_, n) =>
    n === 0 ? '@string{a0="xxxxxxxxxxx "}' : `@string{a${String(n)}=a${String(n - 1)} # a${String(n - 1)}}`
  )
  const { entries, problems } = readBibtex(`${lines.join('\n')}\n@article{k,title=a23,doi={10.1234/x}}`)
  const longest = Math.max(0, ...entries.flatMap((entry) => [...entry.fields.values()].map((v) => v.length)))
  expect(longest).toBeLessThan(2_000_000)
  expect(problems.length).toBeGreaterThan(0)
})

test('stored fields of a work are cut at a whole character, with a mark', () => {
  const title = cutTo('𝒳'.repeat(2_000), 'title')
  expect(title.length).toBeLessThanOrEqual(MOST_CHARS.title)
  expect(title.endsWith('𝒳…')).toBe(true)
  expect(limitFacts({ title: 'short', authors: ['A'.repeat(900)] })).toMatchObject({
    title: 'short',
    authors: [expect.stringMatching(/^A{199}…$/)]
  })
})
