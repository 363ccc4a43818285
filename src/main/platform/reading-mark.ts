/**
 * Which works the process reads outside text for, right now: kept in a small file, so that the next process
 * knows for which work this one died or hung. What is read in this process is read synchronously: one
 * reading at a time. The file is not synced: it must outlive the process, not the power.
 *
 * Must stay true: a reading is never refused, nor slowed by more than two small writes, because of the mark.
 */
import { z } from 'zod'
import type { Host, MarkFile } from './host'
import { jsonOrNull } from '../../contract/unknown-values'

export interface ReadingMark {
  /** works that the last process was reading for when it ended; emptied by `settled` */
  readonly left: readonly string[]
  /** Runs `read`; meanwhile the file names the works. */
  during<T>(workIds: readonly string[], read: () => T): T
  /** What the last process left is recorded elsewhere. */
  settled(): void
  close(): void
}

const MARK = 'reading'
/** One question asks for a few hundred works at most; their ids are short. */
const MOST_CHARS = 200_000
const leftSchema = z.array(z.string().max(4_096)).max(1_000)

/** For what has no data folder: remembers nothing. */
export const NO_MARK: ReadingMark = {
  left: [],
  during: (_workIds, read) => read(),
  settled: () => undefined,
  close: () => undefined
}

/** `dataDir`: absolute; its lock must be held. A mark that cannot be kept is done without. */
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
      // A reading within a reading belongs to the outer one.
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
