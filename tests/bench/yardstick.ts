/**
 * Native SQLite to compare with: better-sqlite3 in a folder of its own, installed when it is first
 * wanted. It is no dependency of Sheaf; without it the bench says so and goes on.
 */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { SqlValue } from '../../src/main/ledger/ledger'
import schema from '../../src/main/ledger/schema/001.sql?raw'

interface NativeStatement {
  run(...parameters: SqlValue[]): unknown
}
interface NativeDatabase {
  pragma(text: string): unknown
  exec(sql: string): unknown
  prepare(sql: string): NativeStatement
  transaction(work: () => void): () => void
  close(): void
}
type NativeConstructor = new (path: string) => NativeDatabase

export interface NativeLedger {
  run(sql: string, parameters: readonly SqlValue[]): void
  transact(work: () => void): void
  close(): void
}
export interface Yardstick {
  open(path: string): NativeLedger
}
export type YardstickAnswer =
  | { readonly kind: 'there'; readonly yardstick: Yardstick }
  | { readonly kind: 'absent'; readonly because: string }

export function openYardstick(): YardstickAnswer {
  const folder = join(import.meta.dirname, 'yardstick')
  const load = (): NativeConstructor =>
    createRequire(join(folder, 'x.cjs'))('better-sqlite3') as NativeConstructor
  try {
    return { kind: 'there', yardstick: yardstickOf(tryOut(load())) }
  } catch {
    console.log('Installing better-sqlite3 into tests/bench/yardstick (once; it may be compiled) …')
  }
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 600_000
    })
    return { kind: 'there', yardstick: yardstickOf(tryOut(load())) }
  } catch (error) {
    const because = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { kind: 'absent', because: `better-sqlite3 cannot be installed (${because})` }
  }
}

function tryOut(Native: NativeConstructor): NativeConstructor {
  new Native(':memory:').close()
  return Native
}

function yardstickOf(Native: NativeConstructor): Yardstick {
  return {
    open(path) {
      const database = new Native(path)
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.exec(schema)
      const prepared = new Map<string, NativeStatement>()
      return {
        run(sql, parameters) {
          let statement = prepared.get(sql)
          if (statement === undefined) {
            statement = database.prepare(sql)
            prepared.set(sql, statement)
          }
          statement.run(...parameters)
        },
        transact(work) {
          database.transaction(work)()
        },
        close() {
          database.close()
        }
      }
    }
  }
}
