/** Sizes at which the ledger behaves otherwise; a test lowers them, so that it needs no large files. */
export interface LedgerSizes {
  /** a snapshot from this size on stays on disk and is read as SQLite asks for it */
  readonly onDiskBytes: number
  /** below this a snapshot on closing takes a fraction of a second, and is always taken */
  readonly largeBytes: number
  /** a journal that is shorter is never worth a snapshot of a large ledger */
  readonly littleBytes: number
  /** memory that no system notices: a snapshot that needs less is never put off */
  readonly unnoticedBytes: number
  /**
   * Characters of all texts and bytes of one transaction. JSON makes up to six characters of one, and a
   * journal line must fit into one JavaScript string (512 Mi characters).
   */
  readonly transactionChars: number
  /** bytes of one write of the journal, beyond which the next lines wait for the next write */
  readonly writeChars: number
}

const MIB = 1024 * 1024

export const LEDGER_SIZES: LedgerSizes = {
  onDiskBytes: 16 * MIB,
  largeBytes: 32 * MIB,
  littleBytes: MIB,
  unnoticedBytes: 64 * MIB,
  transactionChars: 64 * MIB,
  writeChars: 16 * MIB
}
