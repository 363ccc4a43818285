/**
 * Which rows of a preview are planned, and what of it goes into a named list: there every entry is a
 * record, also of papers that are here already, and those without a paper say why. Pure.
 */
import type { WorkDraft } from '../../contract/work'
import type { PlanList } from '../sheaf-api'
import type { Preview, PreviewedRow } from './previews'
import { PASTED } from './read-preview'

export interface ChosenRows {
  readonly leaveOut?: readonly number[] | undefined
  /** rows to confirm whose proposed paper is the one that is meant */
  readonly confirmed?: readonly number[] | undefined
}

/** What is new, but the rows left out. */
export function newDrafts({ rows }: Preview, { leaveOut = [], confirmed = [] }: ChosenRows): WorkDraft[] {
  const left = new Set(leaveOut)
  const meant = new Set(confirmed)
  return rows.flatMap(({ row, draft }) =>
    draft !== null &&
    ((row.kind === 'new' && !left.has(row.index)) || (row.kind === 'to_confirm' && meant.has(row.index)))
      ? [draft]
      : []
  )
}

/** Every entry that names a paper, those that name one again too, in the order of their source. */
export function listedDrafts(preview: Preview, chosen: ChosenRows): WorkDraft[] {
  const left = new Set(chosen.leaveOut)
  const meant = new Set(chosen.confirmed)
  const drafts = preview.rows.flatMap((one) => {
    const isLeft = one.row.kind === 'new' && left.has(one.row.index)
    return one.draft === null || isLeft || isUnconfirmed(one, meant) ? [] : [one.draft]
  })
  return [...drafts, ...preview.repeats]
}

/** The list, with the entries of the preview that name no paper. */
export function listOf(name: string, { rows }: Preview, chosen: ChosenRows): PlanList {
  const meant = new Set(chosen.confirmed)
  const refused = rows.flatMap((one) => {
    const { row } = one
    if (one.draft !== null && !isUnconfirmed(one, meant)) return []
    const line = String(row.line ?? `#${String(row.index + 1)}`)
    // Two texts that are pasted have lines of the same number.
    const place =
      row.origin === PASTED ? `${line}: ${(row.text ?? row.title ?? '').slice(0, MOST_QUOTED)}` : line
    return [{ origin: row.origin ?? 'search', place, because: row.because ?? UNCONFIRMED }]
  })
  return { name, refused, named: new Map() }
}

const MOST_QUOTED = 80
/** As a report has it, beside what the readers of reference lists say. */
const UNCONFIRMED = 'Only a title names it, and no paper was confirmed for it.'

function isUnconfirmed({ row }: PreviewedRow, meant: ReadonlySet<number>): boolean {
  return row.kind === 'to_confirm' && !meant.has(row.index)
}
