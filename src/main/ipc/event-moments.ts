/**
 * Events beside the ops, told: leases and their recovery, a person's hand, what went back to work, and
 * the ends that no op tells. Pure.
 */
import { STATES, type State } from '../../contract/words'
import type { MomentTone, MomentView } from '../../contract/job-views'
import type { MomentAround } from './op-moments'
import { numberIn, objectIn, textIn, textsIn, wordIn, type Row } from './rows'
import { isErrorCode, sayDuration, sayTime, sentenceOfReason, withStop } from './wording'

interface Told {
  readonly title: string
  readonly detail?: string
  readonly tone?: MomentTone
  readonly marks?: MomentView['marks']
}

export function eventMoment(row: Row, around: MomentAround): MomentView {
  const told = tell(row, around)
  return {
    id: `event:${String(row['event_id'])}`,
    at: numberIn(row, 'at') ?? 0,
    kind: 'event',
    tone: told.tone ?? 'quiet',
    title: told.title,
    detail: told.detail ?? '',
    marks: told.marks ?? [],
    op: null,
    attempt: null,
    replays: 0,
    elapsedMs: null,
    outcome: null,
    source: null,
    tier: null,
    url: null,
    status: null,
    from: wordIn(row, 'from_state', STATES),
    to: wordIn(row, 'to_state', STATES),
    leaseEpoch: numberIn(row, 'lease_epoch'),
    raw: row
  }
}

function tell(row: Row, around: MomentAround): Told {
  const detail = objectIn(row, 'detail_json')
  switch (row['kind']) {
    case 'planned':
      return { title: 'Planned', detail: originOf(detail) }
    case 'lease':
      return leased(row, detail, around)
    case 'state':
      return moved(wordIn(row, 'to_state', STATES), detail, around)
    case 'recovered':
      return {
        title: 'Recovered the stale lease',
        detail: `${ownerOf(textIn(detail, 'owner'), around)} had stopped without giving it back; every byte on disk was kept.`,
        tone: 'attention',
        marks: grantMark(row)
      }
    case 'released':
      return released(detail, around)
    case 'retry':
      return { title: 'Put back by you', detail: 'It is tried again from the first source on.' }
    case 'held':
      return { title: 'Paused by you' }
    case 'freed':
      return { title: 'Resumed by you' }
    case 'cancelled':
      return { title: 'Cancelled by you', tone: 'attention' }
    case 'ignored':
      return { title: 'Set aside by you' }
    case 'unignored':
      return { title: 'Taken up again by you' }
    case 'requeued':
      return {
        title: 'Back to work',
        detail: withStop(
          textIn(detail, 'because') ?? 'Its file was missing or damaged, so it is fetched again'
        ),
        tone: 'attention'
      }
    case 'same_work':
      return {
        title: 'The same work as another',
        detail: `It was planned before under ${namesOf(detail)}; the two are one now.`
      }
    case 'named':
      return { title: 'Another name became known', detail: 'The sources are asked again under it.' }
    case 'removed':
      return {
        title: 'Removed by you',
        detail: 'It stays removed until you take that back.',
        tone: 'attention'
      }
    case 'restored':
      return { title: 'The removal was taken back', detail: 'It is fetched again.' }
    default:
      return { title: String(row['kind']) }
  }
}

function originOf(detail: Row): string {
  const name = textIn(detail, 'name')
  const line = numberIn(detail, 'line')
  if (name === null) return ''
  return line === null ? `From ${name}.` : `From ${name}, line ${String(line)}.`
}

function leased(row: Row, detail: Row, around: MomentAround): Told {
  const attempt = numberIn(detail, 'attempt') ?? 1
  const waited = numberIn(detail, 'wait_ms') ?? 0
  const owner = textIn(detail, 'owner')
  const by =
    owner === null || isHere(owner, around) ? 'this computer' : (hostOfOwner(owner) ?? 'another computer')
  return {
    title: `Leased by ${by}`,
    detail: waited >= 1_000 ? `It had waited ${sayDuration(waited)} for its turn.` : '',
    marks: [
      ...grantMark(row),
      ...(attempt > 1 ? [{ text: `attempt ${String(attempt)}`, tone: 'quiet' as const }] : [])
    ]
  }
}

function grantMark(row: Row): MomentView['marks'] {
  const epoch = numberIn(row, 'lease_epoch')
  return epoch === null ? [] : [{ text: `grant ${String(epoch)}`, tone: 'quiet' }]
}

function released(detail: Row, around: MomentAround): Told {
  const notBefore = numberIn(detail, 'not_before')
  return {
    title: 'Given back unfinished',
    detail:
      notBefore === null
        ? 'Every byte was kept.'
        : `Every byte was kept; it goes on from ${sayTime(notBefore, around.now)} on.`
  }
}

function moved(to: State | null, detail: Row, around: MomentAround): Told {
  const next = numberIn(detail, 'next')
  switch (to) {
    case 'FAILED': {
      const reason = textIn(detail, 'reason')
      const because = textIn(detail, 'because') ?? (reason === null ? '' : sentenceOfReason(reason))
      return {
        title: next === null ? 'Failed' : 'Put off',
        detail:
          next === null
            ? withStop(because)
            : `${withStop(because)} It is tried again at ${sayTime(next, around.now)}.`,
        tone: next === null ? 'bad' : 'attention',
        marks:
          reason !== null && isErrorCode(reason)
            ? [{ text: reason, tone: next === null ? 'bad' : 'attention' }]
            : []
      }
    }
    case 'SKIPPED_DUPLICATE':
      return {
        title: 'Linked to the same file',
        detail: 'These very bytes are in the library already; nothing is stored twice.',
        tone: 'good'
      }
    case 'FINALIZED':
      return { title: 'Filed', tone: 'good' }
    case 'INDEXED':
      return { title: 'Indexed', tone: 'good' }
    case 'DEDUPED':
      return { title: 'In your library', tone: 'good' }
    case null:
      return { title: 'Moved' }
    default:
      return { title: to }
  }
}

function namesOf(detail: Row): string {
  const names = textsIn(detail, 'names').map((name) => name.replace(/^(\w+):/, '$1 '))
  return names.length === 0 ? 'another name' : names.join(' and ')
}

/** `host:pid:start` */
function hostOfOwner(owner: string): string | null {
  return /^(.*):\d+:\d+$/.exec(owner)?.[1] ?? null
}
function isHere(owner: string, around: MomentAround): boolean {
  return hostOfOwner(owner) === around.hostname
}
function ownerOf(owner: string | null, around: MomentAround): string {
  if (owner === null || isHere(owner, around)) return 'The Sheaf that held it'
  return `Sheaf on ${hostOfOwner(owner) ?? 'another computer'}`
}
