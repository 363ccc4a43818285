/**
 * The thread that reads a foreign manifest. It writes nothing and answers once: the rows, or the reason why
 * there are none. A crash of SQLite, an endless loop or unbounded memory affects only this thread.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { asSheafError } from '../../contract/errors'
import { nodeFiles } from '../platform/node-files'
import { readManifestBytes } from './read-manifest'
import { limitMemory, loadSqlEngine } from './sql-engine'
import { manifestBytesOf, type ManifestAnswer } from './manifest-answer'

/** Memory that SQLite may use besides the file itself. */
const MOST_BYTES = 256 * 1024 * 1024

const engine = await loadSqlEngine((path) => nodeFiles.readWhole(path))
limitMemory(engine, MOST_BYTES)
let answer: ManifestAnswer
try {
  answer = { kind: 'read', manifest: readManifestBytes(engine, manifestBytesOf(workerData)) }
} catch (error) {
  const { code, message } = asSheafError(error)
  answer = { kind: 'refused', code: code === 'NOT_A_MANIFEST' ? code : 'BAD_FILE', message }
}
parentPort?.postMessage(answer)
