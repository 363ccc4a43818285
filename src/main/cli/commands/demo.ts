/**
 * `sheaf demo`: the main job on a built-in sample library, without a network. It plans and runs as a
 * child process, kills that child for good in the middle of a download, starts it again, verifies
 * every file, runs once more, and says what came of it. It asks nothing and leaves the papers behind.
 */
import { join } from 'node:path'
import { counted } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import type { Line } from '../../../contract/lines'
import { startSampleWeb, type SampleWeb } from '../../demo/sample-web'
import { SAMPLE_WORKS, SLOW_BYTES, SLOW_WORK } from '../../demo/sample-works'
import { writeReferences } from '../../works/works'
import { checkStory, figuresOf, type DemoCheck, type Expected, type Story } from '../demo-checks'
import { linesOf, runSelf, summaryOf, type ChildRun } from '../demo-child'
import { lookAtLeftovers, type LeftBehind } from '../demo-look'
import { EXIT, type ExitStatus } from '../exit-status'
import { Progress } from '../progress'
import { print, type Stage } from '../stage'
import { bytesInWords, durationInWords } from '../wording'
import { reconcileInWords } from './status'

interface Place {
  readonly folder: string
  readonly dataDir: string
  readonly library: string
  readonly list: string
}

/** The share of the slow file that is on disk when the process is killed. */
const KILL_AT = 0.45
const EXPECTED: Expected = {
  works: SAMPLE_WORKS.length,
  papers: SAMPLE_WORKS.filter((work) => work.copies.length > 0 && work.sameBytesAs === undefined).length,
  duplicates: SAMPLE_WORKS.filter((work) => work.sameBytesAs !== undefined).length,
  withoutCopy: SAMPLE_WORKS.filter((work) => work.copies.length === 0).length
}

export async function demo(stage: Stage): Promise<ExitStatus> {
  const began = stage.host.clock.monotonicMs()
  const place = await preparePlace(stage)
  const web = await startSampleWeb()
  try {
    print(stage, 'Sheaf, shown on a made-up library of papers. No network is needed; everything stays in')
    print(stage, `   ${place.folder}\n\n`)
    const story = await tell(stage, place, web)
    const checks = checkStory(story)
    const elapsed = stage.host.clock.monotonicMs() - began
    sayResult(stage, story, checks, { place, elapsed })
    return checks.every((check) => check.held) ? EXIT.done : EXIT.unexpected
  } finally {
    await web.close()
  }
}

async function tell(stage: Stage, place: Place, web: SampleWeb): Promise<Story> {
  const call = (
    command: readonly string[],
    onLine?: (line: Line, kill: () => void) => void
  ): Promise<ChildRun> =>
    runSelf({
      self: stage.self,
      arguments: [...command, ...folders(place), '--json', '--connect-to', `*=${web.origin}`, ...SETTINGS],
      env: environment(stage),
      signal: stage.signal,
      ...(onLine === undefined ? {} : { onLine })
    })
  const run = ['run', '--from', place.list]

  heading(
    stage,
    1,
    'Plan and run',
    `${counted(EXPECTED.works, 'work')} of a reading list, then a real kill in the middle of a download`
  )
  const names = new Progress()
  const killed = await call(run, (line, kill) => {
    const sentence = names.take(line, 0)
    if (sentence !== null) print(stage, `   ${sentence}`)
    if (line.type === 'progress' && isHalfWay(line)) {
      print(
        stage,
        `   ■ killed for good (SIGKILL) at ${bytesInWords(line.bytes)} of ${bytesInWords(line.total ?? 0)} of “${SLOW_WORK.text.title}”`
      )
      kill()
    }
  })

  const left = await lookAtLeftovers(stage.host, place.dataDir, place.library)
  heading(stage, 2, 'What is on disk now', 'the ledger, read as the dead process left it')
  print(stage, `   ${leftInWords(left)}`)

  heading(stage, 3, 'The same command again', 'it goes on where it was')
  const more = new Progress()
  const resumed = await call(run, (line) => {
    const sentence = more.take(line, 0)
    if (line.type === 'reconcile') print(stage, `   ${reconcileInWords(line)}`)
    if (sentence !== null) print(stage, `   ${sentence}`)
  })
  print(
    stage,
    `   ${bytesInWords(summaryOf(resumed).bytes_resumed)} were on disk already and were not fetched again`
  )

  heading(stage, 4, 'Verify', 'every file is hashed again and compared with the ledger')
  const verified = await call(['reconcile', '--verify-hashes'])
  const proof = linesOf(verified, 'reconcile').at(-1)
  print(stage, `   ${proof === undefined ? 'no answer' : reconcileInWords(proof)}`)

  heading(stage, 5, 'Once more', 'nothing is left to do')
  const sentBytes = web.fileBytesSent()
  const again = await call(run)
  print(stage, `   ${bytesInWords(summaryOf(again).bytes_fetched)} fetched`)

  const status = await call(['status'])
  return {
    expected: EXPECTED,
    killed,
    left,
    resumed,
    verified,
    again,
    after: await lookAtLeftovers(stage.host, place.dataDir, place.library),
    papers: (await stage.host.files.list(join(place.library, 'papers'))).length,
    fetchedTwiceBytes: fetchedTwice(status),
    sentBytes,
    lostInFlightBytes: sentFor(web, SLOW_WORK.copies[0]?.url ?? '') - SLOW_BYTES,
    sentAgainBytes: web.fileBytesSent() - sentBytes
  }
}

