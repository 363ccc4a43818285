/**
 * Manages the snapshots of a folder and their replacement. Invariant: at every instant the folder contains a
 * sound snapshot (or none yet) together with all journals after it. So the current one becomes the previous
 * one before the next takes its name; and journals are removed only when the *previous* snapshot includes
 * them, because that is the fallback.
 *
 * A crash between any two steps: `ledger.sqlite.next` without its rename is ignored and removed at the next
 * open; `ledger.sqlite` missing while `…previous` exists means that the previous one counts; journals that
 * should have been removed are skipped, and removed with the next snapshot.
 */
import type { Host } from '../platform/host'
import { ASIDE, type Files } from '../platform/files'
import { OneAtATime } from '../platform/one-at-a-time'
import type { SnapshotPlan } from './build-snapshot'
import { firstOfName, journalName, journalsIn, type JournalName } from './journal-file'
import {
  BYTES_CHANGED,
  NEXT,
  PREVIOUS,
  readSums,
  SNAPSHOT,
  SUMS,
  sumsToText,
  type BuiltSnapshot,
  type SnapshotSum
} from './snapshot-file'

/** Is there a ledger in this folder? Without its newest snapshot, the one before or its journals are one. */
export async function holdsLedger(files: Pick<Files, 'list'>, folder: string): Promise<boolean> {
  const names = await files.list(folder)
  return names.some(({ name }) => name === SNAPSHOT || name === PREVIOUS || firstOfName(name) !== null)
}

export class Snapshots {
  private current: number | null
  private previous: number | null
  private newestBytes: number
  /** changes of the checksum file, so that none undoes another */
  private readonly changingSums = new OneAtATime()

  constructor(
    private readonly host: Host,
    private readonly folder: string,
    found: {
      readonly current: number | null
      readonly previous: number | null
      readonly snapshotBytes: number
    }
  ) {
    this.current = found.current
    this.previous = found.previous
    this.newestBytes = found.snapshotBytes
  }

  /** Size of the newest snapshot; 0 when there is none. */
  get bytes(): number {
    return this.newestBytes
  }

  /** The last transaction in the newest snapshot; 0 when there is none. */
  get seq(): number {
    return this.current ?? this.previous ?? 0
  }

  /** The plan for a worker to build the snapshot that includes everything up to `upTo`. */
  async plan(upTo: number): Promise<SnapshotPlan> {
    const name = this.current === null ? PREVIOUS : SNAPSHOT
    const journals = await this.journals()
    const sums = await readSums(this.host.files, this.folder)
    return {
      sum: sums.get(this.seq) ?? null,
      base: this.current === null && this.previous === null ? null : this.path(name),
      after: this.seq,
      upTo,
      journals: journals
        .filter(({ first, limit }) => limit > this.seq && first <= upTo)
        .map(({ first, limit }) => ({ path: this.path(journalName(first)), limit: Math.min(limit, upTo) }))
    }
  }

  /** Installs a new snapshot. A failure on the way leaves a folder that opens. */
  async install(built: BuiltSnapshot, seq: number, checked: boolean): Promise<void> {
    const { files } = this.host
    this.host.probe('SNAPSHOT: exported')
    try {
      await files.writeWhole(this.path(NEXT), built.pieces)
    } finally {
      built.discard?.()
    }
    const sum = built.sum()
    await this.noteSum(seq, { ...sum, checked })
    this.host.probe('SNAPSHOT: temporary written')
    if (this.current !== null) {
      await files.rename(this.path(SNAPSHOT), this.path(PREVIOUS))
      this.previous = this.current
      this.current = null
    }
    this.host.probe('SNAPSHOT: previous kept')
    await files.rename(this.path(NEXT), this.path(SNAPSHOT))
    this.current = seq
    this.newestBytes = sum.bytes
    this.host.probe('SNAPSHOT: renamed')
    await this.removeOldJournals()
    this.host.probe('SNAPSHOT: old journals removed')
  }

  /** The noted checksum of the newest snapshot; null when unknown. */
  async sum(): Promise<SnapshotSum | null> {
    return (await readSums(this.host.files, this.folder)).get(this.seq) ?? null
  }

  /** Path of the newest snapshot; null when there is none. */
  get file(): string | null {
    if (this.current !== null) return this.path(SNAPSHOT)
    return this.previous === null ? null : this.path(PREVIOUS)
  }

  /**
   * Notes the result of checking snapshot `seq`: `ok`, or the defect. The next opening finds damage, too:
   * changed bytes by the checksum, else by SQLite's check, which is made when a snapshot has no checksum.
   */
  async noteCheck(seq: number, sum: SnapshotSum, verdict: string): Promise<void> {
    if (verdict === BYTES_CHANGED) {
      await this.noteDamage(seq)
      return
    }
    await this.changeSums((sums) => {
      if (verdict === 'ok') sums.set(seq, { ...sum, checked: true })
      else sums.delete(seq)
    })
  }

  /**
   * Notes a damaged block of a snapshot: the next opening reads the whole file, finds it, and falls back to
   * the previous one.
   */
  async noteDamage(seq: number): Promise<void> {
    await this.changeSums((sums) => {
      const sum = sums.get(seq)
      if (sum !== undefined) sums.set(seq, { bytes: sum.bytes, crc32: sum.crc32 })
    })
  }

  /** Removes leftovers of a crash. Only while holding the lock. */
  async sweep(): Promise<void> {
    const { files, clock } = this.host
    for (const { name } of await files.list(this.folder)) {
      if (name === NEXT || /^(ledger\.sqlite|journal-\d+\.log)\b.*\.tmp$/.test(name)) {
        await files.remove(this.path(name))
      } else if (ASIDE.test(name)) {
        // A recent one may belong to a process that is about to find the ledger in use, or that is changing a
        // setting.
        const stat = await files.stat(this.path(name))
        if (stat !== null && clock.now() - stat.modifiedAt > 60) await files.remove(this.path(name))
      }
    }
  }

  /** Keeps the checksums of the snapshots that still exist. */
  private async noteSum(seq: number, sum: SnapshotSum): Promise<void> {
    await this.changeSums((sums) => {
      for (const known of sums.keys()) {
        if (known !== this.current && known !== this.previous) sums.delete(known)
      }
      sums.set(seq, sum)
    })
  }

  private changeSums(change: (sums: Map<number, SnapshotSum>) => void): Promise<void> {
    const { files } = this.host
    return this.changingSums.run(async () => {
      const sums = await readSums(files, this.folder)
      change(sums)
      await files.writeWhole(this.path(SUMS), sumsToText(sums))
    })
  }

  private async removeOldJournals(): Promise<void> {
    const floor = this.previous ?? 0
    for (const { first, limit } of await this.journals()) {
      if (limit > floor) return
      await this.host.files.remove(this.path(journalName(first)))
    }
  }

  private async journals(): Promise<readonly JournalName[]> {
    return journalsIn((await this.host.files.list(this.folder)).map(({ name }) => name))
  }

  private path(name: string): string {
    return `${this.folder}/${name}`
  }
}
