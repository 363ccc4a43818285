/**
 * Reads a ledger's content from its snapshot and journals, without its lock and without changing a byte: for
 * read-only commands while the app or another command holds the ledger. The result is a prefix of what was
 * committed. The owner may replace files meanwhile, so an inconsistent reading is repeated; permanent damage
 * is reported, never repaired here.
 */
import type { Host } from '../platform/host'
import { systemCode } from '../platform/files'
import { damageOr } from './damage-on-disk'
import { readHolder } from './lock'
import type { Reader } from './ledger'
import { migrateQuietly } from './migrate'
import { recover, type Recovered } from './recover'
import { describeDamage } from './repair'
import { loadSqlEngine } from './sql-engine'

export interface LedgerCopy {
  read<T>(ask: (reader: Reader) => T): T
  /** a sentence about what could not be read; null when all could */
  readonly damage: string | null
  /** a live process holds the ledger: its pid */
  readonly heldBy: number | null
  close(): void
}

const TRIES = 20
const BETWEEN_MS = 50

export async function readLedger(host: Host, folder: string): Promise<LedgerCopy> {
  const engine = await loadSqlEngine((path) => host.files.readWhole(path))
  for (let tries = 1; ; tries += 1) {
    const found = await recover(host.files, engine, folder).catch((error: unknown) => {
      // The owner removed a journal, or replaced a snapshot, between listing and reading.
      if (systemCode(error) !== 'ENOENT' || tries >= TRIES) throw error
      return null
    })
    if (found !== null) {
      const damage = describeDamage(found, folder)
      if (damage === null || tries >= TRIES) return copyOf(host, folder, found, damage?.sentence ?? null)
      found.database.close()
    }
    await host.clock.sleep(BETWEEN_MS)
  }
}

async function copyOf(
  host: Host,
  folder: string,
  { database }: Recovered,
  damage: string | null
): Promise<LedgerCopy> {
  try {
    // In memory only: a ledger of an earlier version is read with the current schema.
    database.transact((w) => {
      migrateQuietly(w)
    })
    const holder = await readHolder(host, folder)
    return {
      read: (ask) => {
        try {
          return ask(database.reader)
        } catch (error) {
          throw damageOr(error, database)
        }
      },
      damage,
      heldBy: holder?.pid ?? null,
      close: () => {
        database.close()
      }
    }
  } catch (error) {
    const cause = damageOr(error, database)
    database.close()
    throw cause
  }
}
