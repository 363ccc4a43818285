/**
 * The table `linked_bibs`: the user's own `.bib` files that Sheaf keeps links in. What is in them stays theirs and
 * is read each time; only which they are, and what was written into them, is kept.
 */
import type { Reader, Writer } from './ledger'
import { numberOf, numberOrNull, textOf } from './row-values'

export interface LinkedBibRow {
  /** absolute */
  readonly path: string
  /** the named list of its papers */
  readonly list: string
  /** `file` links that were written into it, all together */
  readonly links: number
  /** epoch seconds */
  readonly writtenAt: number | null
}

export function linkBib(
  w: Writer,
  bib: { readonly path: string; readonly list: string; readonly now: number }
): void {
  w.run('INSERT INTO linked_bibs (path, list, linked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
    bib.path,
    bib.list,
    bib.now
  ])
}

export function unlinkBib(w: Writer, path: string): void {
  w.run('DELETE FROM linked_bibs WHERE path = ?', [path])
}

export function noteLinksWritten(
  w: Writer,
  path: string,
  written: { readonly links: number; readonly now: number }
): void {
  w.run('UPDATE linked_bibs SET links = links + ?, written_at = ? WHERE path = ?', [
    written.links,
    written.now,
    path
  ])
}

/** In the order in which they were linked. */
export function linkedBibs(r: Reader): LinkedBibRow[] {
  return r
    .all('SELECT path, list, links, written_at FROM linked_bibs ORDER BY linked_at, path')
    .map((row) => ({
      path: textOf(row, 'path'),
      list: textOf(row, 'list'),
      links: numberOf(row, 'links'),
      writtenAt: numberOrNull(row, 'written_at')
    }))
}
