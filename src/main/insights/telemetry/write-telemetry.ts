/**
 * Telemetry as JSON Lines, as a table, and in Prometheus format. Pure. Source: Prometheus, "Exposition
 * formats", text-based format 0.0.4; RFC 4180.
 */
import { forJson, forTable } from '../../../contract/exits'
import { STATES, type State } from '../../../contract/words'
import type { Alert } from '../alerts'
import type { Measure } from '../measures'
import { TELEMETRY_EVENTS, TELEMETRY_FIELDS, type TelemetryEvent } from './events'

export const TELEMETRY_FORMATS = ['jsonl', 'csv', 'prometheus'] as const
export type TelemetryFormat = (typeof TELEMETRY_FORMATS)[number]

/** One line at a time: the lines of a large ledger are longer than a string may be (512 MB in V8). */
export function* telemetryLines(events: Iterable<TelemetryEvent>): Generator<string> {
  for (const event of events) yield `${forJson(event)}\n`
}

/** One line at a time, the names of the columns first. */
export function* telemetryTable(events: Iterable<TelemetryEvent>): Generator<string> {
  yield lineOf(TELEMETRY_FIELDS)
  for (const event of events) yield lineOf(TELEMETRY_FIELDS.map((field) => cell(event[field] ?? null)))
}

const lineOf = (cells: readonly string[]): string => `${cells.join(',')}\r\n`

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = forTable(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export interface TelemetryTotals {
  /** all of them, since a counter must never decrease */
  readonly events: readonly TelemetryEvent[]
  readonly byState: Readonly<Record<State, number>>
  readonly measures: readonly Measure[]
  readonly alerts: readonly Alert[]
}

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] as const

export function telemetryPage({ events, byState, measures, alerts }: TelemetryTotals): string {
  const of = (name: string): readonly TelemetryEvent[] => events.filter(({ event }) => event === name)
  const attempts = of('attempt')
  return [
    metric('sheaf_events_total', 'counter', 'Telemetry events by name.', [
      ...TELEMETRY_EVENTS.map((event) => [{ event }, of(event).length] as const)
    ]),
    metric('sheaf_jobs', 'gauge', 'Jobs by state.', [
      ...STATES.map((state) => [{ state }, byState[state]] as const)
    ]),
    metric(
      'sheaf_attempts_total',
      'counter',
      'Questions to sources and requests for files, by source, tier and outcome.',
      counted(attempts, ['source', 'tier', 'outcome'])
    ),
    metric(
      'sheaf_attempt_bytes_total',
      'counter',
      'Body bytes of files received, by source.',
      counted(attempts, ['source'], 'bytes')
    ),
    metric(
      'sheaf_operations_total',
      'counter',
      'Operations that came to an end, by type and result.',
      counted(of('operation_completed'), ['op_type', 'result_code'])
    ),
    metric(
      'sheaf_operation_replays_total',
      'counter',
      'Results of operations that were used again instead of being performed, by type.',
      counted(of('idempotency_replay'), ['op_type'], 'replays')
    ),
    histogram(attempts),
    metric(
      'sheaf_measure',
      'gauge',
      'Measures with a value, in the unit given (ratio, s, ms, count).',
      measures.flatMap(({ name, unit, value }) => (value === null ? [] : [[{ name, unit }, value] as const]))
    ),
    metric(
      'sheaf_alert',
      'gauge',
      '1 for each alert that is raised.',
      alerts.map(
        ({ name, level, measure }) =>
          [{ name, level, ...(measure === undefined ? {} : { measure }) }, 1] as const
      )
    )
  ].join('')
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [Labels, number]

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${number(value)}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function histogram(attempts: readonly TelemetryEvent[]): string {
  const name = 'sheaf_attempt_duration_seconds'
  const seconds = attempts.flatMap(({ elapsed_ms: ms }) => (typeof ms === 'number' ? [ms / 1000] : []))
  const below = (most: number): number => seconds.filter((one) => one <= most).length
  return [
    `# HELP ${name} How long questions and requests took.\n# TYPE ${name} histogram\n`,
    ...SECONDS.map((le) => `${name}_bucket{le="${String(le)}"} ${String(below(le))}\n`),
    `${name}_bucket{le="+Inf"} ${String(seconds.length)}\n`,
    `${name}_sum ${number(seconds.reduce((sum, one) => sum + one, 0))}\n${name}_count ${String(seconds.length)}\n`
  ].join('')
}

/** One sample for each set of labels: the number of events, or the sum of one of their fields. */
function counted(
  events: readonly TelemetryEvent[],
  by: readonly string[],
  sumOf?: string
): readonly Sample[] {
  const samples = new Map<string, { labels: Labels; value: number }>()
  for (const event of events) {
    const labels = Object.fromEntries(by.map((name) => [name, String(event[name] ?? '')]))
    const key = labelText(labels)
    const sample = samples.get(key) ?? { labels, value: 0 }
    const more = sumOf === undefined ? 1 : event[sumOf]
    sample.value += typeof more === 'number' ? more : 0
    samples.set(key, sample)
  }
  return [...samples.values()].map(({ labels, value }) => [labels, value])
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

/** As Go writes floating-point numbers; whole numbers without a point. */
const number = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
