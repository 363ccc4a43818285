/**
 * Keys: the same intent has the same key on every machine at any time (docs/design.md §4, §9). A key is the
 * SHA-256 of canonical JSON; the rule is fixed by the shared vectors and must never change, because existing
 * ledgers contain its results. This module does not depend on the meaning of the values.
 */
import { fail } from '../../contract/errors'
import type { OpKind } from '../../contract/words'
import { sha256Hex } from '../platform/sha256'

/** The possible components of a key. Numbers are integers: languages write fractions differently. */
export type KeyValue = null | boolean | number | string | readonly KeyValue[] | KeyObject
export interface KeyObject {
  readonly [name: string]: KeyValue
}

/** The identity of a job: the key form of `UNIQUE(work_id, artifact_id, canonical_url)`. */
export function jobKey(workId: string, artifactId: string, canonicalUrl: string): string {
  return sha256OfJson({
    v: 1,
    kind: 'JOB',
    work_id: workId,
    artifact_id: artifactId,
    url: canonicalUrl,
    role: 'artifact'
  })
}

/** The job id for a job key: a new plan after the loss of a ledger gives the same ids. */
export function jobIdOf(key: string): string {
  return key.slice(0, 32)
}

/**
 * The key of one op. Contexts are listed in docs/design.md §4; a member of the context takes precedence over
 * `v`, `kind` and `job_id`.
 */
export function opKey(kind: OpKind, jobId: string, context: KeyObject): string {
  return sha256OfJson({ v: 1, kind, job_id: jobId, ...context })
}

/** Whether this work is in the canary of `percent` of all works. Permanently stable. */
export function inCanary(workId: string, percent: number): boolean {
  const hash = sha256Hex(`idempotency:${workId}`)
  return Number(BigInt(`0x${hash}`) % 100n) < percent
}

function sha256OfJson(value: KeyObject): string {
  return sha256Hex(canonicalJson(value))
}

/**
 * JSON in one spelling: keys sorted by code point at every level, no spaces, everything but
 * printable ASCII escaped as lower-case `\uXXXX` (U+007F too; pairs above U+FFFF).
 * BROKEN_INVARIANT when the value has no such spelling.
 * Source: Python's `json.dumps(sort_keys=True, separators=(',', ':'))`, which wrote the vectors.
 */
export function canonicalJson(value: KeyValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return canonicalString(value)
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value)
    return fail('BROKEN_INVARIANT', `A key was asked for with the number ${value}, which is not whole.`)
  }
  if (Array.isArray(value)) return `[${(value as readonly KeyValue[]).map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') {
    return fail('BROKEN_INVARIANT', `A key was asked for with a ${typeof value}, which JSON cannot hold.`)
  }
  const entries = Object.entries(value as KeyObject)
  // Names of one object differ, and ASCII ones have the same order by unit and by code point.
  const isAscii = entries.every(([name]) => IS_ASCII.test(name))
  entries.sort(([a], [b]) => (isAscii ? (a < b ? -1 : 1) : compareCodePoints(a, b)))
  return `{${entries.map(([name, member]) => `${canonicalString(name)}:${canonicalJson(member)}`).join(',')}}`
}

function canonicalString(text: string): string {
  if (IS_PLAIN.test(text)) return `"${text}"`
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

const IS_ASCII = /^[\x20-\x7e]*$/
/** JSON writes such text unchanged. */
const IS_PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** JavaScript sorts by UTF-16 unit, which puts U+E000…U+FFFF after every pair; the rule sorts by code point. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a, (char) => char.codePointAt(0) ?? 0)
  const right = Array.from(b, (char) => char.codePointAt(0) ?? 0)
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
