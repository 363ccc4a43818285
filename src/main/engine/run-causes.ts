/** Maps the reason of a paused run to the cause that the user can fix, and checks whether it is gone. */
import { isSheafError, type SheafError } from '../../contract/errors'
import type { Engine } from './engine'

/** A refusing disk may mean that the library is gone: then that is the reason. */
export async function whyItStands({ care, library }: Engine, error: SheafError): Promise<SheafError> {
  if (error.code !== 'DISK_ERROR' && error.code !== 'DISK_READ_ONLY') return error
  try {
    await care.assertPresent(library)
    return error
  } catch (missing) {
    return isSheafError(missing, 'LIBRARY_MISSING') ? missing : error
  }
}

/** Is the reason of the pause gone? A user's pause is ended only by the user. */
export async function causeHasPassed(
  engine: Engine,
  code: string,
  places: readonly string[]
): Promise<boolean> {
  const { ledger, library, host } = engine
  switch (code) {
    case 'DISK_FULL':
    case 'DISK_READ_ONLY':
    case 'DISK_ERROR': {
      if (ledger.trouble() !== null) return false
      try {
        // Another folder in its place, or none, does not count as the library.
        await engine.care.assertPresent(library)
        await library.prepare()
        await library.proveWritable(places)
      } catch {
        return false
      }
      const free = await host.files.freeBytes(library.root)
      return free === null || free >= LEAST_FREE_BYTES
    }
    case 'LIBRARY_MISSING':
      return engine.care.lookAgain(library)
    default:
      return false
  }
}

/** With less free space, the next paper would fill the disk again at once. */
const LEAST_FREE_BYTES = 1_048_576
