/** Links written into a `.bib` change nothing else, and writing them again changes nothing. */
import { describe, expect, test } from 'vitest'
import { linkFiles, readReferences, type LinkStyle } from '../../../src/main/works/works'

const PATH = 'papers/Ng 2019.pdf'

/** The file with a link to PATH in its entries (all, or those of these keys). */
function linked(text: string, how: { style?: LinkStyle; path?: string } = {}): string {
  const { drafts, repeats } = readReferences(Buffer.from(text), 'my.bib', 'bibtex')
  const links = [...drafts, ...repeats].map(({ key = '', origin }) => ({
    line: origin!.line!,
    key,
    path: how.path ?? PATH
  }))
  return linkFiles(text, links, how.style ?? null).text
}

describe('a link', () => {
  test.each<[string, string, string]>([
    [
      'a line of its own, in the entry’s indent and column, behind a last field without a comma',
      '@article{a,\n    title  = {X},\n    doi    = {10.5555/a}\n}\n',
      '@article{a,\n    title  = {X},\n    doi    = {10.5555/a},\n    file   = {:papers/Ng 2019.pdf:PDF}\n}\n'
    ],
    [
      'behind a last comma, with CRLF and tabs',
      '@article{a,\r\n\tTITLE={X},\r\n\tDOI={10.5555/a},\r\n}\r\n',
      '@article{a,\r\n\tTITLE={X},\r\n\tDOI={10.5555/a},\r\n\tFILE={:papers/Ng 2019.pdf:PDF},\r\n}\r\n'
    ],
    [
      'behind a number at the end of a line that ends in CRLF',
      '@misc{a,\r\n  doi = {10.5555/a},\r\n  year = 2019\r\n}',
      '@misc{a,\r\n  doi = {10.5555/a},\r\n  year = 2019,\r\n  file = {:papers/Ng 2019.pdf:PDF}\r\n}'
    ],
    [
      'an entry on one line',
      '@article{a, doi = {10.5555/a}}',
      '@article{a, doi = {10.5555/a}, file = {:papers/Ng 2019.pdf:PDF}}'
    ],
    [
      'a comment behind the last comma',
      '@article{a,\n  doi = "10.5555/a", % mine\n}',
      '@article{a,\n  doi = "10.5555/a", % mine\n  file = {:papers/Ng 2019.pdf:PDF},\n}'
    ],
    [
      'parentheses, a number, an abbreviation, a comment between entries',
      '% Encoding: UTF-8\n@string{j = "J"}\n@Article(a,\n doi = {10.5555/a},\n journal = j # { B},\n year = 2019)\n@comment{jabref-meta: x;}\n',
      '% Encoding: UTF-8\n@string{j = "J"}\n@Article(a,\n doi = {10.5555/a},\n journal = j # { B},\n year = 2019,\n file = {:papers/Ng 2019.pdf:PDF})\n@comment{jabref-meta: x;}\n'
    ],
    [
      'a link of the user stays, and is followed by ours in its form',
      '@a{a, doi={10.5555/a}, file = {Full text:old/x\\:1.pdf:PDF}}',
      '@a{a, doi={10.5555/a}, file = {Full text:old/x\\:1.pdf:PDF;:papers/Ng 2019.pdf:PDF}}'
    ],
    [
      'Better BibTeX’s bare paths',
      '@a{a, doi={10.5555/a}, file = {old/x.pdf}}\n@a{b,\n\tdoi = {10.5555/b}\n}',
      '@a{a, doi={10.5555/a}, file = {old/x.pdf;papers/Ng 2019.pdf}}\n@a{b,\n\tdoi = {10.5555/b},\n\tfile = {papers/Ng 2019.pdf}\n}'
    ],
    [
      'an empty file field',
      '@a{a, doi={10.5555/a}, file = {}}',
      '@a{a, doi={10.5555/a}, file = {:papers/Ng 2019.pdf:PDF}}'
    ],
    [
      'BibDesk’s own links are kept',
      '@a{a,\n\tdoi = {10.5555/a},\n\tbdsk-file-1 = {YnBsaXN0}}',
      '@a{a,\n\tdoi = {10.5555/a},\n\tbdsk-file-1 = {YnBsaXN0},\n\tfile = {:papers/Ng 2019.pdf:PDF}}'
    ]
  ])('%s', (_, before, after) => {
    expect(linked(before)).toBe(after)
    expect(linked(after)).toBe(after)
  })

  test('has its path escaped, and is found again', () => {
    const before = '@a{a,\n  doi = {10.5555/a}\n}\n'
    for (const style of ['jabref', 'bbt'] as const) {
      for (const path of ['C:/x;y.pdf', '../a:b.pdf', 'ü.pdf', 'x{y}.pdf']) {
        const once = linked(before, { style, path })
        expect(once).not.toBe(before)
        expect(linked(once, { style, path })).toBe(once)
        expect(readReferences(Buffer.from(once), 'x.bib').drafts).toHaveLength(1)
      }
    }
    expect(linked(before, { path: 'C:/x;y.pdf' })).toContain('{:C\\:/x\\;y.pdf:PDF}')
  })

  test('changes only complete entries of a damaged file', () => {
    const before =
      'x\n@a{a, title = {X\n\n@a{b,\n  doi = {10.5555/b}\n}\n@a{c, file = f # {x}, doi = {10.5555/c}}'
    expect(linked(before)).toBe(
      before.replace('{10.5555/b}', '{10.5555/b},\n  file = {:papers/Ng 2019.pdf:PDF}')
    )
  })
})
