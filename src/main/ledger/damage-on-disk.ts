/** A snapshot that is read as it is asked for, with a block that is not what was written. */
import { isSheafError, SheafError } from '../../contract/errors'
import type { Database } from './database'

/**
 * The error of a statement, or LEDGER_DAMAGED when the file below its database is the cause. Everything that
 * was acknowledged is in the snapshot before and the journals: the next opening goes back to them.
 */
export function damageOr(error: unknown, database: Database): unknown {
  const { damage } = database
  if (damage === null || isSheafError(error)) return error
  return new SheafError('LEDGER_DAMAGED', `The snapshot of the ledger is damaged: ${damage}.`, {
    cause: error,
    hint: 'Start Sheaf again: it goes back to the snapshot before and the journals, which hold everything.'
  })
}
