/**
 * What the library screen costs: finding words in 2,000 papers with their text, and a page of a list
 * of 20,000 with its facets. Targets (issue 3): a search below 50 ms, a page below 50 ms.
 *
 *   node scripts/run-ts.mjs tests/bench/library.ts [papers with text] [papers in the list]
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import initSqlJs from 'sql.js'
import { choosePapers, matchFacts, sortPapers } from '../../src/main/ipc/library-list'
import { IndexDatabase } from '../../src/main/search/index-database'
import type { CatalogPaper } from '../../src/main/sheaf-api'

const PAPERS = Number(process.argv[2] ?? 2_000)
const LISTED = Number(process.argv[3] ?? 20_000)
const PAGES = 12
const WORDS_A_PAGE = 500
const VOCABULARY = 30_000

let seed = 1
const uniform = (): number => {
  seed = (seed * 48_271) % 2_147_483_647
  return seed / 2_147_483_647
}
const SYLLABLES = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'le', 'mi', 'no', 'ru', 'sa', 'te', 'vi', 'xo', 'zu']
const vocabulary = Array.from({ length: VOCABULARY }, (_, n) => {
  let word = ''
  for (let left = n + 15; left > 0; left = Math.floor(left / 15)) word += SYLLABLES[left % 15] ?? ''
  return word
})
/** Few words are frequent and most are rare, as in a language. */
const word = (): string => vocabulary[Math.floor(VOCABULARY ** uniform()) - 1] ?? 'ba'
const words = (count: number): string => Array.from({ length: count }, word).join(' ')

/** Processor time beside the clock's: on a busy machine only the former says what something costs. */
function timed(name: string, rounds: number, work: () => unknown): void {
  const used = process.cpuUsage()
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now()
    work()
    return performance.now() - began
  }).sort((a, b) => a - b)
  const { user, system } = process.cpuUsage(used)
  const cpu = ((user + system) / 1_000 / rounds).toFixed(1).padStart(6)
  const at = (q: number): string =>
    (times[Math.min(rounds - 1, Math.floor(q * rounds))] ?? 0).toFixed(1).padStart(6)
  console.log(`${name.padEnd(42)} processor ${cpu} ms   p50 ${at(0.5)} ms   p95 ${at(0.95)} ms`)
}

console.log(`${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`)
const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm')
const engine = await initSqlJs({ wasmBinary: new Uint8Array(readFileSync(wasm)).buffer })
const index = IndexDatabase.empty(engine)
const began = performance.now()
for (let n = 0; n < PAPERS; n += 1) {
  const doc = index.begin({
    artifactId: `paper-${String(n)}`,
    title: words(9),
    authors: [`${word()}, ${word()}`, `${word()}, ${word()}`],
    year: 1990 + (n % 35),
    venue: words(3),
    names: [`10.5555/paper.${String(n)}`],
    stamp: String(n)
  })
  index.addPages(
    doc,
    1,
    Array.from({ length: PAGES }, () => words(WORDS_A_PAGE))
  )
}
const perPaper = (performance.now() - began) / PAPERS
const megabytes = index.bytes().length / 1_000_000
console.log(
  `${String(PAPERS)} papers of ${String(PAGES)} pages: ${perPaper.toFixed(1)} ms a paper, ${megabytes.toFixed(0)} MB`
)
const rare = (): string => vocabulary[2_000 + Math.floor(uniform() * 20_000)] ?? ''
const common = (): string => vocabulary[Math.floor(uniform() * 5)] ?? ''
timed('one rare word', 100, () => index.find(`${rare()} `))
timed('one beginning of three letters', 100, () => index.find(rare().slice(0, 3)))
timed('one word that is everywhere', 20, () => index.find(`${common()} `))
timed('three words, one of them everywhere', 50, () => index.find(`${rare()} ${common()} ${rare()}`))
timed('a phrase', 50, () => index.find(`"${rare()} ${common()}"`))
const found = index.find(common()).slice(0, 50)
timed('50 snippets', 20, () => found.map((one) => index.snippet(common(), one.artifactId, one.page ?? 1)))

const papers = Array.from({ length: LISTED }, (_, n): CatalogPaper => ({
  artifactId: `paper-${String(n)}`,
  workId: `doi:10.5555/${String(n)}`,
  jobId: String(n),
  title: words(9),
  authors: [`${word()}, ${word()}`],
  year: n % 50 === 0 ? null : 1990 + (n % 35),
  venue: words(3),
  type: 'article',
  ids: { doi: `10.5555/${String(n)}` },
  source: ['unpaywall', 'arxiv', 'pmc', 'openalex'][n % 4] ?? 'arxiv',
  license: n % 3 === 0 ? null : 'cc-by',
  version: null,
  url: null,
  verdict: 'match',
  format: 'pdf',
  sha256: String(n),
  bytes: 1_000_000,
  pages: 12,
  addedAt: 1.7e9 + n,
  path: `objects/${String(n)}.pdf`,
  paperPath: null,
  runId: `run-${String(n % 40)}`,
  recorded: true
}))
const runs = new Map(Array.from({ length: 40 }, (_, n) => [`run-${String(n)}`, 1.7e9 + n]))
const page = (query: Parameters<typeof choosePapers>[1], text: string | null): unknown => {
  const hits = text === null ? null : matchFacts(papers, text)
  const chosen = choosePapers(papers, query, hits, runs)
  return sortPapers(papers, chosen.papers, { sort: 'title', direction: 'up' }, hits).slice(0, 50)
}
timed(`${String(LISTED)} papers: the first page`, 1, () => page({}, null))
timed('a page with its facets', 30, () => page({}, null))
timed('a page under two facets', 30, () => page({ source: ['arxiv'], year: ['2001', '2002'] }, null))
timed('facts that begin with three letters', 30, () => page({}, rare().slice(0, 3)))
