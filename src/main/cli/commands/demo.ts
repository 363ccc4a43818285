/**
 * `sheaf demo`: the main task on a built-in sample library, without a network. It plans and runs in a child
 * process, kills that child in the middle of a download, starts it again, verifies every file, runs once
 * more, and reports the result. It asks nothing and keeps the papers.
 */
import { join } from 'node:path'
import { counted, totalOf } from '../../../contract/counted'
import { fail } from '../../../contract/errors'
import type { Line } from '../../../contract/lines'
import { SAMPLE_SETTINGS } from '../../demo/sample-settings'
import { startSampleWeb, type SampleWeb } from '../../demo/sample-web'
import { referenceOfSample, SAMPLE_WORKS, SLOW_BYTES, SLOW_WORK } from '../../demo/sample-works'
import { writeReferences } from '../../works/works'
import { checkSummary, figuresOf, type DemoCheck, type Expected, type DemoFacts } from '../demo-checks'
import { linesOf, runSelf, summaryOf, type ChildRun } from '../demo-child'
import { lookAtLeftovers, type LeftBehind } from '../demo-look'
import { EXIT, type ExitStatus } from '../exit-status'
import { Progress } from '../progress'
import { print, type CommandContext } from '../command-context'
import { bytesInWords, durationInWords } from '../wording'
import { asText } from './settings'
import { reconcileInWords } from './status'
import { fetchedTwiceIn } from '../demo-lines'
import { holdsLedger } from '../../ledger/snapshots'

interface Place {
  readonly folder: string
  readonly dataDir: string
  readonly library: string
  readonly list: string
}

/** The share of the slow file on disk at which the process is killed. */
const KILL_AT = 0.45
const EXPECTED: Expected = {
  works: SAMPLE_WORKS.length,
  papers: SAMPLE_WORKS.filter((work) => work.copies.length > 0 && work.sameBytesAs === undefined).length,
  duplicates: SAMPLE_WORKS.filter((work) => work.sameBytesAs !== undefined).length,
  withoutCopy: SAMPLE_WORKS.filter((work) => work.copies.length === 0).length
}

export async function demo(context: CommandContext): Promise<ExitStatus> {
  const began = context.host.clock.monotonicMs()
  const place = await preparePlace(context)
  const web = await startSampleWeb()
  try {
    print(context, 'Sheaf, shown on a made-up library of papers. No network is needed; everything stays in')
    print(context, `   ${place.folder}\n\n`)
    const facts = await tell(context, place, web)
    const checks = checkSummary(facts)
    const elapsed = context.host.clock.monotonicMs() - began
    sayResult(context, facts, checks, { place, elapsed })
    return checks.every((check) => check.held) ? EXIT.done : EXIT.unexpected
  } finally {
    await web.close()
  }
}

async function tell(context: CommandContext, place: Place, web: SampleWeb): Promise<DemoFacts> {
  const call = (
    command: readonly string[],
    onLine?: (line: Line, kill: () => void) => void
  ): Promise<ChildRun> =>
    runSelf({
      self: context.self,
      arguments: [...command, ...folders(place), '--json', '--connect-to', `*=${web.origin}`, ...SETTINGS],
      env: environment(context),
      signal: context.signal,
      ...(onLine === undefined ? {} : { onLine })
    })
  const run = ['run', '--from', place.list]

  heading(
    context,
    1,
    'Plan and run',
    `${counted(EXPECTED.works, 'work')} of a reading list, then a real kill in the middle of a download`
  )
  const names = new Progress()
  const killed = await call(run, (line, kill) => {
    const sentence = names.take(line, 0)
    if (sentence !== null) print(context, `   ${sentence}`)
    if (line.type === 'progress' && isHalfWay(line)) {
      print(
        context,
        `   ■ killed for good (SIGKILL) at ${bytesInWords(line.bytes)} of ${bytesInWords(line.total ?? 0)} of “${SLOW_WORK.text.title}”`
      )
      kill()
    }
  })

  const left = await lookAtLeftovers(context.host, place.dataDir, place.library)
  heading(context, 2, 'What is on disk now', 'the ledger, read as the dead process left it')
  print(context, `   ${leftInWords(left)}`)

  heading(context, 3, 'The same command again', 'it goes on where it was')
  const more = new Progress()
  const resumed = await call(run, (line) => {
    const sentence = more.take(line, 0)
    if (line.type === 'reconcile') print(context, `   ${reconcileInWords(line)}`)
    if (sentence !== null) print(context, `   ${sentence}`)
  })
  print(
    context,
    `   ${bytesInWords(summaryOf(resumed).bytes_resumed)} were on disk already and were not fetched again`
  )

  heading(context, 4, 'Verify', 'every file is hashed again and compared with the ledger')
  const verified = await call(['reconcile', '--verify-hashes'])
  const proof = linesOf(verified, 'reconcile').at(-1)
  print(context, `   ${proof === undefined ? 'no answer' : reconcileInWords(proof)}`)

  heading(context, 5, 'Once more', 'nothing is left to do')
  const sentBytes = web.fileBytesSent()
  const again = await call(run)
  print(context, `   ${bytesInWords(summaryOf(again).bytes_fetched)} fetched`)

  const status = await call(['status'])
  return {
    expected: EXPECTED,
    killed,
    left,
    resumed,
    verified,
    again,
    after: await lookAtLeftovers(context.host, place.dataDir, place.library),
    papers: (await context.host.files.list(join(place.library, 'papers'))).length,
    fetchedTwiceBytes: fetchedTwice(status),
    sentBytes,
    lostInFlightBytes: sentFor(web, SLOW_WORK.copies[0]?.url ?? '') - SLOW_BYTES,
    sentAgainBytes: web.fileBytesSent() - sentBytes
  }
}

