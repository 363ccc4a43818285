/**
 * The table `runs`: one row for each run: when, with which settings, with what result. A run without an end
 * is still active, or its process died.
 */
import { z } from 'zod'
import type { ForecastResult } from '../../contract/insights-views'
import type { Reader, SqlRow, Writer } from './ledger'
import { numberOf, numberOrNull, objectOf, textOf, textOrNull, toJson } from './row-values'

export interface RunRow {
  readonly runId: string
  readonly startedAt: number
  readonly finishedAt: number | null
  /** e.g. `finished`, `stopped`, `died` */
  readonly howItEnded: string | null
  readonly settings: Readonly<Record<string, unknown>>
  readonly summary: Readonly<Record<string, unknown>> | null
}

export function beginRun(
  writer: Writer,
  run: { readonly runId: string; readonly startedAt: number; readonly settings: object }
): void {
  writer.run('INSERT INTO runs (run_id, started_at, settings_json) VALUES (?, ?, ?)', [
    run.runId,
    run.startedAt,
    toJson(run.settings)
  ])
}

/** False when there is no such run, or it has ended already. */
export function endRun(
  writer: Writer,
  end: {
    readonly runId: string
    readonly finishedAt: number
    readonly howItEnded: string
    readonly summary: object | null
  }
): boolean {
  const changed = writer.run(
    `UPDATE runs SET finished_at = ?, how_it_ended = ?, summary_json = ?
     WHERE run_id = ? AND finished_at IS NULL`,
    [end.finishedAt, end.howItEnded, end.summary === null ? null : toJson(end.summary), end.runId]
  )
  return changed > 0
}

export function lastRun(reader: Reader): RunRow | null {
  const row = reader.get('SELECT * FROM runs ORDER BY started_at DESC, rowid DESC LIMIT 1')
  return row === null ? null : runOf(row)
}

/** The last run's row as stored. */
export function lastRunRow(reader: Reader): SqlRow | null {
  return reader.get('SELECT * FROM runs ORDER BY started_at DESC, rowid DESC LIMIT 1')
}

const forecastSchema = z.object({
  done: z.number(),
  duplicates: z.number(),
  elapsed_ms: z.number(),
  forecast: z.object({
    works: z.number(),
    expected: z.number(),
    finish_ms: z.number(),
    paid_usd: z.number()
  })
})

/** Forecast and result of the last run with look-ups, or null. */
export function lastForecast(reader: Reader): ForecastResult | null {
  const row = reader.get(
    `SELECT finished_at, summary_json FROM runs WHERE summary_json LIKE '%"forecast"%'
     ORDER BY started_at DESC, rowid DESC LIMIT 1`
  )
  const summary = row === null ? undefined : forecastSchema.safeParse(objectOf(row, 'summary_json')).data
  if (row === null || summary === undefined) return null
  const { forecast, done, duplicates, elapsed_ms: tookMs } = summary
  return {
    at: numberOf(row, 'finished_at'),
    works: forecast.works,
    expected: forecast.expected,
    came: done + duplicates,
    expectedMs: forecast.finish_ms,
    tookMs,
    paidUsd: forecast.paid_usd
  }
}

/** Runs without an end, oldest first. */
export function openRuns(reader: Reader): RunRow[] {
  return reader.all('SELECT * FROM runs WHERE finished_at IS NULL ORDER BY started_at, rowid').map(runOf)
}

function runOf(row: SqlRow): RunRow {
  return {
    runId: textOf(row, 'run_id'),
    startedAt: numberOf(row, 'started_at'),
    finishedAt: numberOrNull(row, 'finished_at'),
    howItEnded: textOrNull(row, 'how_it_ended'),
    settings: objectOf(row, 'settings_json'),
    summary: row['summary_json'] === null ? null : objectOf(row, 'summary_json')
  }
}
