/**
 * Words for an attempt of an op: what was requested or fetched, the result, and what was kept, continued,
 * reused or fetched twice. Pure.
 */
import { counted } from '../../contract/counted'
import { ERRORS } from '../../contract/errors'
import {
  nextAttempt,
  resultOf,
  type HistoryContext,
  type JobHistory,
  type OpFacts
} from '../../contract/job-history'
import type { HeadResult, Resolved, Streamed } from '../../contract/op-results'
import { isManualAddress } from '../../contract/words'
import { isErrorCode, sentenceOfReason, withStop } from '../../contract/reason-words'
import { sourceInSentence } from '../../contract/source-names'
import { ACCEPTED_BY_PERSON, TIERS, type OpKind } from '../../contract/words'
import { bytes as sayBytes, bytesKnown, elapsed, joined, listed, shareKnown, speed } from './figures'
import { NO_FACTS, type EntryWords, type TimelineEntry } from './timeline-entry'

export function opEntry(op: OpFacts, history: JobHistory): TimelineEntry {
  const words = opWords(op, history)
  const { request } = op
  const reached = op.code !== null && op.code !== 'ABANDONED'
  return {
    id: `op:${op.id}`,
    at: op.startedAt,
    kind: 'op',
    ...words,
    marks: [
      ...(op.attempt > 1 ? [{ text: `attempt ${String(op.attempt)}`, tone: 'quiet' as const }] : []),
      ...words.marks,
      ...(op.replays > 0
        ? [
            {
              text: op.replays === 1 ? 'used again' : `used again ×${String(op.replays)}`,
              tone: 'good' as const
            }
          ]
        : [])
    ],
    op: op.kind,
    attempt: op.attempt,
    replays: op.replays,
    // The end of an op that was in flight when Sheaf died is unknown.
    elapsedMs: reached && op.finishedAt !== null ? Math.max(0, (op.finishedAt - op.startedAt) * 1000) : null,
    outcome: request?.outcome ?? null,
    source: request?.source ?? null,
    tier: request === null ? tierOf(op) : request.tier,
    // A file supplied by the user has a name in the ledger, and no address to open.
    url: op.url !== null && isManualAddress(op.url) ? null : op.url,
    status: request === null ? (resultOf(op, 'HEAD')?.status ?? op.failure.status) : request.status,
    from: op.from,
    to: op.to,
    leaseEpoch: op.epoch,
    raw: op.raw
  }
}

/** The result of the right-paper check, as an entry of its own. */
export function checkEntry(op: OpFacts): readonly TimelineEntry[] {
  const provenance = resultOf(op, 'STREAM')?.provenance ?? null
  if (provenance === null || op.finishedAt === null) return []
  const { verdict, verdictBecause, pages, checks } = provenance
  const isAccepted = verdictBecause === ACCEPTED_BY_PERSON
  const sure = verdict === 'match' || isAccepted
  const moment: TimelineEntry = {
    ...NO_FACTS,
    id: `verdict:${op.id}`,
    at: op.finishedAt,
    kind: 'event',
    tone: sure ? 'good' : 'attention',
    title: isAccepted ? 'Accepted by you' : sure ? 'It is the right paper' : 'It may be the right paper',
    detail: withStop(verdictBecause),
    marks: pages === null ? [] : [{ text: counted(pages, 'page'), tone: 'quiet' }],
    leaseEpoch: op.epoch,
    raw: { verdict, because: verdictBecause, checks }
  }
  return [moment]
}

function tierOf(op: OpFacts): TimelineEntry['tier'] {
  const plan = op.plan?.split(':')[0]
  return TIERS.find((tier) => tier === plan) ?? null
}

/** The displayed name of an op. */
export const OP_TITLES: Readonly<Record<OpKind, string>> = {
  RESOLVE: 'Search',
  HEAD: 'Check',
  STREAM: 'Download',
  FINALIZE: 'Finalize',
  INDEX: 'Index',
  DEDUPE: 'Dedupe',
  RENAME: 'Rename'
}

function opWords(op: OpFacts, history: JobHistory): EntryWords {
  const title = OP_TITLES[op.kind]
  if (op.code === null) return { title, ...inProgress(op, history.context) }
  if (op.code === 'OK') return { title, ...done(op) }
  if (op.code === 'ABANDONED') return { title, ...abandoned(op, history) }
  if (op.code === 'INTERRUPTED') return { title, ...stopped(op, history) }
  return { title, ...failed(op, history) }
}

