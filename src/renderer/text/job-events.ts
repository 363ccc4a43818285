/**
 * Words for events besides the ops: leases and their recovery, user actions, requeued jobs, and ends without
 * an op. Pure.
 */
import type { EventFacts, HistoryContext, RawRow } from '../../contract/job-history'
import { isErrorCode, sentenceOfReason, withStop } from '../../contract/reason-words'
import { EVENT_TITLES } from '../../contract/event-words'
import type { State } from '../../contract/words'
import { elapsed, instant, listed } from './figures'
import { IN_LIBRARY, IS_DUPLICATE } from './job-words'
import { DRAWER } from './queue'
import { NO_FACTS, type EntryWords, type TimelineEntry } from './timeline-entry'
import { numberIn, textIn, textsOf } from '../../contract/unknown-values'

type EventWords = Pick<EntryWords, 'title'> & Partial<EntryWords>

export function eventEntry(event: EventFacts, context: HistoryContext): TimelineEntry {
  const words = eventWords(event, context)
  return {
    ...NO_FACTS,
    id: `event:${event.id}`,
    at: event.at,
    kind: 'event',
    tone: words.tone ?? 'quiet',
    title: words.title,
    detail: words.detail ?? '',
    marks: words.marks ?? [],
    from: event.from,
    to: event.to,
    leaseEpoch: event.epoch,
    raw: event.raw
  }
}

function eventWords(event: EventFacts, context: HistoryContext): EventWords {
  const { detail } = event
  switch (event.kind) {
    case 'planned':
      return { title: EVENT_TITLES.planned, detail: originOf(detail) }
    case 'lease':
      return leased(detail, context)
    case 'state':
      return moved(event.to, detail, context)
    case 'recovered':
      if (detail['was_reading'] === true) {
        return {
          title: 'Interrupted while it was read; it is tried last',
          detail: 'Sheaf had ended, or was ended, while it read what was sent for this paper.',
          tone: 'attention'
        }
      }
      return {
        title: EVENT_TITLES.recovered,
        detail: `${ownerOf(textIn(detail, 'owner'), context)} had stopped; every byte on disk was kept.`,
        tone: 'attention'
      }
    case 'released':
      return released(detail, context)
    case 'retry':
      return { title: EVENT_TITLES.retry, detail: 'Sheaf asks all sources again.' }
    case 'held':
      return { title: EVENT_TITLES.held }
    case 'freed':
      return { title: EVENT_TITLES.freed }
    case 'cancelled':
      return { title: EVENT_TITLES.cancelled, tone: 'attention' }
    case 'ignored':
      return { title: EVENT_TITLES.ignored }
    case 'unignored':
      return { title: EVENT_TITLES.unignored }
    case 'requeued':
      return {
        title: EVENT_TITLES.requeued,
        detail: withStop(
          textIn(detail, 'because') ?? 'Its file was missing or damaged, so it is downloaded again'
        ),
        tone: 'attention'
      }
    case 'same_work':
      return {
        title: EVENT_TITLES.same_work,
        detail: `It was in the queue as ${namesOf(detail)}; both are one entry now.`
      }
    case 'named':
      return { title: EVENT_TITLES.named, detail: 'Sheaf asks the sources again with it.' }
    case 'removed':
      return {
        title: EVENT_TITLES.removed,
        detail: 'It stays removed until you undo this.',
        tone: 'attention'
      }
    case 'restored':
      return { title: EVENT_TITLES.restored, detail: 'It is downloaded again.' }
    default:
      return { title: event.kind }
  }
}

function originOf(detail: RawRow): string {
  const name = textIn(detail, 'name')
  const line = numberIn(detail, 'line')
  if (name === null) return ''
  return line === null ? `From ${name}.` : `From ${name}, line ${String(line)}.`
}

function leased(detail: RawRow, context: HistoryContext): EventWords {
  const attempt = numberIn(detail, 'attempt') ?? 1
  const waited = numberIn(detail, 'wait_ms') ?? 0
  const owner = textIn(detail, 'owner')
  const by = owner === null || isHere(owner, context) ? null : (hostOfOwner(owner) ?? 'another computer')
  return {
    title: by === null ? EVENT_TITLES.lease : `Started on ${by}`,
    detail: waited >= 1_000 ? `It waited ${elapsed(waited)} in the queue.` : '',
    marks: attempt > 1 ? [{ text: `attempt ${String(attempt)}`, tone: 'quiet' }] : []
  }
}

function released(detail: RawRow, context: HistoryContext): EventWords {
  const notBefore = numberIn(detail, 'not_before')
  return {
    title: EVENT_TITLES.released,
    detail:
      notBefore === null
        ? 'Every byte was kept.'
        : `Every byte was kept; it continues at ${instant(notBefore, context.now)}.`
  }
}

function moved(to: State | null, detail: RawRow, context: HistoryContext): EventWords {
  const next = numberIn(detail, 'next')
  switch (to) {
    case 'FAILED': {
      const reason = textIn(detail, 'reason')
      const because = textIn(detail, 'because') ?? (reason === null ? '' : sentenceOfReason(reason))
      return {
        title: next === null ? DRAWER.steps.FAILED : 'Will be retried',
        detail:
          next === null
            ? withStop(because)
            : `${withStop(because)} Next try at ${instant(next, context.now)}.`,
        tone: next === null ? 'bad' : 'attention',
        marks:
          reason !== null && isErrorCode(reason)
            ? [{ text: reason, tone: next === null ? 'bad' : 'attention' }]
            : []
      }
    }
    case 'SKIPPED_DUPLICATE':
      return {
        title: IS_DUPLICATE,
        detail: 'The library already has this file; nothing is stored twice.',
        tone: 'good'
      }
    case 'FINALIZED':
      return { title: DRAWER.steps.FINALIZED, tone: 'good' }
    case 'INDEXED':
      return { title: DRAWER.steps.INDEXED, tone: 'good' }
    case 'DEDUPED':
      return { title: IN_LIBRARY, tone: 'good' }
    case null:
      return { title: 'Moved' }
    default:
      return { title: to }
  }
}

function namesOf(detail: RawRow): string {
  const names = textsOf(detail['names']).map((name) => name.replace(/^(\w+):/, '$1 '))
  return names.length === 0 ? 'another name' : listed(names)
}

/** `host:pid:start` */
function hostOfOwner(owner: string): string | null {
  return /^(.*):\d+:\d+$/.exec(owner)?.[1] ?? null
}
function isHere(owner: string, context: HistoryContext): boolean {
  return hostOfOwner(owner) === context.hostname
}
function ownerOf(owner: string | null, context: HistoryContext): string {
  if (owner === null || isHere(owner, context)) return 'Sheaf'
  return `Sheaf on ${hostOfOwner(owner) ?? 'another computer'}`
}
