import { describe, expect, test } from 'vitest'
import { CITATION_LOCALES, CITATION_STYLES } from '../../../../src/contract/citation-styles'
import { checkStyle } from '../../../../src/main/works/cite/check-style'
import { cite, type HowToCite } from '../../../../src/main/works/cite/cite'
import { readReferences, type WriteEntry } from '../../../../src/main/works/works'

const BIB = `@article{a, author={Vaswani, Ashish and van der Berg, Jan}, title={Attention is <script>all</script> you need},
  journal={Journal of Tests}, year={2017}, volume={30}, number={2}, pages={5998--6008}, doi={10.5555/att}}
@book{b, author={{World Health Organization}}, title={Global report}, publisher={WHO}, address={Geneva}, year={2020}, doi={10.5555/who}}`

const ENTRIES: readonly WriteEntry[] = readReferences(Buffer.from(BIB), 'a.bib').drafts.map((draft) => ({
  workId: `doi:${draft.ids.doi ?? ''}`,
  ids: draft.ids,
  facts: draft.facts,
  ...(draft.reference === undefined ? {} : { reference: draft.reference })
}))

const made = (how: Partial<HowToCite>): ReturnType<typeof cite> =>
  cite(ENTRIES, { style: 'apa', locale: 'en-US', format: 'text', ...how })

describe('a bundled style', () => {
  test.each([
    [
      'apa',
      '(Vaswani & van der Berg, 2017; World Health Organization, 2020)',
      'Vaswani, A., & van der Berg, J. (2017). Attention is <script>all</script> you need. Journal of Tests, 30(2), 5998–6008. https://doi.org/10.5555/att'
    ],
    [
      'vancouver',
      '(1,2)',
      '1. Vaswani A, van der Berg J. Attention is <script>all</script> you need. Journal of Tests. 2017;30(2):5998–6008.'
    ]
  ] as const)('%s writes what its guide says', async (style, citation, first) => {
    const { citation: cited, entries } = await made({ style })
    expect(cited).toBe(citation)
    expect(entries[0]?.replace(/\s+/g, ' ')).toContain(first)
    expect(entries).toHaveLength(2)
  })

  test('every style runs in every language', async () => {
    for (const style of CITATION_STYLES)
      for (const locale of [CITATION_LOCALES[2], CITATION_LOCALES[8]]) {
        const { citation, entries } = await made({ style, locale })
        expect(citation, `${style} ${locale}`).not.toBe('')
        expect(entries, `${style} ${locale}`).toHaveLength(2)
        expect(entries.join(' ')).toMatch(/Vaswani/i)
      }
  })

  test('uses the requested language', async () => {
    expect((await made({ locale: 'de-DE', style: 'harvard-cite-them-right' })).citation).toMatch(/ und /)
  })

  test('as HTML has markup of its own and none from titles', async () => {
    const { entries } = await made({ format: 'html' })
    expect(entries[0]).toContain('<i>Journal of Tests</i>')
    expect(entries.join()).not.toContain('<script')
  })
})

const style = (inside: string): string =>
  `<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>T</title><id>t</id></info>${inside}</style>`
const CITATION = '<citation><layout><text variable="title"/></layout></citation>'

describe('a style from a file', () => {
  test('is applied', async () => {
    const own = { xml: style(CITATION), name: 'own.csl' }
    expect(await made({ style: own })).toMatchObject({
      entries: [],
      citation: expect.stringContaining('Global report') as string
    })
  })

  const doubling = Array.from(
    { length: 40 },
    (_, n) =>
      `<macro name="m${String(n)}"><text macro="m${String(n + 1)}"/><text macro="m${String(n + 1)}"/></macro>`
  ).join('')
  test.each([
    ['what is no XML', 'hello', /well-formed|first element/],
    ['what is cut off', style(CITATION).slice(0, 150), /well-formed/],
    ['another kind of XML', '<html><citation/></html>', /first element/],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${style(CITATION)}`, /document type/],
    [
      'one that only names another',
      style('<link rel="independent-parent" href="http://www.zotero.org/styles/apa"/>'),
      /styles\/apa/
    ],
    [
      'a macro that calls itself',
      style(
        `<macro name="a"><text macro="a"/></macro><citation><layout><text macro="a"/></layout></citation>`
      ),
      /calls itself/
    ],
    [
      'macros that double forty times',
      style(`${doubling}<macro name="m40"/><citation><layout><text macro="m0"/></layout></citation>`),
      /unfold/
    ],
    [
      'a macro that is not there',
      style('<citation><layout><text macro="x"/></layout></citation>'),
      /not there/
    ],
    ['a deep nest', style(`${'<group>'.repeat(100)}${'</group>'.repeat(100)}`), /nested/],
    ['a megabyte', style(`${CITATION}<!--${'x'.repeat(1_000_000)}-->`), /1 MB/]
  ])('%s is refused with a reason', (_, xml, because) => {
    expect(() => {
      checkStyle(xml, 'own.csl')
    }).toThrow(because)
  })
})
