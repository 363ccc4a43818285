/**
 * A minimal history: commit n writes row `n`. After any failure the ledger must hold 1 … m without a gap, and
 * m must not be smaller than the last acknowledged number.
 */
import type { Committed, Ledger, Reader } from '../../../src/main/ledger/ledger'
import { setMeta } from '../../../src/main/ledger/meta'

const name = (n: number): string => `n${String(n).padStart(6, '0')}`

export function commitNumber(ledger: Ledger, n: number): Committed<void> {
  return ledger.transact((writer) => {
    setMeta(writer, name(n), `value of ${String(n)}`)
  })
}

/** The last number; throws when there is a gap or a wrong value. */
export function lastNumber(ledger: Ledger): number {
  return ledger.read((reader: Reader) => {
    const rows = reader.all(`SELECT key, value FROM _meta WHERE key GLOB 'n[0-9]*' ORDER BY key`)
    rows.forEach((row, index) => {
      const n = index + 1
      if (row['key'] !== name(n) || row['value'] !== `value of ${String(n)}`) {
        throw new Error(`row ${String(n)} is ${JSON.stringify(row)}`)
      }
    })
    return rows.length
  })
}