const SETTINGS = [
  ...Object.entries(SAMPLE_SETTINGS).flatMap(([key, value]) => ['--set', `${key}=${asText(value)}`]),
  '--log-level',
  'info'
]

function folders(place: Place): string[] {
  return ['--data-dir', place.dataDir, '--out', place.library]
}

/** The user's own settings must not change what the demo shows. */
function environment(context: CommandContext): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(context.host.env).filter(([name]) => !/^(?:DOCSTOKG_|SHEAF_)/.test(name))
  )
}

async function preparePlace(context: CommandContext): Promise<Place> {
  const { files, random } = context.host
  const { out, dataDir } = context.invocation
  const folder = out ?? dataDir ?? join(context.tempDir, `sheaf-demo-${random.hex(3)}`)
  const place: Place = {
    folder,
    dataDir: dataDir ?? join(folder, '.ledger'),
    library: out ?? join(folder, 'library'),
    list: join(folder, 'reading-list.bib')
  }
  const isUsed = await holdsLedger(files, place.dataDir)
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
    ...referenceOfSample(work)
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
  const open = totalOf(byState) - done - byState.FAILED
  const parts = [
    `${counted(done, 'job')} done, ${counted(open, 'job')} unfinished, ${byState.FAILED} failed`,
    `${counted(left.leases, 'lease')} still held by the dead process`,
    `${counted(left.unknownOps.length, 'operation')} without an outcome (${left.unknownOps.join(', ') || 'none'})`,
    `${bytesInWords(left.partBytes)} of ${counted(left.parts, 'unfinished file')}`
  ]
  return parts.join('\n   ')
}

function fetchedTwice(status: ChildRun): number {
  return status.output.flatMap((text) => fetchedTwiceIn(text) ?? [])[0] ?? Number.NaN
}

function sentFor(web: SampleWeb, url: string): number {
  return web.fileRequests().reduce((sum, request) => sum + (request.url === url ? request.bytes : 0), 0)
}

function heading(context: CommandContext, step: number, title: string, about: string): void {
  print(context, `${step === 1 ? '' : '\n'}${step}  ${title}: ${about}`)
}

function sayResult(
  context: CommandContext,
  found: DemoFacts,
  checks: readonly DemoCheck[],
  facts: { readonly place: Place; readonly elapsed: number }
): void {
  for (const check of checks) context.lines?.write({ type: 'check', ...check })
  context.lines?.write({ type: 'demo', ...facts.place, held: checks.every((check) => check.held) })
  print(context, `\nThe figures\n${figuresOf(found)}\n\nWhat was checked`)
  for (const check of checks) print(context, `   ${check.held ? '✓' : '✗'} ${check.what} (${check.found})`)
  const broken = checks.filter((check) => !check.held).length
  const verdict =
    broken === 0 ? `All ${checks.length} checks held` : `${broken} of ${checks.length} checks did not hold`
  print(context, `\n${verdict}, in ${durationInWords(facts.elapsed)}. The papers are there to look at:`)
  print(context, `   ${join(facts.place.library, 'papers')}`)
  print(context, 'One paper’s whole history, for instance:')
  const job = linesOf(found.resumed, 'done')[0]?.job_id ?? '<job_id>'
  print(context, `   sheaf ops ${job} --data-dir ${facts.place.dataDir} --out ${facts.place.library}`)
}