function inProgress(op: OpFacts, { isActive, live }: HistoryContext): Omit<EntryWords, 'title'> {
  if (!isActive) {
    return {
      detail: 'No outcome is recorded: it is asked about before anything is done again.',
      tone: 'attention',
      marks: [{ text: 'outcome unknown', tone: 'attention' }]
    }
  }
  if (op.kind !== 'STREAM' || live === null) return { detail: 'Under way.', tone: 'now', marks: [] }
  const pace = live.bytesPerSecond > 0 ? speed(live.bytesPerSecond) : null
  return {
    detail: joined([bytesKnown(live.bytes, live.totalBytes), pace], ', '),
    tone: 'now',
    marks: continuedMark(live.continuedFrom ?? 0, live.totalBytes)
  }
}

function done(op: OpFacts): Omit<EntryWords, 'title'> {
  const adopted: TimelineEntry['marks'] = op.recovery === 'adopted' ? [{ text: 'adopted', tone: 'good' }] : []
  switch (op.kind) {
    case 'RESOLVE':
      return { detail: sayCandidates(resultOf(op, 'RESOLVE')), tone: 'quiet', marks: [] }
    case 'HEAD':
      return { detail: sayHead(resultOf(op, 'HEAD')), tone: 'quiet', marks: [] }
    case 'STREAM':
      return sayStream(op, resultOf(op, 'STREAM'))
    case 'FINALIZE': {
      const path = resultOf(op, 'FINALIZE')?.paperPath ?? null
      return {
        detail:
          op.recovery === 'adopted'
            ? 'The file was there already, complete and with the right hash; Sheaf kept it.'
            : path === null
              ? 'Under its final name.'
              : `Filed as ${path.replace(/^papers\//, '')}.`,
        tone: 'good',
        marks: adopted
      }
    }
    case 'RENAME': {
      const path = resultOf(op, 'RENAME')?.paperPath ?? ''
      return { detail: `Renamed to ${path.replace(/^papers\//, '')}.`, tone: 'quiet', marks: adopted }
    }
    case 'INDEX':
      return { detail: 'Listed in the library.', tone: 'quiet', marks: adopted }
    case 'DEDUPE': {
      const original = resultOf(op, 'DEDUPE')?.originalArtifactId ?? null
      return original === null
        ? { detail: 'No other paper has the same file.', tone: 'good', marks: adopted }
        : {
            detail: `The same bytes as ${original.replace(/#\w+$/, '')}: stored once.`,
            tone: 'good',
            marks: adopted
          }
    }
  }
}

function sayCandidates(result: Resolved | null): string {
  const candidates = result?.candidates ?? []
  if (candidates.length === 0) {
    return result?.retryable === true ? 'No copy was found; a source had a problem.' : 'No copy was found.'
  }
  const sources = [...new Set(candidates.map((one) => one.source))]
  return `${counted(candidates.length, 'copy', 'copies')} listed by ${listed(sources.map(sourceInSentence))}.`
}

function sayHead(result: HeadResult | null): string {
  if (result === null) return ''
  const total = result.totalBytes
  const type = result.contentType?.split(';')[0]?.trim().toLowerCase() ?? null
  const { etag, lastModified } = result.validator
  const parts = [
    total === null ? 'length unknown' : sayBytes(total),
    type === null ? null : /pdf/.test(type) ? 'PDF' : type,
    etag !== undefined && !/^W\//i.test(etag)
      ? 'strong validator'
      : lastModified !== undefined
        ? 'dated'
        : 'no validator',
    result.asked === 'GET' ? 'asked with its first kilobyte' : null
  ]
  return joined(parts, ', ')
}

