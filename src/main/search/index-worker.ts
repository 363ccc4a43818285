/**
 * The thread of the index, so that neither searches nor updates block the app. It reads its file once and
 * writes none: `index-saver.ts` gets the bytes and replaces the file as a whole. An unusable file is left in
 * place and an empty index started.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import initSqlJs from 'sql.js'
import wasmPath from 'sql.js/dist/sql-wasm.wasm?asset'
import { IndexDatabase } from './index-database'
import {
  indexStartOf,
  type IndexAnswer,
  type IndexQuestion,
  type IndexQuestions,
  type IndexReady,
  type IndexVerb
} from './index-messages'
import { messageOf } from '../../contract/errors'
import { systemCode } from '../platform/files'
import { transferOf } from '../platform/chunks'

const { file } = indexStartOf(workerData)
const wasm = await readFile(wasmPath)
const binary = new ArrayBuffer(wasm.byteLength)
new Uint8Array(binary).set(wasm)
const engine = await initSqlJs({ wasmBinary: binary })

let discarded: string | null = null
const index = await openIndex()

async function openIndex(): Promise<IndexDatabase> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') discarded = String(error)
    return IndexDatabase.empty(engine)
  }
  try {
    return IndexDatabase.from(engine, bytes)
  } catch (error) {
    discarded = messageOf(error)
    return IndexDatabase.empty(engine)
  }
}

type Answers = { readonly [V in IndexVerb]: (ask: IndexQuestions[V]['ask']) => IndexQuestions[V]['answer'] }

const answers: Answers = {
  begin: (document) => ({ doc: index.begin(document), full: index.isFull() }),
  pages: ({ doc, from, pages }) => {
    index.addPages(doc, from, pages)
    return null
  },
  remove: (artifactIds) => {
    for (const artifactId of artifactIds) index.remove(artifactId)
    return null
  },
  ids: () => index.ids(),
  stale: (documents) => index.stale(documents),
  isFull: () => index.isFull(),
  find: (query) => index.find(query),
  snippets: ({ query, where }) => where.map(({ artifactId, page }) => index.snippet(query, artifactId, page)),
  hitsIn: ({ artifactId, query }) => index.hitsIn(artifactId, query),
  bytes: () => index.bytes()
}

const answerTo = <V extends IndexVerb>({ id, verb, ask }: IndexQuestion<V>): void => {
  let answer: IndexAnswer
  try {
    answer = { id, ok: true, answer: answers[verb](ask) }
  } catch (error) {
    answer = { id, ok: false, because: messageOf(error) }
  }
  const bytes = answer.ok && answer.answer instanceof Uint8Array ? answer.answer : null
  parentPort?.postMessage(answer, bytes === null ? [] : transferOf(bytes))
}
parentPort?.on('message', answerTo)
parentPort?.postMessage({ ready: true, discarded, documents: index.size() } satisfies IndexReady)
