/** A large file is read with bounded memory, and gives the same works and references as its parts. */
import { expect, test } from 'vitest'
import { readReferences } from '../../../src/main/works/works'
import { LARGE_CHARS } from '../../../src/main/works/formats/entry'
import { readXmlReferences } from '../../../src/main/works/formats/xml'

const entry = (at: number): string => `@article{key${String(at)},
  author = {M{\\"u}ller, J and {van der Berg}, Anna}, title = {{On} the naming of ${String(at)} — things},
  journal = jan, year = 19${String(10 + (at % 80))}, month = feb # "~" # {3}, note = "say {"}x",
  doi = {10.5555/large.${String(at)}}, file = {:C\\:/x.pdf:PDF},
  abstract = {${'An abstract of many words, 5\\% of it LaTeX. '.repeat(40)}},
}
`
const broken = '@article{broken, title = {never closed, doi = {10.5555/broken}\n'
/** Text in a note that looks like the next entry. */
const odd = '@misc{odd, title = {A note}, note = {see @book{x, y} there}, doi = {10.5555/odd}}\n'
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  ['plain entries', ''],
  // Read as a whole, since the meaning of an abbreviation may change within the file.
  ['entries with abbreviations', '@string{feb = "March"}\n']
])('%s give the same in a large file as in small ones', (_, head) => {
  const count = Math.ceil(LARGE_CHARS / entry(1).length) + 10
  const entries = Array.from({ length: count }, (_, at) => entry(at))
  const middle = Math.floor(count / 2)
  entries.splice(middle, 0, broken)
  entries[1] = odd
  const large = readReferences(bytesOf(head + entries.join('\n')), 'large.bib')
  expect(large.counts).toEqual({ entries: count + 1, drafts: count, repeated: 0, refused: 1 })
  expect(large.problems).toMatchObject([{ code: 'BAD_LINE', planned: false }])
  const places = [0, 1, middle - 1, middle, middle + 1, count - 1]
  for (const at of places) {
    const small = readReferences(bytesOf(head + (at === 1 ? odd : entry(at))), 'large.bib').drafts[0]
    const draft = large.drafts[at]
    expect({ ...draft, origin: null }).toEqual({ ...small, origin: null })
    // A second run, and one in another thread, give the same.
    expect(draft?.reference).toBe(small?.reference)
    expect(structuredClone(draft)?.reference).toBe(small?.reference)
  }
})

test.each([
  ['ASCII', "caf{\\'e}"],
  ['UTF-8', 'café 漢字 🙂'],
  ['UTF-8 with a mark at its beginning', '\ufeffcafé']
])('%s is decoded unchanged', (_, word) => {
  const said = word.replace('\ufeff', '')
  const mark = word === said ? '' : '\ufeff'
  const text = `${mark}@article{a, title = {A study of ${said} in use}, doi = {10.5555/x}}`
  const [draft] = readReferences(bytesOf(text), 'a.bib').drafts
  expect(draft?.facts.title).toBe(`A study of ${said.replace("{\\'e}", 'é')} in use`)
  expect(draft?.ids).toEqual({ doi: '10.5555/x' })
})

// Each article was added to a copy of the list of its journal: 40,000 took half a minute.
test('many articles of one journal take time in proportion to their number', () => {
  const article = '<bib:Article><dc:title>T</dc:title><dcterms:isPartOf rdf:resource="j"/></bib:Article>'
  const journal = '<bib:Journal rdf:about="j"><dc:title>J</dc:title></bib:Journal>'
  const cost = (count: number): number => {
    const text = `<rdf:RDF>${article.repeat(count)}${journal}</rdf:RDF>`
    const before = process.cpuUsage()
    expect(readXmlReferences(text).entries).toHaveLength(count)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  expect(cost(40_000)).toBeLessThan(14 * cost(5_000))
}, 120_000)
