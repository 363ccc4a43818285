/**
 * Reads the ledger of a data folder: the newest sound snapshot and the journals after it. Invariants: the result is a
 * prefix of what was committed; an acknowledged transaction is missing only when its bytes are damaged, and then the
 * damage is reported; no file is changed here (`keepAside` in `repair.ts` moves damaged ones).
 *
 * Which lines count: journals are named by their first transaction. A file that begins at F supersedes all lines from F
 * on in older files: they were never acknowledged there (see `journal.ts`), or the file ended before F. Lines beyond
 * that limit are not read, and a torn tail there loses nothing. Up to the limit every number must be there: an invalid
 * line, a file that ends early and a missing file are damage, and everything after it is kept aside. Only the tail of
 * the last file may be torn.
 */
import type { Files } from '../platform/files'
import { Database, type Statement } from './database'
import { journalName, journalsIn, readJournal, type JournalReading } from './journal-file'
import { getMeta } from './meta'
import { assertNotTooNew, schemaVersion } from './migrate'
import type { SqlEngine } from './sql-engine'
import { LEDGER_SIZES } from './sizes'
import { openSnapshotFile, PREVIOUS, readSums, SNAPSHOT, type SnapshotSum } from './snapshot-file'
import { messageOf } from '../../contract/errors'

/** Damage of the journals, and the files after it. */
export interface JournalDamage {
  /** the file with the damage; null when a file is missing */
  readonly file: string | null
  /** length of its valid part; 0 when it is unusable */
  readonly goodBytes: number
  /** journals after the damage: unusable, and kept as evidence */
  readonly later: readonly string[]
  readonly because: string
}

export interface Recovered {
  readonly database: Database
  /** the last transaction that was recovered */
  readonly seq: number
  /** null when the folder was empty */
  readonly ledgerId: string | null
  readonly replayed: number
  /** length of the replayed journals before packing */
  readonly replayedChars: number
  readonly tornTail: boolean
  /** the last commit in the snapshot that was used, by its name: `ledger.sqlite` or `….previous` */
  readonly current: number | null
  readonly previous: number | null
  /** size of that snapshot; 0 without one */
  readonly snapshotBytes: number
  /** the schema version of that snapshot; 0 without one */
  readonly snapshotSchema: number
  /** its checksum, and whether SQLite's own check was made; null without one */
  readonly sum: SnapshotSum | null
  readonly damagedSnapshots: readonly { readonly name: string; readonly because: string }[]
  readonly damagedJournal: JournalDamage | null
}

interface Base {
  readonly database: Database
  readonly seq: number
  readonly current: number | null
  readonly previous: number | null
  readonly bytes: number
  readonly sum: SnapshotSum | null
  readonly damaged: { name: string; because: string }[]
}

/** `onDiskBytes`: as in `LedgerSizes`. */
export async function recover(
  files: Files,
  engine: SqlEngine,
  folder: string,
  onDiskBytes: number = LEDGER_SIZES.onDiskBytes
): Promise<Recovered> {
  const found = await recoverFrom(files, engine, folder, onDiskBytes).catch((error: unknown) => {
    if (error instanceof PagesDamaged) return null
    throw error
  })
  if (found !== null) {
    const { database, damagedSnapshots, damagedJournal } = found
    const isSound = damagedSnapshots.length === 0 && damagedJournal === null
    if (database.damage === null && (isSound || !database.isOnDisk)) return found
    database.close()
  }
  // Something is damaged: before files are kept aside and the rest is reported as sound, the whole snapshot is read.
  return recoverFrom(files, engine, folder, Infinity)
}

/** The cause is a damaged page of a snapshot that is read from disk. */
class PagesDamaged extends Error {}

async function recoverFrom(
  files: Files,
  engine: SqlEngine,
  folder: string,
  onDiskBytes: number
): Promise<Recovered> {
  const names = (await files.list(folder)).map(({ name }) => name)
  const base = await openBase(files, engine, folder, { names, onDiskBytes })
  try {
    assertNotTooNew(base.database.reader)
    const snapshotSchema = schemaVersion(base.database.reader)
    const journals = await replayJournals(files, folder, names, base)
    assertNotTooNew(base.database.reader)
    return {
      database: base.database,
      current: base.current,
      previous: base.previous,
      snapshotBytes: base.bytes,
      snapshotSchema,
      sum: base.sum,
      damagedSnapshots: base.damaged,
      ...journals
    }
  } catch (error) {
    const { damage } = base.database
    base.database.close()
    throw damage === null ? error : new PagesDamaged(damage, { cause: error })
  }
}

