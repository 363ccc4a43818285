/**
 * The app's main process with a large library of finished papers: first rows, the next start, memory, event
 * loop and processor time of the first minute, of an idle one, of the next paper, of Insights over a year,
 * of Recover's check and of typing into the library's search, each with its target at 100,000 papers.
 *
 *   npm run bench -- app-main [folder of seed-finished.ts, or papers to seed: 10000] [seconds, 60] [other seeds …]
 *
 * A seed that `seed-search.ts` has indexed is measured with its index; otherwise its papers are read meanwhile.
 * Further seeds, such as 100, are measured after it in the same run, to compare with. A minute is as many seconds
 * as given.
 *
 * The data folder is copied; the library is used where it is, since the ledger names its path. Processor time is
 * that of the main process alone: the stand-in for Electron draws with a browser of its own.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ElectronApplication, Page } from 'playwright'
import { hasRealElectron, hostName, startElectron } from '../kit/electron-host'
import { repositoryRoot } from '../kit/shared'
import { startWorld } from '../web/scholarly'
import type { Web } from '../web/web'
import { WATCH_LOOP, type LoopDelay } from './kit/loop-delay'
import { machineLine } from './kit/machine'
import { seedFinished } from './seed-finished'

const from = process.argv[2] ?? '10000'
const SECONDS = Number(process.argv[3] ?? 60)
const TIMEOUT_MS = 60_000
const SETTLE_MS = 20_000
/** more arguments of Node for main, such as `--cpu-prof --cpu-prof-dir=/tmp/profiles` */
const NODE_ARGS = (process.env['BENCH_NODE_ARGS'] ?? '').split(' ').filter((arg) => arg !== '')
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10
const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'sheaf-bench-'))

interface Seeded {
  readonly data: string
  readonly library: string
}
interface Shown {
  readonly app: ElectronApplication
  readonly page: Page
  readonly pid: number
  readonly toRowsMs: number
}

const TARGETS: Readonly<Record<string, string | undefined>> = {
  'first rows, first start': '≤ 2 s',
  'first rows, next start': '≤ 2 s',
  'first minute: CPU of main': '≤ 8 s',
  'first minute: loop held': '≤ 50 ms',
  'first minute: memory peak': '≤ 900 MB',
  'idle for a minute': '≤ 0.5 %, ≤ 1 a second',
  'paper 2 more': 'CPU: ≤ 10 ms above that of a small library',
  'Insights of a year': '≤ 1 s',
  'typing in the search': 'loop ≤ 50 ms',
  "Recover's check": '≤ 5 s'
}

async function seed(name: string, given: string): Promise<Seeded> {
  const data = join(folder, name, 'data')
  const isFolder = existsSync(join(given, 'data'))
  if (isFolder) cpSync(join(given, 'data'), data, { recursive: true, preserveTimestamps: true })
  else await seedFinished(join(folder, name), Number(given))
  return { data, library: isFolder ? join(given, 'library') : join(folder, name, 'library') }
}

function settle({ data, library }: Seeded, web: Web): void {
  const settings = {
    'general.mailto': 'reader@example.org',
    'general.checkUpdates': false,
    'safety.switch': 'on',
    'files.library': library,
    'network.rates': { '*': 500 },
    'network.connectTo': web.connectTo
  }
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings))
  writeFileSync(join(data, 'ui.json'), JSON.stringify({ v: 1, welcomed: true, paused: true }))
}

async function start(data: string): Promise<Shown> {
  const began = performance.now()
  const app = await startElectron({
    appPath: process.env['SHEAF_APP'] ?? repositoryRoot,
    userData: data,
    // Playwright drops NODE_OPTIONS and changes the arguments before the watch sees them; real Electron takes no preload, so its loop is not watched.
    args: hasRealElectron ? [] : [...WATCH_LOOP, ...NODE_ARGS],
    env: { BENCH_LOOP_SCRIPT: '' }
  })
  const page = await app.firstWindow()
  page.setDefaultTimeout(TIMEOUT_MS)
  // All papers are finished, so their rows are those of the library.
  await goTo(page, 'Library')
  await page.getByRole('grid', { name: 'Papers' }).getByRole('row').nth(1).waitFor()
  const toRowsMs = performance.now() - began
  const pid = app.process().pid
  if (pid === undefined) throw new Error('The app has no process.')
  return { app, page, pid, toRowsMs }
}

/** User and system time of a process and its threads, without its children. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  const [, ...fields] = stat.slice(stat.lastIndexOf(')')).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

function statusOf(pid: number, field: string): number {
  const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN)
}

/** What the loop's watch in main saw since the last question; real Electron takes no preload, so nothing there. */
async function loopSince(app: ElectronApplication, isWatched: boolean): Promise<LoopDelay | null> {
  return app.evaluate((_, isOn) => {
    const watch = (globalThis as { benchLoopDelay?: BenchLoopDelay }).benchLoopDelay
    if (watch === undefined) return null
    const seen = watch.read()
    watch.histogram.reset()
    if (isOn) watch.histogram.enable()
    else watch.histogram.disable()
    return seen
  }, isWatched)
}
interface BenchLoopDelay {
  readonly histogram: { reset(): void; enable(): void; disable(): void }
  read(): LoopDelay
}

