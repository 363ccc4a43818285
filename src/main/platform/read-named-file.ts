/** Reads a file named by the user. */
import { fail, isSheafError } from '../../contract/errors'
import { codeOrMessage, isNoSuchFile, systemCode } from './files'

/** FILE_NOT_FOUND or FILE_UNREADABLE for a system error; `name` begins the sentence: “The file /x”. */
export async function readNamedFile<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isSheafError(error)) throw error
    if (isNoSuchFile(error)) return fail('FILE_NOT_FOUND', `${name} is not there.`, { cause: error })
    if (systemCode(error) === 'EISDIR')
      return fail('FILE_UNREADABLE', `${name} is a folder.`, { cause: error, hint: 'Give a file in it.' })
    return fail('FILE_UNREADABLE', `${name} cannot be read: ${codeOrMessage(error)}.`, { cause: error })
  }
}
