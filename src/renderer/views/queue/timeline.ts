/**
 * A history as lines to draw: every op with its queries below it, events in between, notable pauses, and
 * changes of the day. Pure; nothing is left out, and only queries are reordered, under their op.
 */
import { isSameDay } from '../../text/figures'
import type { TimelineEntry } from '../../text/timeline-entry'

/** Shorter pauses are not shown. */
export const GAP_SECONDS = 60

export interface EntryLine {
  readonly kind: 'entry'
  readonly id: string
  readonly entry: TimelineEntry
  /** queries to sources and candidates during this op */
  readonly under: readonly TimelineEntry[]
}
export interface GapLine {
  readonly kind: 'gap'
  readonly id: string
  /** length of the pause; null when only the day changed */
  readonly seconds: number | null
  /** an instant of the new day; null when it is the same day */
  readonly day: number | null
  /** the entry before was interrupted */
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

/** Groups queries under the op that made them. */
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
/** The icon of an entry on the line: important outcomes have their own. */
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
