/** Converts a refused write of the ledger to an error code with a sentence that names the place. */
import { diskErrorOf, type DiskError } from '../platform/disk-errors'
import { codeOrMessage, systemCode } from '../platform/files'

export interface DiskTrouble {
  readonly code: DiskError['code']
  readonly sentence: string
}

export function troubleOf(error: unknown, folder: string): DiskTrouble {
  const code = systemCode(error)
  const known = diskErrorOf(code)
  if (known === null) {
    return {
      code: 'DISK_ERROR',
      sentence: `Writing the ledger in ${folder} failed: ${codeOrMessage(error)}.`
    }
  }
  const because = `${known.because.charAt(0).toUpperCase()}${known.because.slice(1)}`
  const named = known.code === 'DISK_FULL' ? '' : ` (${code ?? ''})`
  return { code: known.code, sentence: `${because}: the ledger in ${folder} cannot be written${named}.` }
}
