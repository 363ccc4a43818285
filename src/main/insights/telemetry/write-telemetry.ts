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
  /** all of them, since a counter must never decrease; they are read once */
  readonly events: Iterable<TelemetryEvent>
  readonly byState: Readonly<Record<State, number>>
  readonly measures: readonly Measure[]
  readonly alerts: readonly Alert[]
}

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] as const

export function telemetryPage({ events, byState, measures, alerts }: TelemetryTotals): string {
  const byName = new Map<string, number>()
  const attempts = new Counter(['source', 'tier', 'outcome'])
  const bytes = new Counter(['source'], 'bytes')
  const operations = new Counter(['op_type', 'result_code'])
  const replays = new Counter(['op_type'], 'replays')
  const durations = new Durations()
  for (const event of events) {
    byName.set(event.event, (byName.get(event.event) ?? 0) + 1)
    if (event.event === 'attempt') {
      attempts.add(event)
      bytes.add(event)
      durations.add(event['elapsed_ms'])
    } else if (event.event === 'operation_completed') operations.add(event)
    else if (event.event === 'idempotency_replay') replays.add(event)
  }
  return [
    metric('sheaf_events_total', 'counter', 'Telemetry events by name.', [
      ...TELEMETRY_EVENTS.map((event) => [{ event }, byName.get(event) ?? 0] as const)
    ]),
    metric('sheaf_jobs', 'gauge', 'Jobs by state.', [
      ...STATES.map((state) => [{ state }, byState[state]] as const)
    ]),
    metric(
      'sheaf_attempts_total',
      'counter',
      'Questions to sources and requests for files, by source, tier and outcome.',
      attempts.samples()
    ),
    metric(
      'sheaf_attempt_bytes_total',
      'counter',
      'Body bytes of files received, by source.',
      bytes.samples()
    ),
    metric(
      'sheaf_operations_total',
      'counter',
      'Operations that came to an end, by type and result.',
      operations.samples()
    ),
    metric(
      'sheaf_operation_replays_total',
      'counter',
      'Results of operations that were used again instead of being performed, by type.',
      replays.samples()
    ),
    durations.histogram(),
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

class Durations {
  readonly #below = SECONDS.map(() => 0)
  #count = 0
  #sum = 0

  add(ms: unknown): void {
    if (typeof ms !== 'number') return
    const seconds = ms / 1000
    for (const [at, le] of SECONDS.entries()) if (seconds <= le) this.#below[at] = (this.#below[at] ?? 0) + 1
    this.#count += 1
    this.#sum += seconds
  }

  histogram(): string {
    const name = 'sheaf_attempt_duration_seconds'
    return [
      `# HELP ${name} How long questions and requests took.\n# TYPE ${name} histogram\n`,
      ...SECONDS.map((le, at) => `${name}_bucket{le="${String(le)}"} ${String(this.#below[at])}\n`),
      `${name}_bucket{le="+Inf"} ${String(this.#count)}\n`,
      `${name}_sum ${number(this.#sum)}\n${name}_count ${String(this.#count)}\n`
    ].join('')
  }
}

/** One sample for each set of labels: the number of events, or the sum of one of their fields. */
class Counter {
  readonly #samples = new Map<string, { readonly labels: Labels; value: number }>()
  readonly #by: readonly string[]
  readonly #sumOf: string | null

  constructor(by: readonly string[], sumOf: string | null = null) {
    this.#by = by
    this.#sumOf = sumOf
  }

  add(event: TelemetryEvent): void {
    const labels = Object.fromEntries(this.#by.map((name) => [name, String(event[name] ?? '')]))
    const key = labelText(labels)
    const sample = this.#samples.get(key) ?? { labels, value: 0 }
    const more = this.#sumOf === null ? 1 : event[this.#sumOf]
    sample.value += typeof more === 'number' ? more : 0
    this.#samples.set(key, sample)
  }

  samples(): readonly Sample[] {
    return [...this.#samples.values()].map(({ labels, value }) => [labels, value])
  }
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
