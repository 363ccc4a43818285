/**
 * The table `_meta`: the ledger's facts about itself, one text value per key. Keys in use: `schema_version`,
 * `ledger_id`, `journal_seq` (only in a snapshot: the commit it includes), `damage_reported`, and values that
 * other modules keep across restarts.
 */
import type { Reader, Writer } from './ledger'
import { textOf } from './row-values'

export function getMeta(reader: Reader, key: string): string | null {
  const row = reader.get('SELECT value FROM _meta WHERE key = ?', [key])
  return row === null ? null : textOf(row, 'value')
}

/** With the key and its value as parameters. */
export const SET_META =
  'INSERT INTO _meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'

export function setMeta(writer: Writer, key: string, value: string): void {
  writer.run(SET_META, [key, value])
}

export function deleteMeta(writer: Writer, key: string): void {
  writer.run('DELETE FROM _meta WHERE key = ?', [key])
}