function sayStream(op: OpFacts, result: Streamed | null): Omit<EntryWords, 'title'> {
  if (result === null) return { detail: '', tone: 'good', marks: [] }
  const { fetchedBytes: fetched, resumedFrom: from, fetchedTwice: twice, bytes: total } = result
  const seconds = op.finishedAt === null ? 0 : op.finishedAt - op.startedAt
  const isManual = result.provenance.source === 'manual'
  const sentences = [
    isManual
      ? `${sayBytes(total)}, added by you.`
      : fetched === 0
        ? `All ${sayBytes(total)} were on disk already; nothing was downloaded.`
        : `${sayBytes(fetched)} in ${elapsed(seconds * 1000)}${seconds >= 0.05 ? ` (${speed(fetched / seconds)})` : ''}.`,
    from > 0 && fetched > 0 && !isManual
      ? `${sayBytes(from)} were on disk and were not downloaded again.`
      : null,
    twice > 0
      ? `${sayBytes(twice)} on disk ${result.anewBecause === 'changed' ? 'belonged to another version' : 'could not be continued'} and were discarded.`
      : null
  ]
  return {
    detail: joined(sentences, ' '),
    tone: 'good',
    marks: [
      ...(fetched > 0 && !isManual ? continuedMark(from, total) : []),
      ...(fetched === 0 && op.recovery === 'adopted' ? [{ text: 'adopted', tone: 'good' as const }] : []),
      ...(twice > 0 ? [{ text: `${sayBytes(twice)} downloaded twice`, tone: 'attention' as const }] : []),
      ...(op.recovery === 'redone' ? [{ text: 'done again', tone: 'quiet' as const }] : [])
    ]
  }
}

function continuedMark(from: number, total: number | null): TimelineEntry['marks'] {
  if (from <= 0) return []
  const share = shareKnown(from, total)
  return [{ text: share === null ? 'continued' : `continued at ${share}`, tone: 'good' }]
}

/** Sheaf died, or was stopped, while the op was in flight. */
function abandoned(op: OpFacts, history: JobHistory): Omit<EntryWords, 'title'> {
  const { because, isSetBack } = op.failure
  // A success whose file is gone is voided in the same way, with its reason.
  if (isSetBack) {
    return {
      detail: `${withStop(because ?? 'Its file is gone')} The result no longer counts.`,
      tone: 'attention',
      marks: [{ text: 'set back', tone: 'attention' }]
    }
  }
  const kept = op.kind === 'STREAM' ? keptBytes(op, history) : null
  return {
    detail:
      kept === null
        ? 'It was in progress when Sheaf stopped; its result was unknown.'
        : `It was in progress when Sheaf stopped; ${sayBytes(kept)} were kept on disk.`,
    tone: 'attention',
    marks: [{ text: 'interrupted', tone: 'attention' }]
  }
}

function stopped(op: OpFacts, history: JobHistory): Omit<EntryWords, 'title'> {
  const kept = op.kind === 'STREAM' ? keptBytes(op, history) : null
  const { because } = op.failure
  return {
    detail: `${because === null ? '' : `${withStop(because)} `}${kept === null ? 'Nothing was lost.' : `${sayBytes(kept)} were kept on disk.`}`,
    tone: 'quiet',
    marks: [{ text: 'stopped', tone: 'quiet' }]
  }
}

function failed(op: OpFacts, history: JobHistory): Omit<EntryWords, 'title'> {
  const code = op.code ?? ''
  const detail = withStop(op.failure.because ?? sentenceOfReason(code))
  const passes = isErrorCode(code) && ['RetryLater', 'Pause'].includes(ERRORS[code].family)
  const kept = op.kind === 'STREAM' && passes ? keptBytes(op, history) : null
  return {
    detail: kept === null ? detail : `${detail} ${sayBytes(kept)} were kept on disk.`,
    tone: passes ? 'attention' : 'bad',
    marks: [{ text: isErrorCode(code) ? markOf(code) : code, tone: passes ? 'attention' : 'bad' }]
  }
}

/** A short label for the interruption of an op; the sentence has the details. */
function markOf(code: keyof typeof ERRORS): string {
  if (code === 'CONNECTION_RESET' || code === 'STALLED') return 'connection lost'
  if (code === 'WRONG_PAPER') return 'different paper'
  return ERRORS[code].family === 'TryNext'
    ? 'rejected'
    : ERRORS[code].family === 'RetryLater'
      ? 'will be retried'
      : 'failed'
}

/** Bytes that this attempt left on disk, found by the next one or still there. */
function keptBytes(op: OpFacts, { ops, context }: JobHistory): number | null {
  const { live, part } = context
  const next = nextAttempt(ops, op)
  if (next !== null) {
    const streamed = resultOf(next, 'STREAM')
    const found = streamed?.resumedFrom ?? 0
    const discarded = streamed?.fetchedTwice ?? 0
    if (next.code === null && (live?.continuedFrom ?? 0) > 0) return live?.continuedFrom ?? null
    return found > 0 ? found : discarded > 0 ? discarded : null
  }
  const bytes = part?.bytes ?? 0
  return bytes > 0 ? bytes : null
}
