/**
 * How rows of the history name things in few bytes (schema 17): a job by its number, an op by the first six bytes of
 * its key, and words that recur by their number in `words`. Each may stand there as its text too: a job that no row
 * knows, a word that is new. The views `attempts` and `job_events` show the texts.
 */
import { fenceOf } from './jobs'
import type { SqlValue, Writer } from './ledger'
import { shortKey } from './ops'

/** A detail of a failure that names a page or a paper is no word. */
const MOST_WORD_CHARS = 120
/** Far more than there are sources, reasons, states and sentences; runs come on top, one at a time. */
const MOST_WORDS = 10_000

/** As SQL: what a row has in place of the job's id. */
export function jobOf(parameter: string): string {
  return `coalesce((SELECT numbered.job_no FROM artifact_jobs numbered WHERE numbered.job_id = ${parameter}), ${parameter})`
}

/** As SQL, on rows of the views: those of a job, written before it was recorded or since. */
export function isOfJob(parameter: string): string {
  return `job IN (${parameter}, (SELECT numbered.job_no FROM artifact_jobs numbered WHERE numbered.job_id = ${parameter}))`
}

/** As SQL: what a row has in place of the word. */
export function wordOr(parameter: string): string {
  return `coalesce((SELECT known.word_no FROM words known WHERE known.word = ${parameter}), ${parameter})`
}

/** What a row has in place of the op's key. */
export function opOf(opKey: string): SqlValue {
  const short = shortKey(opKey)
  return /^[0-9a-f]{12}$/.test(short) ? new Uint8Array(Buffer.from(short, 'hex')) : short
}

/**
 * Words that were seen in `words`, by database: nothing removes one, and a paper's history asks for 77. One that a
 * rolled-back transaction wrote may be among them: rows then have the word itself.
 */
const SEEN = new WeakMap<object, Set<string>>()

function seenIn({ database }: Writer): Set<string> {
  const known = SEEN.get(database) ?? new Set<string>()
  SEEN.set(database, known)
  return known
}

/** Numbers the words of a row that is about to be written; a stale grant leaves none behind. */
export function numberWords(
  w: Writer,
  words: readonly (string | null | undefined)[],
  holder?: { readonly jobId: string; readonly epoch: number }
): void {
  const fence = holder === undefined ? '1' : fenceOf('?2', '?3')
  const seen = seenIn(w)
  for (const word of words) {
    if (word === null || word === undefined || seen.has(word) || !isWord(word)) continue
    if (w.get('SELECT 1 FROM words WHERE word = ?', [word]) !== null) {
      seen.add(word)
      continue
    }
    if (Number(w.get('SELECT max(word_no) AS n FROM words')?.['n'] ?? 0) >= MOST_WORDS) return
    const grant = holder === undefined ? [] : [holder.jobId, holder.epoch]
    w.run(`INSERT OR IGNORE INTO words (word) SELECT ?1 WHERE ${fence}`, [word, ...grant])
  }
}

function isWord(text: string): boolean {
  return text.length <= MOST_WORD_CHARS && !text.includes('/')
}
