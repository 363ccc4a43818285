/**
 * A reading list of 400 references over some 80 hosts, on a loopback web that answers as slowly as the
 * real one and holds every request against each service's rules. The built command line runs it in its
 * default settings. Prints what came, what it cost, and the wall time beside the time that the services'
 * own limits cost at the least. Nothing is asserted.
 *
 *   npm run bench -- reading-list [references] [mixed|dois]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { defaultRates, serviceOf } from '../../src/contract/service-limits'
import { readingList } from '../web/reading-list'
import { RuleBook } from '../web/rules'
import { makeWorld } from '../web/scholarly'
import { startWeb } from '../web/web'

const COUNT = Number(process.argv[2] ?? 400)
const KIND = process.argv[3] === 'dois' ? 'dois' : 'mixed'
const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'sheaf-reading-list-'))

/** Milliseconds to an answer: services are quick, repositories and publishers are not. */
const LATENCIES: Readonly<Record<string, number>> = {
  'api.openalex.org': 250,
  'api.unpaywall.org': 200,
  'api.crossref.org': 300,
  'export.arxiv.org': 400,
  'arxiv.org': 300,
  'www.ebi.ac.uk': 350,
  'pmc.ncbi.nlm.nih.gov': 300,
  'pmc-oa-opendata.s3.amazonaws.com': 120,
  'doi.org': 150,
  'web.archive.org': 900
}
const latencyMs = (host: string): number => LATENCIES[host] ?? 300 + (host.length % 5) * 100

await main()

async function main(): Promise<void> {
  const list = readingList(COUNT, KIND)
  const world = makeWorld(list.works)
  const book = new RuleBook()
  const web = await startWeb({ sites: [book.watching(world.site, latencyMs)] })
  const webBegan = performance.now()
  const file = join(folder, 'list.txt')
  writeFileSync(file, list.lines.join('\n'))
  const began = performance.now()
  let firstFileMs: number | null = null
  let plannedMs: number | null = null
  const arrived: string[] = []
  const child = spawn(
    process.execPath,
    [
      join(root, 'out/main/cli.js'),
      ...['run', '--from', file, '--enable-idempotency', '--json', '--mailto', 'reader@university.example'],
      ...['--out', join(folder, 'library'), '--data-dir', join(folder, 'data'), ...web.connectToArguments]
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] }
  )
  let summary: unknown = null
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as { type: string; path?: string; work_id?: string }
    if (line.type === 'summary') summary = line
    if (line.type === 'planned') plannedMs = performance.now() - began
    if (line.type !== 'done' || line.path === undefined) return
    firstFileMs ??= performance.now() - began
    arrived.push(line.work_id ?? '')
  })
  await new Promise((ended) => child.on('close', ended))
  const wallMs = performance.now() - began
  report({ list, book, web, wallMs, firstFileMs, arrived: arrived.length, summary })
  reportTimes(web, { began: began - webBegan, plannedMs })
  await web.close()
  rmSync(folder, { recursive: true, force: true })
}

interface Outcome {
  readonly list: ReturnType<typeof readingList>
  readonly book: RuleBook
  readonly web: Awaited<ReturnType<typeof startWeb>>
  readonly wallMs: number
  readonly firstFileMs: number | null
  readonly arrived: number
  readonly summary: unknown
}

function report({ list, book, web, wallMs, firstFileMs, arrived, summary }: Outcome): void {
  const bound = boundSeconds(web.requests.filter(({ status, url }) => isFile(url) && status === 200))
  const wall = wallMs / 1000
  const rows: [string, string, string][] = [
    ['papers that arrived', `${String(arrived)} of ${String(list.open.length)} open`, 'all'],
    ['rules broken', String(book.violations.length), '0'],
    ['requests a paper', (web.requests.length / list.lines.length).toFixed(2), '≤ 3.2'],
    ['OpenAlex bill', `$${book.openAlexBill.toFixed(4)}`, '≤ $0.002'],
    ['wall', `${wall.toFixed(1)} s`, ''],
    ['bound of the limits', `${bound.seconds.toFixed(1)} s (${bound.host})`, ''],
    ['wall / bound', (wall / bound.seconds).toFixed(2), '≤ 1.35'],
    ['first file after', firstFileMs === null ? 'never' : `${(firstFileMs / 1000).toFixed(1)} s`, '≤ 3 s']
  ]
  for (const [name, value, aim] of rows) console.log(`${name.padEnd(22)}${value.padEnd(34)}${aim}`)
  const busiest = [...book.requests].sort((a, b) => b[1] - a[1]).slice(0, 12)
  console.log(`\nrequests: ${busiest.map(([name, count]) => `${name} ${String(count)}`).join(', ')}`)
  for (const one of book.violations.slice(0, 20)) console.log(`broken: ${one.rule}, ${one.what}: ${one.url}`)
  console.log(JSON.stringify(summary))
}

/** When each service and the busiest hosts had their first and their last request: who is late, and who holds up the end. */
function reportTimes(
  web: Outcome['web'],
  { began, plannedMs }: { readonly began: number; readonly plannedMs: number | null }
): void {
  const spans = new Map<string, { first: number; last: number; count: number }>()
  for (const { url, atMs } of web.requests) {
    const { hostname } = new URL(url)
    const name =
      isFile(url) && serviceOf(hostname) === null ? 'files elsewhere' : (serviceOf(hostname)?.name ?? 'pages')
    const at = (atMs - began) / 1000
    const { first = at, count = 0 } = spans.get(name) ?? {}
    spans.set(name, { first, last: at, count: count + 1 })
  }
  console.log(
    `\nplanned after ${((plannedMs ?? 0) / 1000).toFixed(1)} s; load ${(loadavg()[0] ?? 0).toFixed(1)}`
  )
  for (const [name, { first, last, count }] of spans)
    console.log(
      `${name.padEnd(22)}${String(count).padStart(5)}   ${first.toFixed(1)} s to ${last.toFixed(1)} s`
    )
}

function isFile(url: string): boolean {
  return /\.pdf(\?|$)|\/pdf\//.test(url)
}

/** The files alone, each host at its rate and all hosts side by side: no client can be sooner. */
function boundSeconds(files: readonly { readonly url: string }[]): { seconds: number; host: string } {
  const rates = defaultRates()
  const count = new Map<string, number>()
  for (const { url } of files) {
    const { hostname } = new URL(url)
    const key = serviceOf(hostname)?.hosts[0] ?? hostname
    count.set(key, (count.get(key) ?? 0) + 1)
  }
  let slowest = { seconds: 1, host: 'none' }
  for (const [host, files] of count) {
    const seconds = (files - 1) / (rates[host] ?? rates['*'] ?? 2)
    if (seconds > slowest.seconds) slowest = { seconds, host }
  }
  return slowest
}
