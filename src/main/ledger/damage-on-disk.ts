/** A snapshot that is read on demand and has a damaged block. */
import { isSheafError, SheafError } from '../../contract/errors'
import type { Database } from './database'

/**
 * The error of a statement, or LEDGER_DAMAGED when the file below its database is the cause. Everything
 * acknowledged is in the previous snapshot and the journals: the next opening falls back to them.
 */
export function damageOr(error: unknown, database: Database): unknown {
  const { damage } = database
  if (damage === null || isSheafError(error)) return error
  return new SheafError('LEDGER_DAMAGED', `The snapshot of the ledger is damaged: ${damage}.`, {
    cause: error,
    hint: 'Start Sheaf again: it goes back to the snapshot before and the journals, which hold everything.'
  })
}
