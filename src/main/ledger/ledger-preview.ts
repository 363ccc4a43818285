/**
 * A preview of a ledger that is not open yet: one page of the queue, read from the newest snapshot in place
 * (a few hundred pages of a file of hundreds of megabytes). Invariant: it changes and locks nothing, verifies
 * nothing (neither journal nor checksums), and no decision uses it.
 */
import { fail, messageOf } from '../../contract/errors'
import type { FileAtOnce } from '../platform/files'
import type { Clock, Host } from '../platform/host'
import { Database } from './database'
import { pageOfJobs, type QueueAsk, type QueuePage } from './queue-queries'
import { SNAPSHOT } from './snapshot-file'
import { loadSqlEngine } from './sql-engine'

/** The preview blocks the process: on a disk slower than this there is none. */
const MOST_MS = 500

/** null: nothing can be shown. */
export async function previewQueue(
  { files, log, clock }: Pick<Host, 'files' | 'log' | 'clock'>,
  folder: string,
  ask: QueueAsk
): Promise<QueuePage | null> {
  const path = `${folder}/${SNAPSHOT}`
  try {
    const engine = await loadSqlEngine((wasm) => files.readWhole(wasm))
    const file = files.openAtOnce(path)
    try {
      const database = new Database(engine, untilLate(file, clock))
      try {
        return pageOfJobs(database.reader, ask)
      } finally {
        database.close()
      }
    } finally {
      file.close()
    }
  } catch (error) {
    log.debug(`${path} could not be read for the preview.`, { because: messageOf(error) })
    return null
  }
}

function untilLate(file: FileAtOnce, clock: Clock): FileAtOnce {
  const until = clock.monotonicMs() + MOST_MS
  return {
    ...file,
    read(position, length) {
      if (clock.monotonicMs() > until) fail('TIMEOUT', `It took more than ${MOST_MS} ms.`)
      return file.read(position, length)
    }
  }
}
