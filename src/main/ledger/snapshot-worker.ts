/**
 * The thread that builds a snapshot, so that the engine goes on meanwhile. It reads files and writes
 * none; its answer is transferred, not copied. Its memory is given back when it ends.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { buildSnapshot, type SnapshotPlan } from './build-snapshot'
import { loadSqlEngine } from './sql-engine'

const plan = workerData as SnapshotPlan
const read = (path: string): Promise<Uint8Array> => readFile(path)
const bytes = await buildSnapshot(await loadSqlEngine(read), read, plan)
parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer])
