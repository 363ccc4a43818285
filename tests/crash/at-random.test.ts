/**
 * Kills the command line at instants nobody chose, again and again, until each library is complete;
 * at least a hundred deaths altogether (16 in `.ci/run`). Then every promise is checked, and what the web sent is
 * compared with what the papers weigh: at most 5 % may have gone over the wire twice.
 *
 * The instants come from a seed, which is printed; `CRASH_SEED` and `CRASH_DEATHS` change them.
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
const DEATHS = Number(process.env['CRASH_DEATHS'] ?? 100)
/** Two cores: two libraries at a time. */
const SIDE_BY_SIDE = 2
/** Each library dies so often while it works, and once more while it closes. */
const DEATHS_EACH = 7
const TWICE_AT_MOST = 0.05
/**
 * A death costs what was on its way: 20 to 50 ms of every stream, 100 to 150 ms on a machine where six others
 * want each core. At this pace a library streams for 28 s, so each of its deaths may cost 200 ms.
 */
const BYTES_PER_SECOND = 60_000

interface Story {
  readonly deaths: number
  readonly sizes: number
  readonly sent: number
}

test(`dies at random, ${DEATHS} times and more (seed ${SEED})`, async () => {
  const stories: Story[] = []
  let next = 0
  const began = performance.now()
  const deaths = (): number => stories.reduce((sum, story) => sum + story.deaths, 0)
  async function oneAfterAnother(): Promise<void> {
    while (deaths() < DEATHS) {
      next += 1
      stories.push(await dieOften(next))
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, oneAfterAnother))
  const sum = (of: (story: Story) => number): number => stories.reduce((all, story) => all + of(story), 0)
  const twice = sum((story) => story.sent) / sum((story) => story.sizes) - 1
  console.log(
    `${deaths()} deaths over ${stories.length} libraries in ${Math.round((performance.now() - began) / 1000)} s (seed ${SEED}): ` +
      `${(100 * twice).toFixed(2)} % of the bytes were sent twice.`
  )
  expect(deaths()).toBeGreaterThanOrEqual(DEATHS)
  expect(twice).toBeLessThanOrEqual(TWICE_AT_MOST)
})

/** One library from nothing to its end, through many deaths. */
async function dieOften(nth: number): Promise<Story> {
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
    const { deaths, end } = await untilDone(folder, random)
    expectAllDone(end, wanted)
    const sent = files.reduce((all, url) => all + web.bytesSent(url), 0)
    const kept = await expectPromisesKept(folder, wanted)
    await expectNothingToDo(folder, wanted, kept)
    expect(
      files.reduce((all, url) => all + web.bytesSent(url), 0),
      'the last run fetched nothing'
    ).toBe(sent)
    expect(web.faults).toEqual([])
    for (const url of files) sayWhatCameTwice(web, url, world)
    console.log(
      `library ${nth}: ${deaths} deaths, ${sizes} bytes, ${(100 * (sent / sizes - 1)).toFixed(2)} % sent twice`
    )
    return { deaths, sizes, sent }
  } finally {
    await folder.remove()
    await web.close()
  }
}

/** Lives and deaths, until a life came to its end by itself; the last death is one while closing. */
async function untilDone(
  folder: CrashFolder,
  random: () => number
): Promise<{ readonly deaths: number; readonly end: CliEnd }> {
  for (let deaths = 0; ; deaths += 1) {
    const end = await (deaths < DEATHS_EACH
      ? liveAndDie(folder, random)
      : deaths === DEATHS_EACH
        ? dieAfter(folder, 'summary', random() * 30)
        : folder.run())
    if (end.signal === null) return { deaths, end }
    expect(end.signal).toBe('SIGKILL')
  }
}

/**
 * One in five dies while it starts (lock, recovery, reconcile), one in five soon after a paper is
 * done (ledger and library busy, or the closing and its snapshot), the others while bytes flow.
 */
function liveAndDie(folder: CrashFolder, random: () => number): Promise<CliEnd> {
  const kind = random()
  const ms = random()
  if (kind < 0.2) return dieAfter(folder, 'start', ms * 500)
  if (kind < 0.4) return dieAfter(folder, 'done', ms * 60)
  return dieAfter(folder, 'reconcile', ms * 2_500)
}

function dieAfter(
  folder: CrashFolder,
  what: 'start' | 'reconcile' | 'done' | 'summary',
  ms: number
): Promise<CliEnd> {
  let kill = (): void => undefined
  let isTime = what === 'start'
  const killSoon = (): void => {
    void wait(ms).then(() => {
      kill()
    })
  }
  return folder.run({
    onStart: (child) => {
      kill = () => child.kill('SIGKILL')
      if (isTime) killSoon()
    },
    killWhen: (line) => {
      if (isTime || line.type !== what) return false
      isTime = true
      killSoon()
      return false
    }
  })
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A file of which much came twice is worth a look: its questions, one a line. */
function sayWhatCameTwice(web: Web, url: string, world: World): void {
  const size =
    world.works.flatMap((work) => work.copies).find((copy) => copy.url === url)?.file.bytes.length ?? 0
  if (web.bytesSent(url) < 1.15 * size) return
  const asked = web
    .requestsFor(url, 'GET')
    .map((one) => `${one.range ?? 'from the start'}: ${one.bodyBytes} bytes`)
  console.log([`${url} (${size} bytes) was sent ${web.bytesSent(url)} bytes:`, ...asked].join('\n  '))
}