/** The newest sound snapshot; else an empty database, on which journals may still build. */
async function openBase(
  files: Files,
  engine: SqlEngine,
  folder: string,
  { names, onDiskBytes }: { readonly names: readonly string[]; readonly onDiskBytes: number }
): Promise<Base> {
  const damaged: { name: string; because: string }[] = []
  const sums = await readSums(files, folder)
  for (const name of [SNAPSHOT, PREVIOUS]) {
    if (!names.includes(name)) continue
    const path = `${folder}/${name}`
    const onDisk = await mayStayOnDisk(files, path, onDiskBytes)
    const reading = await openSnapshotFile(engine, files, path, { sums, onDisk })
    if (reading.kind === 'damaged') {
      damaged.push({ name, because: reading.because })
      continue
    }
    const { database, seq, sum } = reading
    // With a sound current snapshot the previous one is not read: it is replaced next.
    const current = name === SNAPSHOT ? seq : null
    const previous = name === PREVIOUS ? seq : null
    return { database, seq, current, previous, bytes: sum.bytes, sum, damaged }
  }
  const database = new Database(engine, null)
  return { database, seq: 0, current: null, previous: null, bytes: 0, sum: null, damaged }
}

/** A small snapshot is read into memory at once. */
async function mayStayOnDisk(files: Files, path: string, onDiskBytes: number): Promise<boolean> {
  if (!files.keepsOpenFiles) return false
  const stat = await files.stat(path)
  return stat !== null && stat.isFile && stat.bytes >= onDiskBytes
}

type Replayed = Pick<
  Recovered,
  'seq' | 'ledgerId' | 'replayed' | 'replayedChars' | 'tornTail' | 'damagedJournal'
>

async function replayJournals(
  files: Files,
  folder: string,
  names: readonly string[],
  base: Base
): Promise<Replayed> {
  const { database } = base
  const journals = journalsIn(names)
  let ledgerId = base.seq > 0 ? getMeta(database.reader, 'ledger_id') : null
  let seq = base.seq
  let tornTail = false
  let replayedChars = 0
  const result = (damagedJournal: JournalDamage | null): Replayed => ({
    seq,
    ledgerId,
    replayed: seq - base.seq,
    replayedChars,
    tornTail,
    damagedJournal
  })
  for (const [index, { first, limit }] of journals.entries()) {
    const isLast = limit === Infinity
    if (limit <= seq) continue
    const later = (from: number): string[] => journals.slice(from).map((one) => journalName(one.first))
    if (first > seq + 1) {
      const because = `the transactions ${seq + 1} to ${first - 1} are missing`
      return result({ file: null, goodBytes: 0, later: later(index), because })
    }
    const name = journalName(first)
    const bytes = await files.readWhole(`${folder}/${name}`)
    const reading = replayFile(database, bytes, seq, limit)
    const { header } = reading
    const foreign = header !== null && ledgerId !== null && header.ledger !== ledgerId
    if (header?.first !== first || foreign) {
      const because = foreign ? 'it belongs to another ledger' : 'its first line is damaged'
      return result({ file: name, goodBytes: 0, later: later(index + 1), because })
    }
    ledgerId ??= header.ledger
    seq = Math.max(seq, reading.last)
    replayedChars += reading.unpackedChars
    tornTail = reading.end === 'torn'
    if (reading.end !== 'damaged' && (isLast || reading.last >= limit)) continue
    tornTail = false
    if (reading.end === 'whole') {
      const because = `the transactions ${seq + 1} to ${limit} are missing`
      return result({ file: null, goodBytes: 0, later: later(index + 1), because })
    }
    const because = reading.problem ?? `transaction ${reading.last + 1} in it is damaged`
    return result({ file: name, goodBytes: reading.goodBytes, later: later(index + 1), because })
  }
  return result(null)
}

/**
 * Applies the transactions after number `after`, as one SQLite transaction for speed. A transaction that SQLite refuses
 * is damage, too: then those before it are applied again.
 */
function replayFile(
  database: Database,
  bytes: Uint8Array,
  after: number,
  limit: number
): JournalReading & { readonly problem?: string } {
  let at = after
  const replayUpTo = (upTo: number): JournalReading =>
    database.replay((apply) =>
      readJournal(bytes, upTo, (seq, statements: readonly Statement[]) => {
        at = seq
        if (seq > after) apply(statements)
      })
    )
  try {
    return replayUpTo(limit)
  } catch (error) {
    const refused = at
    return {
      ...replayUpTo(refused - 1),
      end: 'damaged',
      problem: `transaction ${refused} cannot be applied (${messageOf(error)})`
    }
  }
}
