/**
 * 10,000 entries read and named, in every format: the aim is two seconds. Prints wall and processor
 * time; the yardstick beside each is the time that merely decoding and splitting the file takes.
 *
 *   npm run bench -- references
 */
import {
  locatorOf,
  readReferences,
  workIdOf,
  writeReferences,
  type ReferenceFormat,
  type WriteEntry
} from '../../src/main/works/works'

const COUNT = 10_000
const numbers = Array.from({ length: COUNT }, (_, at) => at)

const works: WriteEntry[] = numbers.map((at) => ({
  workId: `doi:10.1000/abc.${at}`,
  ids: { doi: `10.1000/abc.${at}`, pmid: String(at + 1), url: `https://example.org/paper/${at}?v=1` },
  facts: {
    title: `Über the paper number ${at}: DNA & “quotes” at 50 % {braces}`,
    authors: ['Müller, Jérôme', 'Smith, John', 'van der Berg, Anna'],
    year: 2000 + (at % 25),
    venue: 'Journal of Things',
    type: 'article'
  }
}))

const latex = numbers
  .map(
    (at) =>
      `@article{k${at},\n  title = {The {\\"U}ber paper ${at} on {DNA} and $x^2$},\n  author = {M{\\"u}ller, J{\\'e}r{\\^o}me and Smith, John and van der Berg, Anna},\n  abstract = {${'Words of an abstract. '.repeat(40)}},\n  year = {2020},\n  doi = {10.1000/abc.${at}}\n}\n`
  )
  .join('\n')

const files: [string, ReferenceFormat, string][] = [
  ['bibtex with accents and abstracts', 'bibtex', latex],
  ['bibtex', 'bibtex', writeReferences(works, 'bibtex')],
  ['ris', 'ris', writeReferences(works, 'ris')],
  ['csl-json', 'csl-json', writeReferences(works, 'csl-json')],
  ['csl-json in one line', 'csl-json', writeReferences(works, 'csl-json').replaceAll('\n', '')],
  ['csv', 'csv', writeReferences(works, 'csv')],
  ['jsonl', 'jsonl', writeReferences(works, 'jsonl')],
  [
    'nbib',
    'nbib',
    numbers
      .map(
        (at) =>
          `PMID- ${at + 1}\nTI  - The paper\n      number ${at}.\nFAU - Smith, John\nDP  - 2020 Jan\nAID - 10.1000/abc.${at} [doi]\n`
      )
      .join('\n')
  ],
  ['text, one DOI a line', 'text', numbers.map((at) => `https://doi.org/10.1000/abc.${at}`).join('\n')],
  [
    'text, prose',
    'text',
    numbers
      .map((at) => `[${at}] Smith J. et al. The paper. J. Things ${at}, 2020. doi:10.1000/abc.${at}.`)
      .join('\n')
  ],
  ['tsv without header', 'tsv', numbers.map((at) => `10.1000/abc.${at}\tThe paper ${at}`).join('\n')]
]

for (const [title, format, text] of files) {
  const bytes = new TextEncoder().encode(text)
  const first = performance.now()
  const lines = new TextDecoder().decode(bytes).split('\n').length
  const started = performance.now()
  const before = process.cpuUsage()
  const { drafts, problems } = readReferences(bytes, 'list', format)
  for (const { ids, namedBy } of drafts) {
    workIdOf(ids, namedBy)
    locatorOf(ids, namedBy)
  }
  const ended = performance.now()
  const { user, system } = process.cpuUsage(before)
  console.log(
    [
      title.padEnd(36),
      `${(bytes.length / 1e6).toFixed(1)} MB`.padStart(8),
      `${String(drafts.length)} drafts, ${String(problems.length)} problems`.padStart(26),
      `wall ${(ended - started).toFixed(0)} ms`.padStart(14),
      `cpu ${((user + system) / 1000).toFixed(0)} ms`.padStart(12),
      `splitting ${String(lines)} lines ${(started - first).toFixed(1)} ms`
    ].join('  ')
  )
}
