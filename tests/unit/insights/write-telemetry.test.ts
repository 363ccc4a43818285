/** Telemetry as text: JSON Lines, a table, and the exposition format of Prometheus. */
import { describe, expect, test } from 'vitest'
import { TELEMETRY_FIELDS, type TelemetryEvent } from '../../../src/main/insights/telemetry/events'
import {
  telemetryLines,
  telemetryPage,
  telemetryTable
} from '../../../src/main/insights/telemetry/write-telemetry'
import { STATES, type State } from '../../../src/contract/words'

const attempt = (more: Record<string, string | number>): TelemetryEvent => ({
  event: 'attempt',
  at: 1_700_000_000,
  time: '2023-11-14T22:13:20.000Z',
  source: 'unpaywall',
  tier: 'direct_oa',
  outcome: 'success',
  elapsed_ms: 300,
  ...more
})
const byState = Object.fromEntries(STATES.map((state) => [state, 3])) as Record<State, number>

const LABEL = '[a-z_]+="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"'
const SAMPLE = new RegExp(`^([a-z_:]+)(\\{${LABEL}(,${LABEL})*\\})? ([-+]?[0-9.e+-]+|[+-]Inf)$`)

describe('the page for Prometheus', () => {
  const page = telemetryPage({
    events: [
      attempt({ bytes: 7 }),
      attempt({ bytes: 5 }),
      attempt({ source: 'a"b\\c\nd', elapsed_ms: 400_000 })
    ],
    byState,
    measures: [
      {
        name: 'replay_rate',
        value: 0.01,
        unit: 'ratio',
        target: 0.05,
        better: 'lower',
        status: 'met',
        errorBudgetLeft: 0.8
      }
    ],
    alerts: [{ name: 'stale_leases', level: 'warning', value: 1, target: 0, since: null }]
  })

  test('has samples of declared metrics only, each metric once and its samples together', () => {
    let declared = ''
    const seen = new Set<string>()
    expect(page.endsWith('\n')).toBe(true)
    for (const line of page.trimEnd().split('\n')) {
      if (line.startsWith('# HELP ')) continue
      const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line)
      if (type !== null) {
        declared = type[1]!
        expect(seen.has(declared)).toBe(false)
        seen.add(declared)
        continue
      }
      const [, name = ''] = SAMPLE.exec(line) ?? []
      expect(name.replace(/_(bucket|sum|count)$/, ''), line).toBe(declared)
    }
  })

  test('escapes labels, adds values up, and has cumulative buckets', () => {
    expect(page).toContain('sheaf_attempt_bytes_total{source="unpaywall"} 12\n')
    expect(page).toContain('source="a\\"b\\\\c\\nd"')
    const buckets = [...page.matchAll(/_bucket\{le="[^"]+"\} (\d+)/g)].map(([, n]) => Number(n))
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b))
    expect(buckets.at(-1)).toBe(3)
    expect(page).toContain('sheaf_jobs{state="FAILED"} 3\n')
    expect(page).toContain('sheaf_alert{name="stale_leases",level="warning"} 1\n')
  })
})

test('a table has the same columns in every row and no formula', () => {
  const [head, first, second] = [
    ...telemetryTable([attempt({ reason: '=1+1' }), attempt({ reason: 'a,"b' })])
  ]
  expect(head).toBe(`${TELEMETRY_FIELDS.join(',')}\r\n`)
  expect(first).toContain(",'=1+1,")
  expect(second).toContain(',"a,""b",')
})

test('lines are JSON, one event each', () => {
  const lines = [...telemetryLines([attempt({}), attempt({ status: 404 })])]
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([attempt({}), attempt({ status: 404 })])
})

test.each([
  ['lines', telemetryLines, 1],
  ['a table', telemetryTable, 0]
])(
  '%s are written one at a time: all of a large ledger are longer than a string may be',
  (_, write, made) => {
    let taken = 0
    function* many(): Generator<TelemetryEvent> {
      for (; taken < 10;) {
        taken += 1
        yield attempt({})
      }
    }
    const pieces = write(many())
    pieces.next()
    expect(taken).toBe(made)
    expect([...pieces]).toHaveLength(10 - made)
  }
)
