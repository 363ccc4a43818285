/** The names of a work, its locator and its aliases (docs/design.md §1, G1). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Identifiers } from '../../../src/contract/work'
import { sha256Hex } from '../../../src/main/platform/sha256'
import { aliasesOf, canonicalUrl, locatorOf, recognise, workIdOf } from '../../../src/main/works/works'

const pubmed = 'https://pubmed.ncbi.nlm.nih.gov/123/'
const url = 'https://example.org/doi/10.1000/x'

function check(ids: Identifiers, workId: string, locator: string, namedBy?: 'url'): void {
  expect(workIdOf(ids, namedBy)).toBe(workId)
  expect(locatorOf(ids, namedBy)).toBe(locator)
}

describe('names and locators', () => {
  it.each<[Identifiers, string, string]>([
    [{ openalex: 'W1' }, 'W1', 'https://openalex.org/W1'],
    [{ openalex: 'W1', doi: '10.1000/x' }, 'W1', 'https://doi.org/10.1000/x'],
    [{ openalex: 'W1', pmid: '123' }, 'W1', pubmed],
    [{ openalex: 'W1', url }, 'W1', url],
    [{ doi: '10.1000/x', arxiv: '2401.00001' }, 'doi:10.1000/x', 'https://doi.org/10.1000/x'],
    [{ arxiv: '2401.00001' }, 'arxiv:2401.00001', 'https://arxiv.org/abs/2401.00001'],
    [{ arxiv: 'hep-th/9901001', pmid: '1' }, 'arxiv:hep-th/9901001', 'https://arxiv.org/abs/hep-th/9901001'],
    [{ pmcid: 'PMC5', pmid: '1' }, 'pmcid:PMC5', 'https://pmc.ncbi.nlm.nih.gov/articles/PMC5/'],
    [{ pmid: '123' }, `url:${sha256Hex(pubmed)}`, pubmed],
    [{ url }, `url:${sha256Hex(url)}`, url]
  ])('%j', check)

  it('a work named by its address keeps that name', () => {
    check({ url, doi: '10.1000/x' }, `url:${sha256Hex(url)}`, url, 'url')
    check({ url, doi: '10.1000/x' }, 'doi:10.1000/x', 'https://doi.org/10.1000/x')
  })
  it('an arXiv id given stays one, its DOI given stays a DOI, and each is an alias of the other', () => {
    const byId = recognise('arXiv:2401.00001v2')
    const byDoi = recognise('https://doi.org/10.48550/arXiv.2401.00001')
    if (byId.kind !== 'ids' || byDoi.kind !== 'ids') return expect.unreachable()
    expect(workIdOf(byId.ids)).toBe('arxiv:2401.00001')
    expect(workIdOf(byDoi.ids)).toBe('doi:10.48550/arxiv.2401.00001')
    const both = [
      { scheme: 'arxiv', value: '2401.00001' },
      { scheme: 'doi', value: '10.48550/arxiv.2401.00001' }
    ]
    expect(aliasesOf(byId.ids)).toEqual(both)
    expect(aliasesOf(byDoi.ids)).toEqual([...both].reverse())
  })
  it("a published DOI beside an arXiv id keeps arXiv's own DOI as an alias", () => {
    expect(aliasesOf({ doi: '10.1000/x', arxiv: '2401.00001' })).toContainEqual({
      scheme: 'doi',
      value: '10.48550/arxiv.2401.00001'
    })
  })
  it('without identifiers there is no name', () => {
    expect(() => workIdOf({})).toThrow(/no identifier/)
    expect(() => locatorOf({})).toThrow(/no identifier/)
  })
  it('every locator is a canonical address, and leads back to the same name', () => {
    const text = fc.string({ minLength: 1, maxLength: 15, unit: 'binary' })
    const dois = fc.tuple(fc.integer({ min: 1000, max: 99_999 }), text).map(([n, s]) => `10.${n}/${s}`)
    const given = fc.oneof(dois, fc.webUrl(), fc.constantFrom('PMC5', 'PMID: 7', 'W99', 'math.GT/0309136v1'))
    fc.assert(
      fc.property(given, (identifier) => {
        const got = recognise(identifier)
        if (got.kind !== 'ids') return
        const locator = locatorOf(got.ids, got.namedBy)
        expect(canonicalUrl(locator)).toBe(locator)
        if (/\/\.{1,2}(?:\/|$)/.test(got.ids.doi ?? '')) return // such a DOI cannot be written as an address
        const again = recognise(locator)
        expect(again.kind === 'ids' ? workIdOf(again.ids, again.namedBy) : again).toBe(
          workIdOf(got.ids, got.namedBy)
        )
      }),
      { numRuns: 1_000 }
    )
  })
})
