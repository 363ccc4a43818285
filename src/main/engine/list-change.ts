/**
 * How a list of all papers came from the one that was given before it, so that what was computed of that one,
 * its orders and counts, is brought up to date instead of computed again for a hundred thousand papers.
 */
import type { CatalogPaper } from './catalog-paper'

/** Artifact ids, or everything. */
export type Changed = readonly string[] | 'all'

/** Both changes as one; `before` itself takes the ids. */
export function withChanged(before: Set<string> | 'all', more: Changed): Set<string> | 'all' {
  if (before === 'all' || more === 'all') return 'all'
  for (const id of more) before.add(id)
  return before
}

export interface ListChange {
  readonly before: readonly CatalogPaper[]
  readonly gone: ReadonlySet<CatalogPaper>
  readonly come: ReadonlySet<CatalogPaper>
}

/** A change that grows until the next list is given. */
export interface PendingChange extends ListChange {
  readonly gone: Set<CatalogPaper>
  readonly come: Set<CatalogPaper>
}

const changes = new WeakMap<readonly CatalogPaper[], ListChange>()

/** null: the list was read as a whole. */
export function changeOf(papers: readonly CatalogPaper[]): ListChange | null {
  return changes.get(papers) ?? null
}

export function noteChangeOf(papers: readonly CatalogPaper[], change: ListChange): void {
  // How the list before came to be would keep all earlier ones in memory.
  changes.delete(change.before)
  changes.set(papers, change)
}
