/**
 * Kills the command line with SIGKILL at random instants, repeatedly, until each library is complete: at
 * least a hundred kills in total (16 in `.ci/run`). Then checks every promise. At most 5 % of the bytes may
 * have been sent twice.
 *
 * The instants come from a seed, which is printed. `CRASH_SEED` and `CRASH_DEATHS` change seed and count.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CliEnd } from '../kit/run-cli'
import { startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import { plainWorks } from '../web/works'
import { makeCrashFolder, type CrashFolder } from './crash-folder'
import { expectAllDone, expectNothingToDo, expectPromisesKept, type Wanted } from './promises-kept'

const SEED = Number(process.env['CRASH_SEED'] ?? 20251123)
const MIN_KILLS = Number(process.env['CRASH_DEATHS'] ?? 100)
/** Two libraries at a time: the reference machine has two cores. */
const PARALLEL_LIBRARIES = 2
/** Each library is killed this often while it works, and once more while it closes. */
const KILLS_PER_LIBRARY = 7
const MAX_REFETCHED = 0.05
/**
 * A kill loses the bytes in flight: 20 to 50 ms of every stream, 100 to 150 ms on a machine where six other
 * processes compete for each core. At this rate a library streams for 28 s, so each kill may cost 200 ms.
 */
const BYTES_PER_SECOND = 60_000

interface LibraryResult {
  readonly kills: number
  readonly sizes: number
  readonly sent: number
}

test(`killed at random instants ${MIN_KILLS} times or more, every library completes and at most 5 % of the bytes are sent twice (seed ${SEED})`, async () => {
  const results: LibraryResult[] = []
  let next = 0
  const began = performance.now()
  const kills = (): number => results.reduce((sum, result) => sum + result.kills, 0)
  async function completeInSequence(): Promise<void> {
    while (kills() < MIN_KILLS) {
      next += 1
      results.push(await completeThroughKills(next))
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_LIBRARIES }, completeInSequence))
  const sum = (of: (result: LibraryResult) => number): number =>
    results.reduce((all, result) => all + of(result), 0)
  const refetched = sum((result) => result.sent) / sum((result) => result.sizes) - 1
  console.log(
    `${kills()} kills over ${results.length} libraries in ${Math.round((performance.now() - began) / 1000)} s (seed ${SEED}): ` +
      `${(100 * refetched).toFixed(2)} % of the bytes were sent twice.`
  )
  expect(kills()).toBeGreaterThanOrEqual(MIN_KILLS)
  expect(refetched).toBeLessThanOrEqual(MAX_REFETCHED)
})

/** Completes one library through many kills. */
async function completeThroughKills(nth: number): Promise<LibraryResult> {
  const random = randomFrom(SEED + nth * 7_919)
  const works = plainWorks(12, { via: ['unpaywall', 'landing_scrape', 'openalex'] }).map((work) => ({
    ...work,
    bytes: 200_000 + Math.round(random() * 700_000)
  }))
  const { world, web } = await startWorld(works)
  web.throttle(BYTES_PER_SECOND)
  const files = world.works.map((work) => world.fileUrl(work.key))
  const sizes = world.works.reduce((all, work) => all + world.pdf(work.key).length, 0)
  const ends = Object.fromEntries(world.works.map((work) => [work.key, 'own' as const]))
  const wanted: Wanted = { world, ends, quarantined: 0 }
  const folder = await makeCrashFolder({ world, web }, ['--workers', '4'])
  try {
    const { kills, end } = await untilDone(folder, random)
    expectAllDone(end, wanted)
    const sent = files.reduce((all, url) => all + web.bytesSent(url), 0)
    const kept = await expectPromisesKept(folder, wanted)
    await expectNothingToDo(folder, wanted, kept)
    expect(
      files.reduce((all, url) => all + web.bytesSent(url), 0),
      'the last run fetches nothing'
    ).toBe(sent)
    expect(web.faults).toEqual([])
    for (const url of files) printRefetched(web, url, world)
    console.log(
      `library ${nth}: ${kills} kills, ${sizes} bytes, ${(100 * (sent / sizes - 1)).toFixed(2)} % sent twice`
    )
    return { kills, sizes, sent }
  } finally {
    await folder.remove()
    await web.close()
  }
}

/** Runs and kills until a run ends by itself. The last kill is one while closing. */
async function untilDone(
  folder: CrashFolder,
  random: () => number
): Promise<{ readonly kills: number; readonly end: CliEnd }> {
  for (let kills = 0; ; kills += 1) {
    const end = await (kills < KILLS_PER_LIBRARY
      ? runAndKill(folder, random)
      : kills === KILLS_PER_LIBRARY
        ? killAfter(folder, 'summary', random() * 30)
        : folder.run())
    if (end.signal === null) return { kills, end }
    expect(end.signal).toBe('SIGKILL')
  }
}

/**
 * One kill in five hits the start (lock, recovery, reconcile), one in five the moment after a paper is done
 * (ledger and library busy, or closing with its snapshot), the others the transfer of bytes.
 */
function runAndKill(folder: CrashFolder, random: () => number): Promise<CliEnd> {
  const kind = random()
  const ms = random()
  if (kind < 0.2) return killAfter(folder, 'start', ms * 500)
  if (kind < 0.4) return killAfter(folder, 'done', ms * 60)
  return killAfter(folder, 'reconcile', ms * 2_500)
}

function killAfter(
  folder: CrashFolder,
  what: 'start' | 'reconcile' | 'done' | 'summary',
  ms: number
): Promise<CliEnd> {
  let kill = (): void => undefined
  let isArmed = what === 'start'
  const killAfterDelay = (): void => {
    void wait(ms).then(() => {
      kill()
    })
  }
  return folder.run({
    onStart: (child) => {
      kill = () => child.kill('SIGKILL')
      if (isArmed) killAfterDelay()
    },
    killWhen: (line) => {
      if (isArmed || line.type !== what) return false
      isArmed = true
      killAfterDelay()
      return false
    }
  })
}

/** mulberry32: short, and deterministic on every platform. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Prints the requests for a file of which many bytes were sent twice. */
function printRefetched(web: Web, url: string, world: World): void {
  const size =
    world.works.flatMap((work) => work.copies).find((copy) => copy.url === url)?.file.bytes.length ?? 0
  if (web.bytesSent(url) < 1.15 * size) return
  const asked = web
    .requestsFor(url, 'GET')
    .map((one) => `${one.range ?? 'from the start'}: ${one.bodyBytes} bytes`)
  console.log([`${url} (${size} bytes) was sent ${web.bytesSent(url)} bytes:`, ...asked].join('\n  '))
}
