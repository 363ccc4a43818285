/**
 * Opens a ledger: takes the lock, recovers the folder's content, starts a journal of its own, migrates the
 * schema. The report lists everything repaired or given up; it never silently starts empty. When it throws,
 * the lock is released and nothing is lost: a damaged file may have been renamed and kept.
 */
import { isSheafError, SheafError } from '../../contract/errors'
import type { Host } from '../platform/host'
import { troubleOf } from './disk-trouble'
import type { Ledger, LedgerOptions, RecoveryReport } from './ledger'
import { LiveLedger } from './live-ledger'
import { takeLock, type Lock } from './lock'
import { getMeta, setMeta } from './meta'
import { migrate, schemaVersion, SCHEMA_VERSION } from './migrate'
import { recover, type Recovered } from './recover'
import { describeDamage, keepAside, type Damage } from './repair'
import { loadSqlEngine } from './sql-engine'
import { unusableFolder } from '../platform/disk-errors'

export async function openLedger(host: Host, options: LedgerOptions): Promise<Ledger> {
  const { folder } = options
  try {
    await host.files.makeFolder(folder)
  } catch (error) {
    throw unusableFolder(error, `The data folder ${folder}`)
  }
  const lock = await takeLock(host, folder)
  try {
    sayTakeover(host, lock)
    return await openLocked(host, options, lock).catch((error: unknown) => {
      // A migration met a damaged block of a snapshot on disk: reading the file as a whole recovers at once.
      if (!isSheafError(error, 'LEDGER_DAMAGED') || options.onDamage === 'throw') throw error
      return openLocked(host, { ...options, sizes: { ...options.sizes, onDiskBytes: Infinity } }, lock)
    })
  } catch (error) {
    await lock.release().catch(() => undefined)
    // An error without a code of ours at this point came from the disk.
    throw error instanceof SheafError ? error : asDiskError(error, folder)
  }
}

async function openLocked(host: Host, options: LedgerOptions, lock: Lock): Promise<Ledger> {
  const { folder } = options
  const engine = await loadSqlEngine((path) => host.files.readWhole(path))
  const found = await recover(host.files, engine, folder, options.sizes?.onDiskBytes)
  try {
    const damage = await mend(host, options, found)
    const fresh = schemaVersion(found.database.reader) < SCHEMA_VERSION
    const holder = lock.tookOverFrom
    const recovery: RecoveryReport = {
      schemaMigrated: fresh,
      replayed: found.replayed,
      tornTail: found.tornTail,
      damage,
      tookOverFrom: holder?.pid ?? null,
      deadOwner: holder === null ? null : `${holder.hostname}:${holder.pid}:${holder.startedAt}`
    }
    const ledger = await LiveLedger.begin({ host, options, lock, engine, found, recovery })
    try {
      await ledger.commitOrFail((writer) => {
        if (fresh) migrate(writer, host.log)
        if (getMeta(writer, 'ledger_id') === null) setMeta(writer, 'ledger_id', ledger.ledgerId)
        if (damage !== null) {
          setMeta(writer, 'damage_reported', JSON.stringify({ ...damage, at: host.clock.now() }))
        }
      })
      return ledger
    } catch (error) {
      await ledger.abandon()
      throw error
    }
  } catch (error) {
    found.database.close()
    throw error
  }
}

async function mend(host: Host, options: LedgerOptions, found: Recovered): Promise<Damage | null> {
  const { folder } = options
  if (found.tornTail) {
    host.log.warn('The last line of the journal was torn and is dropped: it was never acknowledged.', {
      goodUntil: found.seq
    })
  }
  const damage = describeDamage(found, folder)
  if (damage === null) return null
  if (options.onDamage === 'throw') {
    const hint = 'Nothing was touched. Open it with recovery to keep the damaged file aside and go on.'
    throw new SheafError('LEDGER_DAMAGED', damage.sentence, { hint, facts: { ...damage } })
  }
  const kept = await keepAside(host.files, folder, found, host.clock.now())
  const keptFile = kept[0] ?? folder
  const sentence = `${damage.sentence} The damaged file was kept as ${keptFile}.`
  host.log.error(sentence, { kept, goodUntil: damage.goodUntil })
  return { ...damage, keptFile, sentence }
}

function sayTakeover(host: Host, lock: Lock): void {
  const { tookOverFrom } = lock
  if (tookOverFrom !== null) {
    host.log.warn(`The lock of pid ${tookOverFrom.pid}, which no longer runs, was taken over.`, {
      pid: tookOverFrom.pid,
      since: tookOverFrom.since
    })
  } else if (lock.tookOverNameless) {
    host.log.warn('A lock without an owner was taken over: its process died while writing it.')
  }
}

function asDiskError(error: unknown, folder: string): SheafError {
  const { code, sentence } = troubleOf(error, folder)
  return new SheafError(code, sentence, { cause: error })
}
