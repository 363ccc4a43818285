/**
 * The thread that builds or checks a snapshot while the engine continues. It reads files and writes none; it
 * sends the next piece when the previous one was taken. Its memory is freed when it ends.
 */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { nodeFiles } from '../platform/node-files'
import { buildSnapshot } from './build-snapshot'
import { checkSnapshotFile } from './snapshot-file'
import { loadSqlEngine } from './sql-engine'
import { snapshotWorkOf, type SnapshotPart } from './snapshot-work'

const PART_BYTES = 4 * 1024 * 1024
const work = snapshotWorkOf(workerData)
const engine = await loadSqlEngine((path) => nodeFiles.readWhole(path))
if (work.kind === 'build') {
  await buildSnapshot(engine, nodeFiles, work.plan, async ({ pieces, sum }) => {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; at += PART_BYTES) {
        // A copy with a buffer of its own, which is transferred: cloning a view would copy the whole buffer.
        const part = new Uint8Array(piece.subarray(at, at + PART_BYTES))
        parentPort?.postMessage({ piece: part } satisfies SnapshotPart, [part.buffer])
        if (parentPort !== null) await once(parentPort, 'message')
      }
    }
    parentPort?.postMessage({ sum: sum() } satisfies SnapshotPart)
  })
} else {
  parentPort?.postMessage(await checkSnapshotFile(engine, nodeFiles, work.snapshot))
}
