/**
 * Records the works for which this process is parsing external text now, in a small file, so that after a
 * crash or hang the next process finds them. Parsing in this process is synchronous: one reading at a
 * time. The file is not synced: it must survive the process, not a power cut.
 *
 * Invariant: the mark never refuses a reading, nor delays it by more than two small writes.
 */
import { z } from 'zod'
import type { Host, MarkFile } from './host'
import { jsonOrNull } from '../../contract/unknown-values'

export interface ReadingMark {
  /** works that the last process was parsing for when it ended; emptied by `settled` */
  readonly left: readonly string[]
  /** Runs `read`; during it the file contains the works. */
  during<T>(workIds: readonly string[], read: () => T): T
  /** The works left by the last process are recorded elsewhere. */
  settled(): void
  close(): void
}

const MARK = 'reading'
/** A batch contains at most a few hundred works with short ids. */
const MOST_CHARS = 200_000
const leftSchema = z.array(z.string().max(4_096)).max(1_000)

/** For users without a data folder: records nothing. */
export const NO_MARK: ReadingMark = {
  left: [],
  during: (_workIds, read) => read(),
  settled: () => undefined,
  close: () => undefined
}

/** `dataDir`: absolute; its lock must be held. If the mark cannot be written, it is not used. */
export function openReadingMark(host: Host, dataDir: string): ReadingMark {
  const file = openFile(host, `${dataDir}/${MARK}`)
  if (file === null) return NO_MARK
  let left = leftIn(file.text.slice(0, MOST_CHARS))
  let isReading = false
  return {
    get left() {
      return left
    },
    during(workIds, read) {
      // A nested reading belongs to the outer one.
      if (isReading) return read()
      isReading = true
      file.write(JSON.stringify(workIds))
      host.probe('RESOLVE: reading')
      try {
        return read()
      } finally {
        isReading = false
        file.write('')
      }
    },
    settled() {
      left = []
      if (!isReading) file.write('')
    },
    close() {
      file.close()
    }
  }
}

function openFile(host: Host, path: string): MarkFile | null {
  try {
    return host.openMark?.(path) ?? null
  } catch (error) {
    host.log.debug('What is read cannot be marked', { because: String(error) })
    return null
  }
}

function leftIn(text: string): readonly string[] {
  return leftSchema.safeParse(jsonOrNull(text)).data ?? []
}
