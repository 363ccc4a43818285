/**
 * Previews that are not planned yet: rows with their drafts, by preview id. A few are kept, the oldest is
 * dropped first, and nothing is written to disk.
 */
import { fail } from '../../contract/errors'
import { PREVIEW_KINDS, type PreviewRow, type PreviewView } from '../../contract/add-views'
import type { ForecastFacts } from '../../contract/lines'
import type { WorkDraft } from '../../contract/work'
import type { Session } from '../session/session-api'
import { tableOf } from '../../contract/tables'

export interface Preview {
  readonly previewId: string
  readonly rows: readonly PreviewedRow[]
  readonly repeated: number
  /** repetitions of works: records of their own in a list */
  readonly repeats: readonly WorkDraft[]
  readonly available: number | null
  readonly forecast?: ForecastFacts | null
}
export interface PreviewedRow {
  readonly row: PreviewRow
  /** the draft to plan; null for an entry that was not understood */
  readonly draft: WorkDraft | null
  /** identified only by a title, which can be looked up */
  readonly unnamed?: WorkDraft
}

const MOST_PREVIEWS = 8
const FIRST_ROWS = 200

export class PreviewStore {
  readonly #kept = new Map<string, Preview>()

  keep(preview: Preview): PreviewView {
    this.#kept.set(preview.previewId, preview)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_PREVIEWS) break
      this.#kept.delete(oldest)
    }
    return viewOf(preview)
  }

  /** NO_SUCH_PREVIEW when it was discarded, planned, or replaced by newer ones. */
  get(previewId: string): Preview {
    return this.#kept.get(previewId) ?? fail('NO_SUCH_PREVIEW')
  }

  /** The same preview with other rows or another forecast; NO_SUCH_PREVIEW when it is gone. */
  renew(previewId: string, changed: Partial<Pick<Preview, 'rows' | 'forecast'>>): PreviewView {
    const renewed = { ...this.get(previewId), ...changed }
    this.#kept.set(previewId, renewed)
    return viewOf(renewed)
  }

  discard(previewId: string): void {
    this.#kept.delete(previewId)
  }
}

const stores = new WeakMap<Session, PreviewStore>()

/** The previews of a session, shared by handlers and shell. */
export function previewsOf(session: Session): PreviewStore {
  const known = stores.get(session)
  if (known !== undefined) return known
  const made = new PreviewStore()
  stores.set(session, made)
  return made
}

export function viewOf(preview: Preview): PreviewView {
  const counts = tableOf(PREVIEW_KINDS, () => 0)
  for (const { row } of preview.rows) counts[row.kind] += 1
  return {
    previewId: preview.previewId,
    counts,
    repeated: preview.repeated,
    rows: preview.rows.slice(0, FIRST_ROWS).map(({ row }) => row),
    total: preview.rows.length,
    available: preview.available,
    titles: preview.rows.filter(({ row, unnamed }) => unnamed !== undefined && row.match === null).length,
    sure: preview.rows.flatMap(({ row }) =>
      row.kind === 'to_confirm' && row.match?.verdict === 'sure' ? [row.index] : []
    ),
    unlooked: preview.rows.filter(({ row }) => row.kind === 'new' && row.copy === null).length,
    forecast: preview.forecast ?? null
  }
}
