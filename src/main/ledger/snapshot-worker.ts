/**
 * The thread that builds a snapshot, or checks one, so that the engine goes on meanwhile. It reads
 * files and writes none; bytes are transferred, not copied. Its memory is given back when it ends.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { nodeFiles } from '../platform/node-files'
import { buildSnapshot } from './build-snapshot'
import { checkSnapshot } from './snapshot-file'
import { loadSqlEngine } from './sql-engine'
import { snapshotWorkOf } from './snapshot-work'
import { transferOf } from '../platform/chunks'

const work = snapshotWorkOf(workerData)
const read = (path: string): Promise<Uint8Array> => nodeFiles.readWhole(path)
const engine = await loadSqlEngine(read)
if (work.kind === 'build') {
  const built = await buildSnapshot(engine, read, work.plan)
  parentPort?.postMessage(built, transferOf(built.bytes))
} else {
  parentPort?.postMessage(checkSnapshot(engine, await read(work.snapshot.path), work.snapshot.sum))
}
