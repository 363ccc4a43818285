/**
 * The ledger that the files of a data folder contain: the newest sound snapshot and the journals after it.
 * Invariant: the result is a prefix of what was committed, nothing acknowledged is left
 * out unless its bytes are damaged, and then it is said, and no evidence is touched here (reading
 * only; `keepAside` in `repair.ts` moves).
 *
 * Which line counts. Journals are named by their first transaction. A file that begins at F
 * supersedes all lines from F on in older files: those were never acknowledged there (see
 * `journal.ts`), or the file had ended before F anyway. So behind the limit nothing is read,
 * and a torn tail there loses nothing. Within the limit every number must be there: an invalid
 * line, a file that ends too early, a missing file are damage, and
 * everything after it is kept aside. Only the last file's tail may be torn.
 */
import type { Files } from '../platform/files'
import { Database, type Statement } from './database'
import { firstOfName, journalName, readJournal, type JournalReading } from './journal-file'
import { getMeta } from './meta'
import { assertNotTooNew, schemaVersion } from './migrate'
import type { SqlEngine } from './sql-engine'
import { LEDGER_SIZES } from './sizes'
import { openSnapshotFile, PREVIOUS, readSums, SNAPSHOT, type SnapshotSum } from './snapshot-file'
import { messageOf } from '../../contract/errors'

/** A journal that is only right up to a point, and what comes after that. */
export interface JournalDamage {
  /** the file with the damage; null when a file is missing */
  readonly file: string | null
  /** how many bytes of it are right; 0 when it is of no use at all */
  readonly goodBytes: number
  /** journals after the damage: of no use any more, but evidence */
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
  /** how long those journals are, before their lines were packed */
  readonly replayedChars: number
  readonly tornTail: boolean
  /** what the snapshot that was used includes, under the name it has */
  readonly current: number | null
  readonly previous: number | null
  /** how large that snapshot is; 0 without one */
  readonly snapshotBytes: number
  /** the schema version of that snapshot; 0 without one */
  readonly snapshotSchema: number
  /** what its bytes are, and whether SQLite's own check was made of them; null without one */
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

/** The newest snapshot that is sound; else nothing at all, from which journals may still start. */
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
    // With a current snapshot the previous one is not looked at: it is next to be replaced.
    const current = name === SNAPSHOT ? seq : null
    const previous = name === PREVIOUS ? seq : null
    return { database, seq, current, previous, bytes: sum.bytes, sum, damaged }
  }
  const database = new Database(engine, null)
  return { database, seq: 0, current: null, previous: null, bytes: 0, sum: null, damaged }
}

/** A small one is read into memory at once. */
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
  const firsts = names.map(firstOfName).filter((first) => first !== null)
  firsts.sort((a, b) => a - b)
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
  for (const [index, first] of firsts.entries()) {
    const isLast = index === firsts.length - 1
    const limit = isLast ? Infinity : (firsts[index + 1] ?? 0) - 1
    if (limit <= seq) continue
    const later = (from: number): string[] => firsts.slice(from).map(journalName)
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
 * Applies the transactions after number `after`, as one SQLite transaction for speed. One that SQLite
 * refuses is damage too; then all before it is applied again.
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
