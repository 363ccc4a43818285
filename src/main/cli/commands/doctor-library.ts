/** Is the known library in its place? Read-only; null when nothing is wrong. */
import { resolve } from 'node:path'
import { counted } from '../../../contract/counted'
import { countFilesOf, currentLibrary } from '../../ledger/libraries'
import { readLedger } from '../../ledger/read-ledger'
import { readIdentity } from '../../library/identity'
import type { CommandContext } from '../command-context'
import type { Check } from './doctor-checks'

export async function checkLibrary(context: CommandContext, folder: string): Promise<Check | null> {
  const { host, dataDir } = context
  const copy = await readLedger(host, dataDir).catch(() => null)
  if (copy === null) return null
  try {
    const known = copy.read(currentLibrary)
    if (known === null || known.path !== resolve(folder)) return null
    const files = copy.read((r) => countFilesOf(r, known.libraryId))
    if (files === 0 && !known.holdsPapers) return null
    const found = await readIdentity(host.files, folder)
    if (found.kind === 'identity' && found.identity.id === known.libraryId) return null
    const instead = found.kind === 'identity' ? `another library, ${found.identity.id}, is` : 'it is not'
    return {
      name: 'library',
      verdict: 'fail',
      found: `${folder} held ${counted(files, 'file')} (id ${known.libraryId}), and ${instead} there now`,
      hint: 'Plug in its drive or put it back, give its folder with --out, or start a new one with --new-library.'
    }
  } finally {
    copy.close()
  }
}