/** The sample sources are on this computer: no turns to wait for, and no proxy on the way. */
const SETTINGS = [
  '--enable-idempotency',
  '--mailto',
  'demo@example.org',
  '--workers',
  '3',
  '--rate',
  '*=1000/s',
  '--set',
  'network.proxy=none',
  '--log-level',
  'info'
]

function folders(place: Place): string[] {
  return ['--data-dir', place.dataDir, '--out', place.library]
}

/** What is set for a person's own work must not change what the demo shows. */
function environment(stage: Stage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(stage.host.env).filter(([name]) => !/^(?:DOCSTOKG_|SHEAF_)/.test(name))
  )
}

async function preparePlace(stage: Stage): Promise<Place> {
  const { files, random } = stage.host
  const { out, dataDir } = stage.invocation
  const folder = out ?? dataDir ?? join(stage.tempDir, `sheaf-demo-${random.hex(3)}`)
  const place: Place = {
    folder,
    dataDir: dataDir ?? join(folder, '.ledger'),
    library: out ?? join(folder, 'library'),
    list: join(folder, 'reading-list.bib')
  }
  const isUsed = (await files.list(place.dataDir)).some(({ name }) => /^ledger\.sqlite$|^journal-/.test(name))
  if (isUsed || (await files.list(join(place.library, 'papers'))).length > 0) {
    fail(
      'BAD_OPTION',
      `${folder} holds papers or a ledger already; --out and --data-dir must be new folders for the demo.`
    )
  }
  await files.makeFolder(folder)
  await files.makeFolder(place.dataDir)
  const entries = SAMPLE_WORKS.map((work) => ({
    workId: `doi:${work.doi}`,
    ids: { doi: work.doi, ...(work.arxiv === undefined ? {} : { arxiv: work.arxiv }) },
    facts: {
      title: work.text.title,
      authors: work.text.authors,
      year: work.text.year,
      venue: work.text.venue
    }
  }))
  await files.writeWhole(place.list, writeReferences(entries, 'bibtex'))
  return place
}

function isHalfWay(line: Extract<Line, { type: 'progress' }>): boolean {
  const share = line.total ? line.bytes / line.total : 0
  return share >= KILL_AT && share < 0.95
}

function leftInWords(left: LeftBehind): string {
  const { byState } = left
  const done = byState.DEDUPED + byState.SKIPPED_DUPLICATE
  const open = Object.values(byState).reduce((sum, n) => sum + n, 0) - done - byState.FAILED
  const parts = [
    `${counted(done, 'job')} done, ${counted(open, 'job')} unfinished, ${byState.FAILED} failed`,
    `${counted(left.leases, 'lease')} still held by the dead process`,
    `${counted(left.unknownOps.length, 'operation')} without an outcome (${left.unknownOps.join(', ') || 'none'})`,
    `${bytesInWords(left.partBytes)} of ${counted(left.parts, 'unfinished file')}`
  ]
  return parts.join('\n   ')
}

function fetchedTwice(status: ChildRun): number {
  for (const line of status.lines as readonly object[]) {
    if ('bytes_fetched_twice' in line) return Number(line.bytes_fetched_twice)
  }
  return Number.NaN
}

function sentFor(web: SampleWeb, url: string): number {
  return web.fileRequests().reduce((sum, request) => sum + (request.url === url ? request.bytes : 0), 0)
}

function heading(stage: Stage, step: number, title: string, about: string): void {
  print(stage, `${step === 1 ? '' : '\n'}${step}  ${title}: ${about}`)
}

function sayResult(
  stage: Stage,
  story: Story,
  checks: readonly DemoCheck[],
  facts: { readonly place: Place; readonly elapsed: number }
): void {
  for (const check of checks) stage.lines?.write({ type: 'check', ...check })
  stage.lines?.write({ type: 'demo', ...facts.place, held: checks.every((check) => check.held) })
  print(stage, `\nThe figures\n${figuresOf(story)}\n\nWhat was checked`)
  for (const check of checks) print(stage, `   ${check.held ? '✓' : '✗'} ${check.what} (${check.found})`)
  const broken = checks.filter((check) => !check.held).length
  const verdict =
    broken === 0 ? `All ${checks.length} checks held` : `${broken} of ${checks.length} checks did not hold`
  print(stage, `\n${verdict}, in ${durationInWords(facts.elapsed)}. The papers are there to look at:`)
  print(stage, `   ${join(facts.place.library, 'papers')}`)
  print(stage, 'One paper’s whole history, for instance:')
  const job = linesOf(story.resumed, 'done')[0]?.job_id ?? '<job_id>'
  print(stage, `   sheaf ops ${job} --data-dir ${facts.place.dataDir} --out ${facts.place.library}`)
}
