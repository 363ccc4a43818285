/**
 * What the app costs a person who has 100,000 papers: how soon the queue is there, whether scrolling
 * and typing ever hold the screen up, and whether live updates cost memory. Each figure
 * stands beside its target, and beside the same figure of a small queue on the same machine.
 *
 *   npm run bench -- app [--jobs 100000] [--minutes 10]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ElectronApplication, Page } from 'playwright'
import { hostName, makeFolder, startElectron } from '../kit/electron-host'
import { residentBytes } from '../kit/processes'
import { repositoryRoot } from '../kit/shared'
import { startWorld } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { seedLedger } from './seed-ledger'
import { seedSearch } from './seed-search'

const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const JOBS = argument('jobs', 100_000)
const MINUTES = argument('minutes', 10)
const SMALL = 1_000
const OPS_A_JOB = 6
const STARTS = 3
const TO_ROWS_MS = 2_000
const LONG_MS = 100
const WORDS = ['protein', 'coral', 'medieval trade']

const APP = process.env['SHEAF_APP'] ?? repositoryRoot
const STREAMS: readonly WorldWork[] = ['one', 'two', 'three', 'four'].map((key) => ({
  key,
  title: `A slow stream, number ${key}`,
  // Slow enough to last for the whole soak, whatever it is.
  bytes: 60_000 * Math.max(120, MINUTES * 90),
  copies: [{ via: 'unpaywall' }]
}))

interface Seeded {
  readonly dataDir: string
  readonly libraryDir: string
  remove(): Promise<void>
}
interface Shown {
  readonly app: ElectronApplication
  readonly page: Page
  /** from the start of the process to rows with titles on screen */
  readonly toRowsMs: number
}
interface Held {
  readonly longest: number
  readonly over: number
}

async function seed(jobs: number, web: Web): Promise<Seeded> {
  const folder = makeFolder('bench')
  const dataDir = join(folder.path, 'data')
  const libraryDir = join(folder.path, 'library')
  mkdirSync(dataDir)
  if (jobs > 0) await seedLedger(dataDir, jobs, OPS_A_JOB, { libraryDir })
  const settings = {
    'general.mailto': 'reader@example.org',
    'general.checkUpdates': false,
    'safety.switch': 'on',
    'files.library': libraryDir,
    'network.rates': { '*': 500 },
    'network.connectTo': web.connectTo
  }
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(settings))
  // Paused: what is measured is the screen, not the downloads behind it.
  writeFileSync(join(dataDir, 'ui.json'), JSON.stringify({ v: 1, welcomed: true, paused: true }))
  return { dataDir, libraryDir, remove: () => folder.remove() }
}

async function show(dataDir: string): Promise<Shown> {
  const began = performance.now()
  const app = await startElectron({ appPath: APP, userData: dataDir })
  const page = await app.firstWindow()
  await page.locator('[role=grid] [data-index] .title').first().waitFor({ timeout: 120_000 })
  return { app, page, toRowsMs: performance.now() - began }
}

/** The same host with a page of one sentence: what no app can be quicker than here. */
async function bareOnce(): Promise<number> {
  const folder = makeFolder('bench-bare')
  const began = performance.now()
  const app = await startElectron({
    appPath: join(repositoryRoot, 'tests/e2e/host-app'),
    userData: folder.path
  })
  await (await app.firstWindow()).locator('#script').waitFor()
  const elapsed = performance.now() - began
  await app.close()
  await folder.remove()
  return elapsed
}

