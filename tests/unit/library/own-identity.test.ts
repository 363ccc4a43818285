/**
 * Which identifiers a PDF gives as its own. Two mistakes must not happen: taking a cited DOI for the
 * document's own, and ignoring its own printed one.
 */
import { describe, expect, test } from 'vitest'
import { ownIdentity } from '../../../src/main/library/own-identity'
import type { PdfFront } from '../../../src/main/library/text-messages'

const TITLE = 'Nesting habits of the river tern in braided channels'

function front(page: string, more: Partial<PdfFront> = {}): PdfFront {
  return {
    pages: [page],
    prominent: [TITLE],
    metadataTitle: null,
    pageCount: 8,
    info: {},
    xmp: '',
    xmpTitle: null,
    ...more
  }
}
const page = (...lines: string[]): string => lines.join('\n')
const sureOf = (read: PdfFront, name = 'paper.pdf'): string[] =>
  ownIdentity(read, name)
    .claims.filter((claim) => claim.sure)
    .map((claim) => `${claim.by} ${claim.value}`)

describe('printed as its own', () => {
  test.each([
    ['on a line of its own', page(TITLE, 'A. Author', 'https://doi.org/10.5555/tern.7')],
    ['in the masthead', page('Journal of Birds 12 (2019) 1–9, ISSN 1234-5678, doi:10.5555/tern.7', TITLE)],
    ['behind a capital label', page(TITLE, 'DOI 10.5555/tern.7')],
    [
      'behind a licence line',
      page(TITLE, '© 2019 The Authors. Published by Birds. https://doi.org/10.5555/tern.7')
    ],
    [
      'in a line that says how to cite it',
      page(
        TITLE,
        'Cite this article as: Author A. Nesting habits.',
        'J Birds 2019;12:1–9. doi: 10.5555/tern.7'
      )
    ],
    ['parted at a line end', page(TITLE, 'https://doi.org/10.5555/', 'tern.7')],
    [
      'of an author manuscript',
      page('Published in final edited form as:', 'J Birds. 2019; 12: 1–9. doi:10.5555/tern.7.', TITLE)
    ],
    [
      'in a citation of itself, with a data set behind it',
      page(
        TITLE,
        'Citation: Author A (2020) Nesting habits. Birds 15(5): 1. https://doi.org/10.5555/tern.7',
        'Data Availability: all data are available at https://doi.org/10.5061/dryad.77'
      )
    ],
    [
      'in a preprint’s notice',
      page('bioRxiv preprint doi: https://doi.org/10.5555/tern.7; this version posted', TITLE)
    ],
    [
      'in a running head',
      page(TITLE, 'Author et al. eLife 2020;9:e50000. DOI: https://doi.org/10.5555/tern.7 1 of 20')
    ],
    [
      'behind a journal’s own resolver',
      page('www.birds.example/cgi/doi/10.5555/tern.7 BIRDS | May 1, 2019 | vol. 116 | no. 20', TITLE)
    ],
    ['with brackets in it', page(TITLE, 'https://doi.org/10.1016/0370-2693(95)01234-5')]
  ])('%s', (_, text) => {
    expect(sureOf(front(text))).toEqual([
      text.includes('0370') ? 'doi 10.1016/0370-2693(95)01234-5' : 'doi 10.5555/tern.7'
    ])
  })

  test('the stamp of arXiv, in both forms', () => {
    expect(sureOf(front('arXiv:2401.01234v2 [q-bio.PE] 3 Jan 2024\nText'))).toEqual(['arxiv 2401.01234'])
    expect(sureOf(front('arXiv:hep-th/9901001v3 4 Jan 1999\nText'))).toEqual(['arxiv hep-th/9901001'])
    expect(sureOf(front('arXiv:math.GT/0309136 v1 8 Sep 2003\nText'))).toEqual(['arxiv math/0309136'])
    expect(sureOf(front('as shown in arXiv:2401.01234, terns nest'))).toEqual([])
  })
})

describe('not its own', () => {
  test.each([
    ['a data set', page(TITLE, 'Data are available at https://doi.org/10.5061/dryad.77')],
    [
      'a sentence that cites',
      page(TITLE, 'as was shown before by Smith et al. https://doi.org/10.5555/other.1')
    ],
    [
      'an entry without a heading above it',
      page(TITLE, 'Text.', '[1] Smith J. Terns. J Birds 2010. https://doi.org/10.5555/other.1')
    ],
    [
      'an entry that goes on over lines',
      page(
        TITLE,
        'Text.',
        '1. Smith J. The terns of the lower river. Journal of',
        'Birds (2010), 12–19,',
        'https://doi.org/10.5555/other.1'
      )
    ],
    [
      'a list of references',
      page(TITLE, 'References', 'Smith J (2010) Terns.', 'https://doi.org/10.5555/other.1')
    ],
    ['the supplement of a paper', page('Supplementary Information', TITLE, 'https://doi.org/10.5555/tern.7')]
  ])('%s', (_, text) => {
    expect(sureOf(front(text))).toEqual([])
  })

  test('metadata of another paper and a printed DOI contradict each other: neither is sure', () => {
    const read = front(page(TITLE, 'https://doi.org/10.5555/tern.7'), {
      xmp: '<prism:doi>10.5555/other.1</prism:doi>'
    })
    expect(sureOf(read)).toEqual([])
    expect(ownIdentity(read, 'x.pdf').claims).toHaveLength(2)
  })

  test('the name of a file is a hint', () => {
    const claims = (name: string): unknown[] => [...ownIdentity(front(TITLE), name).claims]
    expect(claims('10.5555_tern.7.pdf')).toEqual([
      { scheme: 'doi', value: '10.5555/tern.7', by: 'name', sure: false }
    ])
    expect(claims('2401.01234v1.pdf')).toMatchObject([{ scheme: 'arxiv', value: '2401.01234', sure: false }])
    expect(claims('3344.99999.pdf')).toEqual([])
  })
})

describe('metadata', () => {
  test.each([
    ['prism:doi as an element', { xmp: '<prism:doi>10.5555/Tern.7</prism:doi>' }, 'xmp'],
    ['prism:doi as an attribute', { xmp: '<rdf:Description prism:doi="10.5555/tern.7" />' }, 'xmp'],
    ['dc:identifier with a label', { xmp: '<dc:identifier>doi:10.5555/tern.7</dc:identifier>' }, 'xmp'],
    ['a custom key of the information dictionary', { info: { doi: '10.5555/tern.7' } }, 'info'],
    [
      'the subject, as Elsevier writes it',
      { info: { Subject: 'Birds, 12 (2019) 1-9. doi:10.5555/tern.7' } },
      'info'
    ]
  ])('%s', (_, more, by) => {
    expect(sureOf(front(TITLE, more))).toEqual([`${by} 10.5555/tern.7`])
  })

  test('a title in the metadata counts when it is printed, and names of programs never do', () => {
    const read = front(page('JOURNAL OF BIRDS', TITLE, 'Text'), {
      metadataTitle: 'Microsoft Word - tern_final.docx',
      xmpTitle: TITLE,
      prominent: ['JOURNAL OF BIRDS']
    })
    expect(ownIdentity(read, 'x.pdf').title).toBe(TITLE)
    expect(ownIdentity(read, 'x.pdf').titles.join()).not.toContain('Microsoft')
    expect(ownIdentity(front(TITLE), 'Smith - 2019 - A tern is a bird.pdf').titles).toContain(
      'A tern is a bird'
    )
  })
})
