/**
 * Loads sql.js: SQLite compiled to WebAssembly. Its wasm file is beside the bundle; the caller reads it with
 * its own file access, so that this works in the app, under Node and in a worker.
 */
import initSqlJs, { type SqlJsStatic } from 'sql.js'
import wasmPath from 'sql.js/dist/sql-wasm.wasm?asset'

export type SqlEngine = SqlJsStatic

export async function loadSqlEngine(readWhole: (path: string) => Promise<Uint8Array>): Promise<SqlEngine> {
  const wasm = await readWhole(wasmPath)
  const binary = new ArrayBuffer(wasm.byteLength)
  new Uint8Array(binary).set(wasm)
  return initSqlJs({ wasmBinary: binary })
}

/**
 * Limits the memory that SQLite uses in this thread. There is one engine a thread, and the limit can never be raised
 * again: only for a thread that reads one foreign file. Source: sqlite.org/pragma.html, hard_heap_limit.
 */
export function limitMemory(engine: SqlEngine, mostBytes: number): void {
  const database = new engine.Database()
  database.run(`PRAGMA hard_heap_limit=${String(mostBytes)}`)
  database.close()
}
