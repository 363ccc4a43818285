/** Node's version of `MarkFile`. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { MarkFile } from './host'

/** What was written by this program is never longer. */
const MOST_BYTES = 1_000_000

/** The flags that this system has; the types name those of every system. */
const here: Partial<typeof constants> = constants

export function openMark(path: string): MarkFile {
  // Windows has no O_NOFOLLOW; there only an administrator plants links.
  const flags = constants.O_RDWR | constants.O_CREAT | (here.O_NOFOLLOW ?? 0)
  const file = openSync(path, flags, 0o600)
  const text = fstatSync(file).size > MOST_BYTES ? '' : readFileSync(file, 'utf8')
  let held = text
  let isOpen = true
  return {
    text,
    write(next) {
      if (!isOpen || next === held) return
      try {
        ftruncateSync(file, 0)
        if (next !== '') writeSync(file, next, 0, 'utf8')
        held = next
      } catch {
        // A full disk costs the mark, not the reading.
      }
    },
    close() {
      if (isOpen) closeSync(file)
      isOpen = false
    }
  }
}
