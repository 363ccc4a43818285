/**
 * The token of the browser companion: 256 random bits in `keys-companion.json` of the data folder, which only
 * its owner may read; in the app it is first sealed by the system's keychain. It is no setting, so that no
 * export and no support file contains it.
 */
import type { Files } from '../platform/files'
import { readPrivateFile, writePrivateFile } from './private-file'
import { entryOf, entrySchema, NO_SEALER, secretOf, type FindSealer, type SecretEntry } from './sealed-entry'

export const TOKEN_FILE = 'keys-companion.json'

const keptSchema = entrySchema.refine((entry) => !('plain' in entry) || entry.plain.length >= 32)

export interface CompanionToken {
  /** null: there is none yet */
  readonly value: string | null
  /** it is stored, but sealed by another program or on another system */
  readonly isUnreadable: boolean
  /** Creates a new token; the old one becomes invalid. */
  renew(): Promise<string>
}

export interface TokenParts {
  readonly files: Files
  readonly dataDir: string
  readonly hex: (bytes: number) => string
  readonly sealer?: FindSealer
}

/**
 * BAD_FILE, FILE_UNREADABLE: a file that is not readable as a token is never overwritten without a request.
 */
export async function openCompanionToken(parts: TokenParts): Promise<CompanionToken> {
  const { files, dataDir, hex, sealer = NO_SEALER } = parts
  const path = `${dataDir}/${TOKEN_FILE}`
  const kept = await readKept(files, path)
  let value = kept === null ? null : await secretOf(kept, sealer)
  let isUnreadable = kept !== null && value === null
  return {
    get value() {
      return value
    },
    get isUnreadable() {
      return isUnreadable
    },
    async renew() {
      const next = hex(32)
      await writePrivateFile(files, path, await entryOf(next, sealer))
      isUnreadable = false
      return (value = next)
    }
  }
}

function readKept(files: Files, path: string): Promise<SecretEntry | null> {
  const hint = 'Remove it; a new token is made when the companion is turned on.'
  return readPrivateFile(files, path, { schema: keptSchema, what: 'the companion’s token', hint })
}
