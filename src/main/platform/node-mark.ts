/** `MarkFile` for Node. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { MarkFile } from './host'

/** Text written by this program is never longer. */
const MOST_BYTES = 1_000_000

/** The flags of this system; the types include those of every system. */
const here: Partial<typeof constants> = constants

export function openMark(path: string): MarkFile {
  // Windows has no O_NOFOLLOW; there only administrators can create links.
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
        // On a full disk only the mark is lost, not the reading.
      }
    },
    close() {
      if (isOpen) closeSync(file)
      isOpen = false
    }
  }
}
