/**
 * Progress for people: one line per active download, redrawn in place, and finished ones as sentences above.
 * Driven by the engine's lines; `Progress` is pure, so that it can be tested without a terminal.
 */
import { basename, extname } from 'node:path'
import { grouped, shareOf } from '../../contract/counted'
import { ERRORS } from '../../contract/errors'
import { oneLine } from '../../contract/exits'
import type { Line } from '../../contract/lines'
import { isDone } from '../../contract/states'
import { bytesInWords, columns, cut, displayWidth, sumsInWords } from './wording'
import { isErrorCode } from '../../contract/reason-words'

interface Active {
  readonly jobId: string
  bytes: number
  total: number | null
  /** monotonic ms of the first byte, for the rate */
  readonly since: number
  readonly firstBytes: number
  doing: string
}

const MOST_LINES = 12

export class Progress {
  private readonly active = new Map<string, Active>()
  private readonly titles = new Map<string, string>()
  private readonly addresses = new Map<string, string>()
  private planned = 0
  private ended = 0

  /** Sets the title of a job that the planning did not contain. */
  name(jobId: string, title: string | null): void {
    if (title) this.titles.set(jobId, oneLine(title))
  }

  /** Processes a line; returns a sentence to keep, or null. */
  take(line: Line, nowMs: number): string | null {
    switch (line.type) {
      case 'planned':
        this.name(line.job_id, line.title)
        this.addresses.set(line.job_id, oneLine(line.canonical_url))
        if (!line.existing) this.planned += 1
        return line.tombstone === undefined ? null : `– ${this.title(line.job_id)}: ${line.tombstone}`
      case 'state':
        this.state(line.job_id, line.to, nowMs)
        return null
      case 'progress': {
        const job = this.job(line.job_id, nowMs, line.bytes)
        job.bytes = line.bytes
        job.total = line.total ?? job.total
        job.doing = 'fetching'
        return null
      }
      case 'attempt': {
        const job = this.active.get(line.job_id)
        if (job?.bytes === 0) job.doing = `asked ${line.source}`
        return null
      }
      case 'done':
        this.active.delete(line.job_id)
        this.ended += 1
        return this.ending(line)
      case 'op':
      case 'candidate':
      case 'expected':
      case 'forecast':
      case 'reconcile':
      case 'summary':
      case 'error':
        return null
      default:
        return line satisfies never
    }
  }

  /** The lines to display now. */
  lines(width: number, nowMs: number): string[] {
    const all = [...this.active.values()]
    const rows = all.slice(0, MOST_LINES).map((job) => this.line(job, width, nowMs))
    if (all.length > MOST_LINES) rows.push(`  … and ${grouped(all.length - MOST_LINES)} more`)
    const still = this.planned > this.ended ? ` of ${grouped(this.planned)}` : ''
    if (all.length > 0) rows.push(`  ${grouped(this.ended)}${still} finished`)
    return rows
  }

  title(jobId: string): string {
    return this.titles.get(jobId) ?? this.addresses.get(jobId) ?? `job ${jobId.slice(0, 8)}`
  }

  private line(job: Active, width: number, nowMs: number): string {
    const seconds = (nowMs - job.since) / 1000
    const rate = seconds > 0.5 ? `${bytesInWords((job.bytes - job.firstBytes) / seconds)}/s` : ''
    const share = job.total ? shareOf(job.bytes, job.total) : ''
    const facts =
      job.doing === 'fetching'
        ? [share.padStart(5), bytesInWords(job.bytes).padStart(8), rate.padStart(9)].join(' ')
        : job.doing.padStart(24)
    const room = Math.max(10, width - displayWidth(facts) - 5)
    const title = cut(this.title(job.jobId), room)
    return `  ${title}${' '.repeat(Math.max(0, room - displayWidth(title)))} ${facts}`
  }

  private state(jobId: string, to: string, nowMs: number): void {
    const words: Readonly<Record<string, string>> = {
      LEASED: 'looking for a copy',
      HEAD_DONE: 'found a copy',
      RESUME_OK: 'going on',
      STREAMING: 'fetching',
      FINALIZED: 'filed',
      INDEXED: 'filed'
    }
    const doing = words[to]
    if (doing === undefined) this.active.delete(jobId)
    else this.job(jobId, nowMs, 0).doing = doing
  }

  private job(jobId: string, nowMs: number, bytes: number): Active {
    const known = this.active.get(jobId)
    if (known && (known.bytes > 0 || bytes === 0)) return known
    const fresh: Active = {
      jobId,
      bytes,
      total: known?.total ?? null,
      since: nowMs,
      firstBytes: bytes,
      doing: known?.doing ?? ''
    }
    this.active.set(jobId, fresh)
    return fresh
  }

  private ending(line: Extract<Line, { type: 'done' }>): string {
    // Where only an identifier was given, the paper's file name is more informative.
    const filed = line.path === undefined ? null : oneLine(basename(line.path, extname(line.path)))
    const title = this.titles.get(line.job_id) ?? filed ?? this.title(line.job_id)
    if (line.state === 'SKIPPED_DUPLICATE') return `= ${title}: the same file is in the library already`
    if (isDone(line.state)) {
      const size =
        line.bytes === undefined ? '' : ` (${bytesInWords(line.bytes)}, ${line.source ?? 'unknown source'})`
      return `✓ ${title}${size}`
    }
    return `✗ ${title}: ${reasonInWords(line.reason ?? line.state)}`
  }
}

/** An error code as a sentence with the next step, or the code itself when it is unknown. */
export function reasonInWords(code: string): string {
  if (!isErrorCode(code)) return code
  const { sentence, hint } = ERRORS[code]
  return `${sentence} ${hint} (${code})`
}

type Summary = Extract<Line, { type: 'summary' }>

/** The summary, as a table. */
export function summaryTable(summary: Summary): string {
  const rows: string[][] = [
    [
      'planned',
      grouped(summary.planned),
      summary.existing > 0 ? `${grouped(summary.existing)} more were there already` : ''
    ],
    ['done', grouped(summary.done), sumsInWords(summary.by_source)],
    [
      'duplicates',
      grouped(summary.duplicates),
      summary.duplicates > 0 ? 'the same file was stored already' : ''
    ],
    ['failed', grouped(summary.failed), sumsInWords(summary.by_reason)],
    [
      'fetched',
      bytesInWords(summary.bytes_fetched),
      summary.bytes_resumed > 0 ? `${bytesInWords(summary.bytes_resumed)} were on disk already` : ''
    ],
    ['replayed', grouped(summary.replays), summary.replays > 0 ? 'operations not done twice' : '']
  ]
  return columns(
    rows.map((row) => ['  ' + (row[0] ?? ''), ...row.slice(1)]),
    [1]
  )
}
