/** `sheaf status`: counts by state and reason, bytes, measures, the last run and reconcile. */
import { ALERT_SENTENCES, ALERT_UNITS } from '../../../contract/alert-words'
import { counted, grouped } from '../../../contract/counted'
import { isSheafError } from '../../../contract/errors'
import { STATES } from '../../../contract/words'
import type { Alert } from '../../insights/alerts'
import type { Measure } from '../../insights/measures'
import type { SqlRow } from '../../ledger/ledger'
import type { Sheaf } from '../../sheaf-api'
import type { StatusReport } from '../../sheaf-requests'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { reasonInWords } from '../progress'
import { busiestFirst, hostRows, sourceLine } from './sources'
import { print, withReader, withSheaf, type CommandContext } from '../command-context'
import { bytesInWords, columns, figureInWords, instantInWords, STATE_WORDS } from '../wording'

export async function status(context: CommandContext, request: RequestOf<'status'>): Promise<ExitStatus> {
  try {
    return await withSheaf(context, ({ sheaf }) => Promise.resolve(show(context, sheaf, request.list)))
  } catch (error) {
    // Another process holds the ledger, or the library is missing: the files on disk are still readable.
    if (!isSheafError(error, 'LEDGER_IN_USE') && !isSheafError(error, 'LIBRARY_MISSING')) throw error
    return withReader(context, (reader) =>
      Promise.resolve(show(context, { ...reader, hosts: () => [] }, request.list))
    )
  }
}

function show(
  context: CommandContext,
  sheaf: Pick<Sheaf, 'status' | 'hosts'>,
  list: string | null
): ExitStatus {
  const report = list === null ? sheaf.status() : sheaf.status(list)
  const hosts = list === null ? sheaf.hosts() : []
  context.lines?.write(statusLine(report))
  for (const one of report.alerts) context.lines?.write({ type: 'alert', ...one })
  for (const one of hosts) context.lines?.write(sourceLine(one))
  print(context, [statusText(report), ...hostsText(hosts)].join('\n\n'))
  return EXIT.done
}

function statusLine(report: StatusReport): { type: 'status' } & Record<string, unknown> {
  const { measures } = report
  return {
    type: 'status',
    by_state: report.byState,
    by_reason: report.byReason,
    artifacts: report.artifacts,
    bytes_in_library: report.bytesInLibrary,
    last_run: report.lastRun,
    last_reconcile: report.lastReconcile,
    paused: report.paused,
    bytes_fetched: measures.bytesFetched,
    bytes_saved_by_resume: measures.bytesSavedByResume,
    bytes_fetched_twice: measures.bytesFetchedTwice,
    success_by_source: measures.successBySource,
    failures_by_reason: measures.failuresByReason,
    measures: measures.measures.map((measure) => ({
      name: measure.name,
      value: measure.value,
      unit: measure.unit,
      target: measure.target,
      better: measure.better,
      status: measure.status,
      error_budget_left: measure.errorBudgetLeft
    }))
  }
}

const MOST_HOSTS_SHOWN = 12

function hostsText(hosts: ReturnType<Sheaf['hosts']>): string[] {
  if (hosts.length === 0) return []
  const busiest = busiestFirst(hosts).slice(0, MOST_HOSTS_SHOWN)
  const more = hosts.length - busiest.length
  const rest = more > 0 ? `\n  and ${counted(more, 'more host')}: sheaf sources` : ''
  return [`Hosts contacted\n${columns(hostRows(busiest), [1, 2])}${rest}`]
}

function statusText(report: StatusReport): string {
  const jobs = STATES.filter((state) => report.byState[state] > 0).map((state) => [
    `  ${STATE_WORDS[state]}`,
    grouped(report.byState[state])
  ])
  const parts = [
    jobs.length === 0 ? 'No jobs yet.' : `Jobs\n${columns(jobs, [1])}`,
    `Library\n  ${counted(report.artifacts, 'file')}, ${bytesInWords(report.bytesInLibrary)}`
  ]
  const reasons = Object.entries(report.byReason)
  if (reasons.length > 0) {
    parts.push(
      `Failed, by reason\n${columns(
        reasons.map(([code, n]) => [`  ${grouped(n)}`, reasonInWords(code)]),
        [0]
      )}`
    )
  }
  parts.push(`Measures\n${columns(report.measures.measures.map(measureRow), [1])}`)
  if (report.alerts.length > 0) parts.push(`Alerts\n${columns(report.alerts.map(alertRow))}`)
  if (report.lastRun) parts.push(`Last run\n  ${runInWords(report.lastRun)}`)
  if (report.lastReconcile) parts.push(`Last reconcile\n  ${reconcileInWords(report.lastReconcile)}`)
  if (report.paused) parts.push(`Paused: ${report.paused.sentence}`)
  return parts.join('\n\n')
}

function alertRow(alert: Alert): string[] {
  const since = alert.since === null ? '' : `since ${instantInWords(alert.since)}`
  const unit = ALERT_UNITS[alert.name]
  const values = `${figureInWords(alert.value, unit)} (target ${figureInWords(alert.target, unit)})`
  const of = alert.measure === undefined ? '' : ` (${alert.measure.replaceAll('_', ' ')})`
  return [`  ${alert.level}`, `${ALERT_SENTENCES[alert.name]}${of}`, values, since]
}

function measureRow(measure: Measure): string[] {
  const sign = measure.better === 'higher' ? '≥' : '<'
  const target = measure.target === null ? '' : `${sign} ${figureInWords(measure.target, measure.unit)}`
  const standing = {
    met: 'met',
    missed: 'missed',
    no_data: 'no data yet',
    no_target: ''
  }[measure.status]
  const value = measure.value === null ? '–' : figureInWords(measure.value, measure.unit)
  return [`  ${measure.name.replaceAll('_', ' ')}`, value, target, standing]
}

function runInWords(run: SqlRow): string {
  const began =
    typeof run['started_at'] === 'number' ? instantInWords(run['started_at']) : 'at an unknown time'
  const ended = run['how_it_ended']
  return `began ${began}, ${typeof ended === 'string' ? ended : 'did not come to its end'}`
}

export function reconcileInWords(found: NonNullable<StatusReport['lastReconcile']>): string {
  const facts: readonly [number, string, string][] = [
    [found.stale_leases, 'stale lease', 'recovered'],
    [found.abandoned_ops, 'operation', 'of unknown outcome'],
    [found.parts_kept, 'unfinished file', 'kept'],
    [found.parts_removed, 'stray part', 'removed'],
    [found.relinked, 'file', 're-linked'],
    [found.requeued, 'job', 'requeued'],
    [found.quarantined, 'damaged file', 'put into quarantine'],
    [found.adopted, 'file', 'adopted'],
    [found.unknown_files, 'file', 'that Sheaf does not know']
  ]
  const said = facts.filter(([n]) => n > 0).map(([n, what, done]) => `${counted(n, what)} ${done}`)
  return said.length === 0 ? 'ledger and disk agree' : said.join(', ')
}
