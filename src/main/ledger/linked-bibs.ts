/**
 * The table `linked_bibs`: the user's `.bib` files in which Sheaf maintains links. The content belongs to the
 * user and is read each time; only the files' names, and what was written into them, are stored.
 */
import type { Reader, Writer } from './ledger'
import { numberOf, numberOrNull, textOf } from './row-values'

export interface LinkedBibRow {
  /** absolute */
  readonly path: string
  /** the named list for its papers */
  readonly list: string
  /** total number of `file` links written into it */
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

/** In the order of linking. */
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
