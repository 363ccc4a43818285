/**
 * The table `companion_requests`: stored answers by `Idempotency-Key`. A row is durable before the request
 * does anything and gets its answer afterwards; a request without an answer was interrupted, and is executed
 * again.
 */
import type { Reader, Writer } from './ledger'
import { numberOf, textOf, textOrNull } from './row-values'

export interface CompanionRequest {
  readonly key: string
  readonly fingerprint: string
  /** epoch seconds */
  readonly startedAt: number
  /** JSON; null: not answered yet */
  readonly answer: string | null
}

export function companionRequest(r: Reader, key: string): CompanionRequest | null {
  const row = r.get('SELECT key, fingerprint, started_at, answer FROM companion_requests WHERE key = ?', [
    key
  ])
  if (row === null) return null
  return {
    key: textOf(row, 'key'),
    fingerprint: textOf(row, 'fingerprint'),
    startedAt: numberOf(row, 'started_at'),
    answer: textOrNull(row, 'answer')
  }
}

/** Inserts the key and deletes keys older than `forgetBefore` (epoch seconds). */
export function beginCompanionRequest(
  w: Writer,
  request: {
    readonly key: string
    readonly fingerprint: string
    readonly now: number
    readonly forgetBefore: number
  }
): void {
  w.run('DELETE FROM companion_requests WHERE started_at < ?', [request.forgetBefore])
  w.run('INSERT OR IGNORE INTO companion_requests (key, fingerprint, started_at) VALUES (?, ?, ?)', [
    request.key,
    request.fingerprint,
    request.now
  ])
}

export function endCompanionRequest(
  w: Writer,
  key: string,
  end: { readonly answer: string; readonly now: number }
): void {
  w.run('UPDATE companion_requests SET answer = ?, finished_at = ? WHERE key = ?', [end.answer, end.now, key])
}