interface Cost {
  readonly wallMs: number
  readonly cpu: number
  readonly loop: LoopDelay | null
}
async function costOf({ app, pid }: Shown, work: () => Promise<unknown>): Promise<Cost> {
  await loopSince(app, true)
  const [began, used] = [performance.now(), cpuMs(pid)]
  await work()
  return { wallMs: performance.now() - began, cpu: cpuMs(pid) - used, loop: await loopSince(app, true) }
}

const ms = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`
const block = (loop: LoopDelay | null): string => (loop === null ? 'not known' : ms(loop.max))
function say({ wallMs, cpu, loop }: Cost): string {
  return `${ms(wallMs)}, ${ms(cpu)} of CPU, loop held ${block(loop)}`
}

/** No timer of ours in main while this is counted. */
async function idle({ app, pid }: Shown): Promise<string> {
  await loopSince(app, false)
  const [used, woken] = [cpuMs(pid), statusOf(pid, 'voluntary_ctxt_switches')]
  await wait(SECONDS * 1_000)
  const share = (cpuMs(pid) - used) / (SECONDS * 10)
  const wakes = (statusOf(pid, 'voluntary_ctxt_switches') - woken) / SECONDS
  await loopSince(app, true)
  return `${share.toFixed(2)} % of a core, ${wakes.toFixed(1)} wake-ups a second`
}

/** One more paper, from planning to its file. */
async function nextPaper({ page }: Shown, key: string): Promise<void> {
  await page.evaluate(`(async () => {
    const { value } = await sheaf.plan.read({ text: '10.5555/${key}' })
    await sheaf.plan.commit({ previewId: value.previewId })
    const before = (await sheaf.library.count({})).value.papers
    await sheaf.run.start({})
    while ((await sheaf.library.count({})).value.papers === before) await new Promise((go) => setTimeout(go, 100))
  })()`)
}

async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Sheaf' }).getByRole('link', { name: screen }).click()
}

async function typeInSearch({ page }: Shown): Promise<void> {
  const field = page.getByRole('searchbox', { name: 'Search the library' })
  await field.click()
  await field.pressSequentially('medieval trade', { delay: 60 })
  await wait(1_500)
}

/** Begins at the screen of Recover; ends when no check runs any more. */
async function check({ page }: Shown): Promise<void> {
  await page.evaluate(`(async () => {
    const pause = () => new Promise((go) => setTimeout(go, 50))
    const state = async () => (await sheaf.reconcile.state({})).value
    while ((await state()).checking !== null) await pause()
    await sheaf.reconcile.start({ verifyHashes: false })
    await pause()
    while ((await state()).checking !== null) await pause()
  })()`)
}

function tell(name: string, value: string): void {
  const target = TARGETS[name]
  console.log(`  ${name.padEnd(28)} ${value}${target === undefined ? '' : `   (target ${target})`}`)
}

async function measure(seeded: Seeded, keys: readonly string[]): Promise<void> {
  const first = await start(seeded.data)
  tell('first rows, first start', ms(first.toRowsMs))
  // Until what a first start does once (it reads the library file) is done.
  await wait(SETTLE_MS)
  tell('first start: CPU of main', `${(cpuMs(first.pid) / 1_000).toFixed(1)} s`)
  tell('first start: loop held', block(await loopSince(first.app, true)))
  await first.app.close()
  const shown = await start(seeded.data)
  const { app, page, pid } = shown
  tell('first rows, next start', ms(shown.toRowsMs))
  await wait(Math.max(0, SECONDS * 1_000 - shown.toRowsMs))
  tell('first minute: CPU of main', `${(cpuMs(pid) / 1_000).toFixed(1)} s`)
  tell('first minute: loop held', block(await loopSince(app, true)))
  tell('first minute: memory peak', `${(statusOf(pid, 'VmHWM') / 1e3).toFixed(0)} MB`)
  tell('idle for a minute', await idle(shown))
  for (const [nth, key] of keys.entries())
    tell(`paper ${String(nth + 1)} more`, say(await costOf(shown, () => nextPaper(shown, key))))
  const year = await costOf(shown, () => page.evaluate('sheaf.insights.get({ days: 365 })'))
  tell('Insights of a year', say(year))
  tell('typing in the search', say(await costOf(shown, () => typeInSearch(shown))))
  tell("Recover's check", say(await costOf(shown, () => check(shown))))
  tell('memory peak at the end', `${(statusOf(pid, 'VmHWM') / 1e3).toFixed(0)} MB`)
  await app.close()
}

const seeds = [from, ...process.argv.slice(4)]
// Of their own in each run: papers of an earlier run are in the seed's library already and would never arrive.
const keysOf = (nth: number): string[] =>
  ['one', 'two'].map((key) => `seed${String(nth)}${key}${String(process.pid)}`)
const { web } = await startWorld(
  seeds.flatMap((_, nth) => keysOf(nth)).map((key) => ({ key, copies: [{ via: 'unpaywall' as const }] }))
)
try {
  console.log(`${machineLine()}, on ${hostName}`)
  for (const [nth, given] of seeds.entries()) {
    const seeded = await seed(`seed-${String(nth)}`, given)
    settle(seeded, web)
    console.log(`${given}:`)
    await measure(seeded, keysOf(nth))
  }
} finally {
  await web.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
