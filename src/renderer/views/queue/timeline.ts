/**
 * A history as lines to draw: every op with the questions that were asked under it, events between, the
 * pauses that a person should notice, and the day when it changes. Pure; nothing is left out or reordered
 * but questions, which move under their op.
 */
import { isSameDay } from '../../text/figures'
import type { TimelineEntry } from '../../text/timeline-entry'

/** Shorter pauses are no news. */
export const GAP_SECONDS = 60

export interface EntryLine {
  readonly kind: 'entry'
  readonly id: string
  readonly entry: TimelineEntry
  /** sources and candidates that were asked during this op */
  readonly under: readonly TimelineEntry[]
}
export interface GapLine {
  readonly kind: 'gap'
  readonly id: string
  /** between the end of what was and the beginning of what came; null when only the day is news */
  readonly seconds: number | null
  /** an instant of the new day; null when it is the same day */
  readonly day: number | null
  /** what was before did not end by itself */
  readonly broken: boolean
}
export type Line = EntryLine | GapLine

export function linesOf(entries: readonly TimelineEntry[], now: number): Line[] {
  const lines: Line[] = []
  let before: EntryLine | null = null
  for (const line of groupsOf(entries)) {
    const gap = before === null ? firstDay(line, now) : gapBetween(before, line)
    if (gap !== null) lines.push(gap)
    lines.push(line)
    before = line
  }
  return lines
}

/** Questions stand under the op that asked them. */
function groupsOf(entries: readonly TimelineEntry[]): EntryLine[] {
  const groups: { kind: 'entry'; id: string; entry: TimelineEntry; under: TimelineEntry[] }[] = []
  let asking: (typeof groups)[number] | null = null
  for (const entry of entries) {
    if (entry.kind === 'attempt' && asking !== null) {
      asking.under.push(entry)
      continue
    }
    const group = { kind: 'entry' as const, id: entry.id, entry, under: [] }
    groups.push(group)
    if (entry.kind === 'op') asking = asks(entry) ? group : null
  }
  return groups
}

function asks(entry: TimelineEntry): boolean {
  return entry.op === 'RESOLVE' || entry.op === 'HEAD' || entry.op === 'STREAM'
}

function firstDay(line: EntryLine, now: number): GapLine | null {
  if (isSameDay(line.entry.at, now)) return null
  return { kind: 'gap', id: `day ${line.id}`, seconds: null, day: line.entry.at, broken: false }
}

function gapBetween(before: EntryLine, after: EntryLine): GapLine | null {
  const seconds = after.entry.at - endOf(before)
  const day = isSameDay(before.entry.at, after.entry.at) ? null : after.entry.at
  if (seconds < GAP_SECONDS && day === null) return null
  return {
    kind: 'gap',
    id: `gap ${after.id}`,
    seconds: seconds < GAP_SECONDS ? null : seconds,
    day,
    broken: nodeOf(before.entry) === 'interrupted'
  }
}

function endOf(line: EntryLine): number {
  const ends = [line.entry, ...line.under].map((one) => one.at + (one.elapsedMs ?? 0) / 1000)
  return Math.max(...ends)
}

export const NODES = [
  'interrupted',
  'recovered',
  'reused',
  'continued',
  'adopted',
  'failed',
  'now',
  'done',
  'event'
] as const
/** How an entry's point on the line is drawn: what must be seen at a glance has a sign of its own. */
export type Node = (typeof NODES)[number]

export function nodeOf(entry: TimelineEntry): Node {
  const says = (word: string): boolean => entry.marks.some((mark) => mark.text.startsWith(word))
  if (says('interrupted') || says('outcome unknown')) return 'interrupted'
  if (says('recovered') || entry.raw['kind'] === 'recovered') return 'recovered'
  if (entry.tone === 'now') return 'now'
  if (says('adopted')) return 'adopted'
  if (says('continued')) return 'continued'
  if (entry.tone === 'bad') return 'failed'
  if (says('already done')) return 'reused'
  return entry.kind === 'event' ? 'event' : 'done'
}
