/**
 * A file that must not exist yet (`EEXIST`), with its content on disk. It appears before its content: where nobody may
 * see half of it, use `writeWhole`.
 */
import type { Files } from './files'

export async function writeNew(files: Pick<Files, 'open'>, path: string, text: string): Promise<void> {
  const handle = await files.open(path, 'create')
  try {
    await handle.write(Buffer.from(text), 0)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
