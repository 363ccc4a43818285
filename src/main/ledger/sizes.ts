/** Sizes at which the ledger changes its behaviour; tests lower them to avoid large files. */
export interface LedgerSizes {
  /** a snapshot of at least this size stays on disk and is read on demand */
  readonly onDiskBytes: number
  /** below this size a snapshot on closing takes a fraction of a second, and is always taken */
  readonly largeBytes: number
  /** a shorter journal is never worth a snapshot of a large ledger */
  readonly littleBytes: number
  /** an amount of memory that never matters: a smaller snapshot is never postponed */
  readonly unnoticedBytes: number
  /**
   * Characters of all texts plus bytes of one transaction. JSON escaping can turn one into six characters,
   * and a journal line must fit into one JavaScript string (512 Mi characters).
   */
  readonly transactionChars: number
  /** bytes of one write of the journal; further lines wait for the next write */
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
