/** Rotates a growing file when it is large: `<name>.1` is the newest of those kept. */
import { dirname } from 'node:path'
import type { Files } from './files'

/** Call before appending to the file. Creates its folder when the file does not exist. */
export async function rotateFile(
  files: Pick<Files, 'stat' | 'rename' | 'makeFolder'>,
  path: string,
  { atBytes, keep }: { readonly atBytes: number; readonly keep: number }
): Promise<void> {
  const there = await files.stat(path)
  if (there === null) {
    await files.makeFolder(dirname(path))
    return
  }
  if (there.bytes < atBytes) return
  for (let at = keep - 1; at >= 1; at -= 1) {
    const from = `${path}.${String(at)}`
    if ((await files.stat(from)) !== null) await files.rename(from, `${path}.${String(at + 1)}`)
  }
  await files.rename(path, `${path}.1`)
}
