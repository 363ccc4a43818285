/** Puts `watch-loop.mjs` into a process that is started, and reads what it wrote. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Node's own arguments that load the watch. */
export const WATCH_LOOP = ['--import', pathToFileURL(join(import.meta.dirname, 'watch-loop.mjs')).href]

export function readLoopDelay(file: string): LoopDelay | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LoopDelay) : null
}
