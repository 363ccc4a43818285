/**
 * How rows of the history name things in few bytes (schemas 17 and 20): a job by its number, an op by its key as bytes,
 * in other rows by the first six of them, its kind by number, and words that recur by their number in `words`. Each may
 * stand there as its text too: a job without a row, a word that is new. The views `artifact_ops`, `attempts` and
 * `job_events` show the texts.
 */
import { OP_KINDS, type OpKind } from '../../contract/words'
import { isSha256, objectPath } from '../platform/recorded-path'
import { fenceOf } from './leases'
import type { SqlValue, Writer } from './ledger'
import { askNumber } from './row-values'

/** Details of failures that name a page or a paper are not stored as words. */
const MOST_WORD_CHARS = 120
/** Far more than the sources, reasons, states and sentences; runs add one each. */
const MOST_WORDS = 10_000
/** Addresses of questions about many papers, one for fifty of them, leave numbers for other words. */
export const MOST_WITH_ADDRESSES = MOST_WORDS / 2

/** As SQL: the stored form of the job's id. */
export function jobOf(parameter: string): string {
  return `coalesce((SELECT numbered.job_no FROM artifact_jobs numbered WHERE numbered.job_id = ${parameter}), ${parameter})`
}

/** As SQL, on rows of the views: the rows of a job, written before or after it was recorded. */
export function isOfJob(parameter: string): string {
  return `job IN (${parameter}, (SELECT numbered.job_no FROM artifact_jobs numbered WHERE numbered.job_id = ${parameter}))`
}

/** As SQL: the stored form of a word. */
export function wordOr(parameter: string): string {
  return `coalesce((SELECT known.word_no FROM words known WHERE known.word = ${parameter}), ${parameter})`
}

/** As SQL: the word of a stored form. */
export function wordAt(column: string): string {
  return `CASE typeof(${column}) WHEN 'integer' THEN (SELECT known.word FROM words known WHERE known.word_no = ${column}) ELSE ${column} END`
}

/** What the row of an op has in place of its key. */
export function keyOf(opKey: string): SqlValue {
  return isSha256(opKey) ? new Uint8Array(Buffer.from(opKey, 'hex')) : opKey
}

/** As SQL: the stored form of a key or a hash, from its hexadecimal text. */
export function keyOfText(text: string): string {
  return `CASE WHEN length(${text}) = 64 AND ${text} = lower(${text}) THEN coalesce(unhex(${text}), ${text}) ELSE ${text} END`
}

/** What the row of an op has in place of its context: the content hash, where the context says no more. */
export function contextOf(kind: OpKind, contextJson: string): SqlValue {
  const hash = /^\{"sha256":"([0-9a-f]{64})"/.exec(contextJson)?.[1]
  return hash !== undefined && contextJson === contextOfHash(kind, hash)
    ? new Uint8Array(Buffer.from(hash, 'hex'))
    : contextJson
}

const SAID_BY: Partial<Readonly<Record<OpKind, OpKind>>> = {
  STREAM: 'HEAD',
  INDEX: 'FINALIZE',
  DEDUPE: 'FINALIZE'
}

/**
 * As SQL, for a new row: the stored form of a context, or how many rows further the op of the same job is whose context
 * says the rest: the HEAD of a STREAM, the FINALIZE of INDEX and DEDUPE.
 */
export function contextBeside(kind: OpKind, job: string, context: string): string {
  const says = SAID_BY[kind]
  if (says === undefined) return context
  const said = kind === 'STREAM' ? `'{"range_start":0,' || substr(other.context, 2)` : 'other.context'
  return `coalesce((SELECT other.op_no - (SELECT max(op_no) + 1 FROM op_rows) FROM op_rows other
    WHERE other.job = ${jobOf(job)} AND other.op_type = ${String(typeNumber(says))} AND ${said} = ${context}
      AND typeof(other.context) = '${kind === 'STREAM' ? 'text' : 'blob'}' LIMIT 1), ${context})`
}

/** As the view `artifact_ops` shows it. */
function contextOfHash(kind: OpKind, sha256: string): string | null {
  if (kind === 'FINALIZE') return JSON.stringify({ sha256, target_path: objectPath(sha256, 'pdf') })
  return kind === 'INDEX' || kind === 'DEDUPE' ? JSON.stringify({ sha256 }) : null
}

/** What the row of an op has in place of its kind. */
export function typeNumber(kind: OpKind): number {
  return OP_KINDS.indexOf(kind) + 1
}

/** The stored form of the op's key. */
export function opOf(opKey: string): SqlValue {
  const short = shortKey(opKey)
  return /^[0-9a-f]{12}$/.test(short) ? new Uint8Array(Buffer.from(short, 'hex')) : short
}

/** How many digits of an op's key name it within its job: in rows of `attempts` and `job_events`. */
const SHORT_KEY = 12

/** The key as those rows have it. */
export function shortKey(opKey: string): string {
  return opKey.slice(0, SHORT_KEY)
}

/** As SQL: the whole key of the op that a row of the view `table` names; rows of earlier versions have it themselves. */
export function wholeKey(table: string): string {
  return `coalesce((SELECT named.op_key FROM artifact_ops named WHERE named.job IN (${table}.job, ${table}.job_id)
    AND substr(named.op_key, 1, ${String(SHORT_KEY)}) = ${table}.op_key), ${table}.op_key)`
}

/**
 * Words that were seen in `words`, by database: nothing removes one, and a paper's history looks up 77. One that a
 * rolled-back transaction wrote may be among them: rows then have the word itself.
 */
const SEEN = new WeakMap<object, Set<string>>()

function seenIn({ database }: Writer): Set<string> {
  const known = SEEN.get(database) ?? new Set<string>()
  SEEN.set(database, known)
  return known
}

/** Assigns numbers to the words of a row about to be written; a stale lease adds none. */
export function numberWords(
  w: Writer,
  words: readonly (string | null | undefined)[],
  holder?: WordHolder,
  most = MOST_WORDS
): void {
  for (const word of words)
    if (word !== null && word !== undefined && isWord(word)) isNumbered(w, word, holder, most)
}

interface WordHolder {
  readonly jobId: string
  readonly epoch: number
}

/** Whether the text has a number, by now: a stale lease gives it none, nor does a list of words that is full. */
export function isNumbered(w: Writer, word: string, holder?: WordHolder, most = MOST_WORDS): boolean {
  const seen = seenIn(w)
  if (seen.has(word)) return true
  if (w.get('SELECT 1 FROM words WHERE word = ?', [word]) !== null) {
    seen.add(word)
    return true
  }
  if (askNumber(w, 'SELECT max(word_no) AS n FROM words') >= most) return false
  const fence = holder === undefined ? '1' : fenceOf('?2', '?3')
  const grant = holder === undefined ? [] : [holder.jobId, holder.epoch]
  return w.run(`INSERT OR IGNORE INTO words (word) SELECT ?1 WHERE ${fence}`, [word, ...grant]) === 1
}

function isWord(text: string): boolean {
  return text.length <= MOST_WORD_CHARS && !text.includes('/')
}

/** A word that every JSON tool reads back: without control characters and unpaired surrogates. */
export function isPlainWord(text: string): boolean {
  return isWord(text) && !/[\p{Cc}\p{Cs}]/u.test(text)
}
