/** Replaces a user's file as a whole, unless another program changed it since it was read. */
import { fail, isSheafError } from '../../contract/errors'
import { codeOrMessage, type Files } from './files'

/**
 * FILE_CHANGED, and nothing is written, when its content is no longer `before`; FOLDER_UNUSABLE when it
 * cannot be written.
 */
export async function replaceUnchanged(
  files: Pick<Files, 'realPath' | 'readWhole' | 'writeWhole'>,
  path: string,
  bytes: { readonly before: Uint8Array; readonly after: Uint8Array }
): Promise<void> {
  // A link stays a link: its target is replaced.
  const real = (await files.realPath(path)) ?? path
  const now = await files.readWhole(real).catch(() => null)
  if (now === null || !Buffer.from(now).equals(Buffer.from(bytes.before)))
    fail('FILE_CHANGED', `${path} was changed meanwhile by another program; nothing was written.`)
  try {
    await files.writeWhole(real, bytes.after)
  } catch (error) {
    if (isSheafError(error)) throw error
    fail('FOLDER_UNUSABLE', `${path} cannot be written: ${codeOrMessage(error)}.`, {
      cause: error
    })
  }
}
