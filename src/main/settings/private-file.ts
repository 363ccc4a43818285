/** JSON files of secrets, for this user only. */
import { dirname } from 'node:path'
import type { z } from 'zod'
import { fail } from '../../contract/errors'
import { jsonOrNull } from '../../contract/unknown-values'
import { isNoSuchFile, type Files } from '../platform/files'

/** Null when it does not exist; FILE_UNREADABLE, or BAD_FILE with the hint, when it is unusable. */
export async function readPrivateFile<T>(
  files: Pick<Files, 'readWhole'>,
  path: string,
  { schema, what, hint }: { readonly schema: z.ZodType<T>; readonly what: string; readonly hint: string }
): Promise<T | null> {
  let text: string
  try {
    text = Buffer.from(await files.readWhole(path)).toString('utf8')
  } catch (error) {
    if (isNoSuchFile(error)) return null
    return fail('FILE_UNREADABLE', `The file of ${what} (${path}) cannot be read.`, { cause: error })
  }
  const read = schema.safeParse(jsonOrNull(text))
  if (read.success) return read.data
  return fail('BAD_FILE', `${path} does not hold ${what} as Sheaf writes them.`, { hint })
}

export async function writePrivateFile(
  files: Pick<Files, 'makeFolder' | 'writeWhole'>,
  path: string,
  content: object
): Promise<void> {
  await files.makeFolder(dirname(path))
  await files.writeWhole(path, `${JSON.stringify(content, null, 2)}\n`, 'private')
}
