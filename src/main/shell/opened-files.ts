/**
 * Reference files in a command line, in order; other arguments are skipped. A second start passes its own.
 * Pure.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extensionOf, OPENED_EXTENSIONS } from '../../contract/file-kinds'
import { isOneOf } from '../../contract/tables'

/** `rest` is the command line without the program and, in development, without the app's folder. */
export function filesToOpen(rest: readonly string[], workingDir: string): readonly string[] {
  return rest
    .filter((argument) => !argument.startsWith('-'))
    .flatMap((argument) => pathOf(argument) ?? [])
    .filter(isReferenceFile)
    .map((path) => resolve(workingDir, path))
}

/** Linux file managers pass `file://` addresses where the desktop entry contains `%U`. */
function pathOf(argument: string): string | null {
  if (!/^file:/i.test(argument)) return argument
  try {
    return fileURLToPath(argument)
  } catch {
    return null
  }
}

export function isReferenceFile(path: string): boolean {
  return isOneOf(OPENED_EXTENSIONS, extensionOf(path))
}
