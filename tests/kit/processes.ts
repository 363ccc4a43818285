/** The children of a process and its memory, as the system reports them; empty where it does not. */
import { readFileSync } from 'node:fs'

/** All descendants of a process, the nearest first. */
export function childrenOf(pid: number): readonly number[] {
  const near = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [...near, ...near.flatMap(childrenOf)]
}

/** Resident memory in bytes; null where it is not available. */
export function residentBytes(pid: number): number | null {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? []
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
