/** Rotates a growing file when it is large: `<name>.1` is the newest of those kept. */
import { dirname } from 'node:path'
import type { Files } from './files'

/** Appends to the file, which is rotated before when it is large. */
export async function appendRotated(
  files: Pick<Files, 'stat' | 'rename' | 'makeFolder' | 'open'>,
  path: string,
  { text, rotation }: { readonly text: string; readonly rotation: Rotation }
): Promise<void> {
  await rotateFile(files, path, rotation)
  const handle = await files.open(path, 'append')
  try {
    await handle.write(Buffer.from(text), null)
  } finally {
    await handle.close()
  }
}

interface Rotation {
  readonly atBytes: number
  readonly keep: number
}

/** Creates its folder when the file does not exist. */
async function rotateFile(
  files: Pick<Files, 'stat' | 'rename' | 'makeFolder'>,
  path: string,
  { atBytes, keep }: Rotation
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
