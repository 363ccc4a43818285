/**
 * The table `handovers`: items and files handed over to Zotero. A row is written before the request is sent
 * and completed after its answer; a row without an end is unknown, and Zotero is queried about it. The
 * ledger's lock prevents a second process from handing over the same paper.
 */
import type { Reader, SqlRow, Writer } from './ledger'
import { numberOf, numberOrNull, textOf, textOrNull } from './row-values'

export type HandoverKind = 'ITEM' | 'FILE'

export interface Handover {
  readonly opKey: string
  readonly workId: string
  readonly kind: HandoverKind
  readonly itemKey: string | null
  readonly fileKey: string | null
  readonly sessionId: string
  readonly attempt: number
  /** epoch seconds */
  readonly startedAt: number
  readonly finishedAt: number | null
  /** null: not known yet */
  readonly resultCode: string | null
}

export const isHandedOver = (row: Handover | null): boolean =>
  row?.resultCode === 'SUCCESS' || row?.resultCode === 'ADOPTED'

/** Starts a new attempt of the same op, under a new session. */
export function beginHandover(
  w: Writer,
  intent: {
    readonly opKey: string
    readonly workId: string
    readonly kind: HandoverKind
    readonly target: string
    readonly sha256: string | null
    readonly itemKey: string | null
    readonly sessionId: string
    readonly now: number
  }
): void {
  w.run(
    `INSERT INTO handovers (op_key, work_id, kind, target, sha256, item_key, session_id, attempt, started_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)
     ON CONFLICT (op_key) DO UPDATE SET attempt = attempt + 1, sha256 = excluded.sha256,
       item_key = excluded.item_key, file_key = NULL, session_id = excluded.session_id,
       started_at = excluded.started_at, finished_at = NULL, result_code = NULL`,
    [
      intent.opKey,
      intent.workId,
      intent.kind,
      intent.target,
      intent.sha256,
      intent.itemKey,
      intent.sessionId,
      intent.now
    ]
  )
}

/** Adds keys that have become known; null leaves the stored one. */
export function noteHandoverKeys(
  w: Writer,
  opKey: string,
  keys: { readonly itemKey?: string | null; readonly fileKey?: string | null }
): void {
  w.run(
    'UPDATE handovers SET item_key = coalesce(?, item_key), file_key = coalesce(?, file_key) WHERE op_key = ?',
    [keys.itemKey ?? null, keys.fileKey ?? null, opKey]
  )
}

export function endHandover(
  w: Writer,
  opKey: string,
  end: { readonly code: string; readonly now: number }
): void {
  w.run('UPDATE handovers SET result_code = ?, finished_at = ? WHERE op_key = ?', [end.code, end.now, opKey])
}

export function handoverByKey(r: Reader, opKey: string): Handover | null {
  const row = r.get('SELECT * FROM handovers WHERE op_key = ?', [opKey])
  return row === null ? null : handoverOf(row)
}

/** The newest item of a work at this target, or at an unknown target. */
export function itemOfWork(
  r: Reader,
  ask: { readonly workId: string; readonly target: string }
): Handover | null {
  const row = r.get(
    `SELECT * FROM handovers WHERE work_id = ? AND kind = 'ITEM' AND (target = ? OR target = '' OR ? = '')
     ORDER BY started_at DESC LIMIT 1`,
    [ask.workId, ask.target, ask.target]
  )
  return row === null ? null : handoverOf(row)
}

/** The file handed over with an item: a later item of the same work has its own. */
export function fileOfItem(r: Reader, item: Handover): Handover | null {
  const row = r.get(
    `SELECT * FROM handovers WHERE work_id = ? AND kind = 'FILE' AND session_id = ? ORDER BY started_at DESC LIMIT 1`,
    [item.workId, item.sessionId]
  )
  return row === null ? null : handoverOf(row)
}

/** The keys of all handed-over items. */
export function handedItemKeys(r: Reader): string[] {
  return r
    .all("SELECT DISTINCT item_key FROM handovers WHERE kind = 'ITEM' AND item_key IS NOT NULL")
    .map((row) => textOf(row, 'item_key'))
}

function handoverOf(row: SqlRow): Handover {
  return {
    opKey: textOf(row, 'op_key'),
    workId: textOf(row, 'work_id'),
    kind: textOf(row, 'kind') === 'ITEM' ? 'ITEM' : 'FILE',
    itemKey: textOrNull(row, 'item_key'),
    fileKey: textOrNull(row, 'file_key'),
    sessionId: textOf(row, 'session_id'),
    attempt: numberOf(row, 'attempt'),
    startedAt: numberOf(row, 'started_at'),
    finishedAt: numberOrNull(row, 'finished_at'),
    resultCode: textOrNull(row, 'result_code')
  }
}