async function startOnce(dataDir: string): Promise<number> {
  const { app, toRowsMs } = await show(dataDir)
  // As long as a person would at least: what it keeps for the next start is on disk.
  await wait(1_000)
  await app.close()
  return toRowsMs
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

interface Starts {
  readonly bare: number
  /** of the large one, with nothing seen before */
  readonly first: number
  readonly large: number
  readonly small: number
}

/** In turns, so that a busy moment of the machine meets all of them alike. */
async function starts(large: string, small: string): Promise<Starts> {
  const times = { bare: [] as number[], first: [] as number[], large: [] as number[], small: [] as number[] }
  for (let nth = 0; nth < STARTS; nth += 1) {
    times.bare.push(await bareOnce())
    rmSync(join(large, 'queue-seen.json'), { force: true })
    times.first.push(await startOnce(large))
    times.large.push(await startOnce(large))
    times.small.push(await startOnce(small))
  }
  return {
    bare: median(times.bare),
    first: median(times.first),
    large: median(times.large),
    small: median(times.small)
  }
}

function sayStarts({ bare, first, large, small }: Starts): void {
  const jobs = SMALL.toLocaleString('en')
  const own = (total: number): string => `${ms(total)}, ${ms(total - bare)} of it the app’s own`
  console.log(`Start of the process to rows on screen; a bare window on the same host takes ${ms(bare)}:`)
  console.log(
    `  ${own(large)} (target 2,000 ms: ${said(large <= TO_ROWS_MS)}, beyond the host ${said(large - bare <= TO_ROWS_MS)})`
  )
  console.log(`  with ${jobs} jobs ${own(small)} (${(large / small).toFixed(2)} ×)`)
  console.log(
    `  a first start, with nothing seen before: ${own(first)} (target 2,000 ms: ${said(first <= TO_ROWS_MS)})`
  )
}

const IN_PAGE = readFileSync(join(import.meta.dirname, 'app-in-page.js'), 'utf8')

/** The long tasks since the last question. */
async function tasksOf(page: Page): Promise<Held> {
  const tasks = await page.evaluate<number[]>('bench.tasks.splice(0)')
  return { longest: Math.max(0, ...tasks), over: tasks.filter((ms) => ms > LONG_MS).length }
}

async function typeWords(page: Page): Promise<void> {
  const field = page.getByRole('searchbox', { name: 'Search the queue' })
  for (const word of WORDS) {
    await field.click()
    await field.pressSequentially(word, { delay: 60 })
    await wait(700)
    await field.press('Escape')
    await wait(400)
  }
}

async function screenOf(dataDir: string): Promise<{ scrolling: Held; typing: Held }> {
  const { app, page } = await show(dataDir)
  await page.evaluate(IN_PAGE)
  await page.evaluate('bench.watch()')
  await page.evaluate('bench.scroll()')
  const scrolling = await tasksOf(page)
  await typeWords(page)
  const typing = await tasksOf(page)
  await app.close()
  return { scrolling, typing }
}

interface Sample {
  readonly heap: number
  readonly rss: number | null
}

/** Four streams tell their bytes ten times a second; the queue with all its jobs shows them. */
async function soak(dataDir: string, web: Web): Promise<readonly Sample[]> {
  web.throttle(60_000)
  const { app, page } = await show(dataDir)
  await page.evaluate(IN_PAGE)
  await page.evaluate(`bench.stream('${STREAMS.map(({ key }) => `10.5555/${key}`).join(' ')}')`)
  await page.getByRole('button', { name: /^Active 4/ }).waitFor({ timeout: 60_000 })
  await wait(20_000)
  const tools = await page.context().newCDPSession(page)
  const samples: Sample[] = []
  for (let minute = 0; minute <= MINUTES; minute += 1) {
    await tools.send('HeapProfiler.collectGarbage')
    const { usedSize: heap } = await tools.send('Runtime.getHeapUsage')
    const pid = app.process().pid
    samples.push({ heap, rss: pid === undefined ? null : residentBytes(pid) })
    console.log(`  after ${minute} min: page ${megabytes(heap)}, main ${megabytes(samples.at(-1)?.rss ?? 0)}`)
    if (minute < MINUTES) await wait(60_000)
  }
  await app.close()
  return samples
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const ms = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`
const said = (met: boolean): string => (met ? 'met' : 'MISSED')

function sayHeld(what: string, large: Held, small: Held): void {
  console.log(
    `${what}: ${large.over} tasks over ${LONG_MS} ms, the longest ${ms(large.longest)} (target 0: ${said(large.over === 0)}); ` +
      `with ${SMALL.toLocaleString('en')} jobs ${small.over}, the longest ${ms(small.longest)}`
  )
}

const { web } = await startWorld(STREAMS)
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}, on ${hostName}`)
console.log(`Seeding ${JOBS.toLocaleString('en')} jobs and ${(JOBS * OPS_A_JOB).toLocaleString('en')} ops …`)
const large = await seed(JOBS, web)
const small = await seed(SMALL, web)
try {
  await bareOnce()
  sayStarts(await starts(large.dataDir, small.dataDir))
  const [much, little] = [await screenOf(large.dataDir), await screenOf(small.dataDir)]
  sayHeld('Scrolling top to bottom and back', much.scrolling, little.scrolling)
  sayHeld('Typing in the filter', much.typing, little.typing)
  if (MINUTES > 0) {
    // Reading a whole library for the search fills its index, which says nothing about live updates.
    const papers = await seedSearch(large.dataDir, large.libraryDir)
    console.log(
      `Live updates for ${MINUTES} min, with ${papers.toLocaleString('en')} papers read for the search:`
    )
    const samples = await soak(large.dataDir, web)
    const [first, last] = [samples[0], samples.at(-1)]
    if (first !== undefined && last !== undefined) {
      const grown = (from: number | null, to: number | null): string =>
        from === null || to === null ? 'not known here' : `${(to / from).toFixed(3)} ×`
      console.log(
        `Memory, last against first: page ${grown(first.heap, last.heap)} (target at most 1.05: ${said(last.heap <= first.heap * 1.05)}), ` +
          `main ${grown(first.rss, last.rss)} (target at most 1.10: ${said((last.rss ?? 0) <= (first.rss ?? 0) * 1.1)})`
      )
    }
  }
} finally {
  await web.close()
  await large.remove()
  await small.remove()
}
process.exit(0)
