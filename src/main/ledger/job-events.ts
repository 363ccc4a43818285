/**
 * Rows of the view `job_events` of the table `event_rows`: events of a job besides its ops. With its ops and
 * attempts they form its history, complete enough to explain what happened and why (docs/design.md §3).
 */
import type { State } from '../../contract/words'
import type { Reader, SqlRow, Writer } from './ledger'
import { isOfJob, jobOf, numberWords, opOf, wholeKey, wordOr } from './history-names'
import type { OpAttempt } from './ops'

export const EVENT_KINDS = [
  'planned',
  'lease',
  'renewed',
  'state',
  'recovered',
  'released',
  'retry',
  'held',
  'freed',
  'cancelled',
  'ignored',
  'unignored',
  'requeued',
  'adopted',
  'op',
  'same_work',
  'named',
  'removed',
  'restored'
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export interface NewEvent {
  readonly jobId: string
  readonly at: number
  readonly kind: EventKind
  readonly from?: State
  readonly to?: State
  readonly epoch?: number
  /** the op and attempt that the event is about, or that caused it */
  readonly op?: OpAttempt
  readonly detail?: Readonly<Record<string, unknown>>
}

export function insertEvent(w: Writer, event: NewEvent): void {
  numberWords(w, [event.from, event.to])
  w.run(
    `INSERT INTO event_rows (job, at, kind, from_state, to_state, lease_epoch, detail_json, op, op_attempt)
     VALUES (${jobOf('?1')}, ?2, ?3, ${wordOr('?4')}, ${wordOr('?5')}, ?6, ?7, ?8, ?9)`,
    [
      event.jobId,
      event.at,
      event.kind,
      event.from ?? null,
      event.to ?? null,
      event.epoch ?? null,
      event.detail === undefined ? null : JSON.stringify(event.detail),
      event.op === undefined ? null : opOf(event.op.opKey),
      event.op?.opAttempt ?? null
    ]
  )
}

/** Deletes the events of an unrecorded job that ended or starts over. */
export function deleteEvents(w: Writer, jobId: string): void {
  w.run(`DELETE FROM event_rows WHERE ${isOfJob('?1')}`, [jobId])
}

export function eventsOfJob(r: Reader, jobId: string): SqlRow[] {
  return r.all(
    `SELECT event_id, job_id, at, kind, from_state, to_state, lease_epoch, detail_json,
       ${wholeKey('job_events')} AS op_key, op_attempt
     FROM job_events WHERE ${isOfJob('?1')} ORDER BY event_id`,
    [jobId]
  )
}

/**
 * How often the process died while parsing text for this job, since it last ended or the user requeued it.
 */
export function deathsWhileReading(r: Reader, jobId: string): number {
  const row = r.get(
    `SELECT count(*) AS n FROM job_events WHERE ${isOfJob('?1')} AND kind = 'recovered'
       AND json_extract(detail_json, '$.was_reading') = 1
       AND event_id > coalesce((SELECT max(event_id) FROM job_events
         WHERE ${isOfJob('?1')} AND (kind IN ('retry', 'requeued', 'freed')
           OR kind = 'state' AND to_state IN ('FAILED', 'DEDUPED', 'SKIPPED_DUPLICATE'))), 0)`,
    [jobId]
  )
  return Number(row?.['n'] ?? 0)
}
