/** Entries of a job's history as sentences, for `ops`. Pure. */
import { EVENT_TITLES } from '../../contract/event-words'
import { sentenceOfReason } from '../../contract/reason-words'
import { keysOf } from '../../contract/tables'
import type { HistoryEntry } from '../sheaf-api'

export function entryInWords({ kind, row }: HistoryEntry): string {
  if (kind === 'op') return sayOp(row)
  return kind === 'attempt' ? sayAttempt(row) : sayEvent(row)
}

function sayOp(row: HistoryEntry['row']): string {
  const name = `${String(row['op_type'])}, attempt ${String(row['attempt'])}`
  const replays = Number(row['replays'])
  const replayed = replays === 0 ? '' : ` Replayed ${String(replays)} times: the stored result was used.`
  const recovery = row['recovery'] === null ? '' : ` After an interruption: ${String(row['recovery'])}.`
  const code = row['result_code']
  if (row['finished_at'] === null) return `${name}: under way, or its outcome is unknown.`
  if (code === 'OK') return `${name}: done.${recovery}${replayed}`
  if (code === 'ABANDONED') return `${name}: in flight when Sheaf stopped; its outcome is unknown.`
  if (code === 'INTERRUPTED') return `${name}: stopped; every byte was kept.`
  return `${name}: ${sentenceOfReason(String(code))}`
}

function sayAttempt(row: HistoryEntry['row']): string {
  const who = `${String(row['source'])}${row['url'] === null ? '' : ` (${String(row['url'])})`}`
  if (row['outcome'] === 'success') return `${who}: answered.`
  const why =
    row['detail'] ?? (row['reason'] === null ? row['outcome'] : sentenceOfReason(String(row['reason'])))
  return `${who}: ${String(why)}`
}

function sayEvent(row: HistoryEntry['row']): string {
  const kind = String(row['kind'])
  switch (kind) {
    case 'lease':
      return `${EVENT_TITLES.lease} (lease ${String(row['lease_epoch'])}).`
    case 'state':
      return `${String(row['from_state'])} → ${String(row['to_state'])}.`
    case 'renewed':
      return 'Still at work; the lease was renewed.'
    case 'released':
      return `${EVENT_TITLES.released}; every byte was kept.`
    case 'requeued':
      return `${EVENT_TITLES.requeued}: its file was missing or damaged.`
    case 'same_work':
      return `${EVENT_TITLES.same_work} that is in the queue.`
    case 'named':
      return `${EVENT_TITLES.named}; its sources are asked again.`
    case 'op':
      return 'An earlier attempt of an op.'
    default: {
      const title = keysOf(EVENT_TITLES).find((one) => one === kind)
      return title === undefined ? kind : `${EVENT_TITLES[title]}.`
    }
  }
}
