/**
 * The expected results of the demo, as figures and as checks. Pure: it reads the children's output and what
 * is on disk, and knows the content of the sample library.
 */
import { countEach, counted, totalOf } from '../../contract/counted'
import type { Line } from '../../contract/lines'
import { linesOf, summaryOf, type ChildRun } from './demo-child'
import type { LeftBehind } from './demo-look'
import { bytesInWords, columns, sumsInWords } from './wording'

export interface Expected {
  readonly works: number
  readonly papers: number
  readonly duplicates: number
  readonly withoutCopy: number
}

export interface DemoFacts {
  readonly expected: Expected
  readonly killed: ChildRun
  readonly left: LeftBehind
  readonly resumed: ChildRun
  readonly verified: ChildRun
  readonly again: ChildRun
  /** the ledger at the end */
  readonly after: LeftBehind
  /** number of readable names in the library */
  readonly papers: number
  readonly fetchedTwiceBytes: number
  /** counted by the sample web: body bytes of files before the last run, and during it */
  readonly sentBytes: number
  readonly sentAgainBytes: number
  /** of the slow file: sent, but not on disk when the process died */
  readonly lostInFlightBytes: number
}

export interface DemoCheck {
  readonly what: string
  readonly held: boolean
  readonly found: string
}

/** share of all bytes sent */
const MOST_TWICE = 0.05
/** Maximum bytes in flight when a process dies: sent, in system buffers, not read yet. */
const IN_BUFFERS_BYTES = 128 * 1024

export function checkSummary(facts: DemoFacts): DemoCheck[] {
  const { expected, killed, left, resumed, verified, again, after } = facts
  const first = summaryOf(resumed)
  const repeat = summaryOf(again)
  const proof = linesOf(verified, 'reconcile').at(-1)
  const recovered = linesOf(resumed, 'reconcile').reduce((sum, line) => sum + line.stale_leases, 0)
  const twice = (facts.fetchedTwiceBytes + facts.lostInFlightBytes) / Math.max(1, facts.sentBytes)
  // In such a small library the buffers of one connection exceed the allowed share.
  const isLittle = twice <= MOST_TWICE || facts.lostInFlightBytes <= IN_BUFFERS_BYTES
  const check = (what: string, held: boolean, found: string): DemoCheck => ({ what, held, found })
  return [
    check(
      'the process really died in the middle',
      killed.status === null && left.parts > 0,
      killed.status === null
        ? `SIGKILL, ${bytesInWords(left.partBytes)} of a file on disk`
        : 'it ended by itself'
    ),
    check(
      'nothing planned was lost',
      first.planned + first.existing === expected.works && totalOf(after.byState) === expected.works,
      `${counted(totalOf(after.byState), 'job')} of ${expected.works}`
    ),
    check(
      'stale leases were recovered at once',
      recovered >= 1 && recovered === left.leases && after.leases === 0,
      `${recovered} of ${left.leases}`
    ),
    check(
      'bytes on disk were not fetched again',
      first.bytes_resumed > 0 && facts.fetchedTwiceBytes === 0 && isLittle,
      `${bytesInWords(first.bytes_resumed)} resumed, ${(twice * 100).toFixed(1)} % fetched twice`
    ),
    check(
      'no operation was left open',
      after.unknownOps.length === 0,
      counted(after.unknownOps.length, 'open operation')
    ),
    check(
      'every paper arrived',
      after.byState.DEDUPED === expected.papers && facts.papers >= expected.papers,
      `${after.byState.DEDUPED} of ${expected.papers}`
    ),
    check(
      'the same file was stored once',
      after.byState.SKIPPED_DUPLICATE === expected.duplicates,
      counted(after.byState.SKIPPED_DUPLICATE, 'duplicate')
    ),
    check(
      'what has no open copy says so',
      after.byState.FAILED === expected.withoutCopy &&
        (first.by_reason['NO_OPEN_COPY'] ?? 0) === expected.withoutCopy,
      sumsInWords(first.by_reason)
    ),
    check(
      'every file still has its hash',
      verified.status === 0 &&
        proof !== undefined &&
        proof.quarantined + proof.requeued + proof.relinked === 0,
      proof === undefined ? 'no answer' : `${proof.quarantined} damaged, ${proof.requeued} missing`
    ),
    check(
      'another run fetches nothing',
      repeat.bytes_fetched === 0 && repeat.planned === 0 && facts.sentAgainBytes === 0,
      `${bytesInWords(facts.sentAgainBytes)} sent by the sample web, ${repeat.planned} new jobs`
    )
  ]
}

export function figuresOf(facts: DemoFacts): string {
  const { left, resumed, after } = facts
  const first = summaryOf(resumed)
  const rows: string[][] = [
    ['planned', String(totalOf(after.byState)), 'works of a reading list'],
    ['done', String(after.byState.DEDUPED), sumsInWords(sourcesOf(facts))],
    ['duplicates', String(after.byState.SKIPPED_DUPLICATE), 'the same file under a second DOI'],
    ['failed', String(after.byState.FAILED), sumsInWords(first.by_reason)],
    [
      'fetched',
      bytesInWords(facts.sentBytes),
      `as the sample web counts; ${bytesInWords(first.bytes_fetched)} of it after the kill`
    ],
    ['resumed', bytesInWords(first.bytes_resumed), 'were on disk and did not have to be fetched again'],
    [
      'fetched twice',
      bytesInWords(facts.fetchedTwiceBytes + facts.lostInFlightBytes),
      'were on their way when the process died'
    ],
    ['leases recovered', String(left.leases), ''],
    ['operations of unknown outcome', String(left.unknownOps.length), left.unknownOps.join(', ')]
  ]
  return columns(
    rows.map(([name = '', ...rest]) => [`   ${name}`, ...rest]),
    [1]
  )
}

function sourcesOf({ killed, resumed }: DemoFacts): Record<string, number> {
  const ended = new Map<string, Extract<Line, { type: 'done' }>>()
  for (const line of [...linesOf(killed, 'done'), ...linesOf(resumed, 'done')]) ended.set(line.job_id, line)
  return countEach(
    [...ended.values()].flatMap(({ state, source }) =>
      state === 'DEDUPED' && source !== undefined ? [source] : []
    )
  )
}
