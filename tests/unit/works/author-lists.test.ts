/**
 * “And others” at the end of a list of authors: in every format it is no author, and it is written again as the
 * format says it. And BibTeX's `@conference`, which is another name of `@inproceedings`.
 */
import { expect, test } from 'vitest'
import { writeReferences } from '../../../src/main/works/works'
import { only, read } from './references-kit'

const AUTHORS = ['Curie, Marie', 'Meitner, Lise']

test.each([
  [
    'and others',
    'a.bib',
    '@article{k, title={On Ores}, author={Curie, Marie and Meitner, Lise and others}, doi={10.1000/x}}\n'
  ],
  [
    'et al. of BibTeX',
    'a.bib',
    '@article{k, title={On Ores}, author={Marie Curie and Lise Meitner and et al.}, doi={10.1000/x}}\n'
  ],
  [
    'et al. of RIS',
    'a.ris',
    'TY  - JOUR\nTI  - On Ores\nAU  - Curie, Marie\nAU  - Meitner, Lise\nAU  - et al.\nDO  - 10.1000/x\nER  - \n'
  ],
  [
    'others of CSL',
    'a.json',
    JSON.stringify([
      {
        type: 'article-journal',
        title: 'On Ores',
        DOI: '10.1000/x',
        author: [
          { family: 'Curie', given: 'Marie' },
          { family: 'Meitner', given: 'Lise' },
          { literal: 'others' }
        ]
      }
    ])
  ]
])('%s', (_, name, text) => {
  expect(only(text, name).facts.authors).toEqual(AUTHORS)
  const [draft] = read(text, name).drafts
  const entry = {
    workId: 'doi:10.1000/x',
    ids: draft!.ids,
    facts: draft!.facts,
    reference: draft!.reference!
  }
  const bibtex = writeReferences([entry], 'bibtex')
  // A BibTeX entry is written as it was read.
  expect(bibtex).toContain(
    name === 'a.bib'
      ? `author = {${/author=\{(.*?)\}/.exec(text)?.[1] ?? ''}}`
      : '{Curie, Marie and Meitner, Lise and others}'
  )
  expect(JSON.parse(writeReferences([entry], 'csl-json'))).toMatchObject([
    { author: [{ family: 'Curie' }, { family: 'Meitner' }, { literal: 'others' }] }
  ])
  const ris = writeReferences([entry], 'ris')
  expect(ris.match(/^AU {2}- .*$/gm)).toEqual(['AU  - Curie, Marie', 'AU  - Meitner, Lise', 'AU  - et al.'])
  for (const [written, as] of [
    [bibtex, 'b.bib'],
    [ris, 'b.ris']
  ] as const)
    expect(only(written, as).facts.authors).toEqual(AUTHORS)
})

test('@conference is read as a paper of proceedings, and written as one', () => {
  const text =
    '@conference{k, title={On Ores}, author={Curie, Marie}, booktitle={Proceedings of Ores}, year={1911}, doi={10.1000/x}}\n'
  expect(only(text, 'a.bib').facts).toMatchObject({
    type: 'proceedings-article',
    venue: 'Proceedings of Ores'
  })
  const [draft] = read(text, 'a.bib').drafts
  const entry = { workId: 'doi:10.1000/x', ids: draft!.ids, facts: draft!.facts }
  expect(writeReferences([entry], 'bibtex')).toContain('@inproceedings{')
  expect(writeReferences([{ ...entry, reference: draft!.reference! }], 'bibtex')).toMatch(
    /^@(?:inproceedings|conference)\{k,/
  )
})
