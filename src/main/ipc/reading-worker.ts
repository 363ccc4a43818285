/**
 * The thread that reads long reference lists, so that the window stays responsive. Bytes in, drafts and
 * problems out, in pieces. It reads no file and sends no request.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { readReferences } from '../works/works'
import { readingTaskOf, type ReadPiece } from './reading-task'

const PIECE = 500
const NOTHING: ReadPiece = { drafts: [], problems: [], repeats: [], end: null }

const { bytes, name } = readingTaskOf(workerData)
const read = readReferences(bytes, name)
const say = (piece: ReadPiece): void => {
  parentPort?.postMessage(piece)
}
for (let at = 0; at < read.drafts.length; at += PIECE) {
  say({ ...NOTHING, drafts: read.drafts.slice(at, at + PIECE) })
}
for (let at = 0; at < read.problems.length; at += PIECE) {
  say({ ...NOTHING, problems: read.problems.slice(at, at + PIECE) })
}
for (let at = 0; at < read.repeats.length; at += PIECE) {
  say({ ...NOTHING, repeats: read.repeats.slice(at, at + PIECE) })
}
say({ ...NOTHING, end: { repeated: read.counts.repeated } })
