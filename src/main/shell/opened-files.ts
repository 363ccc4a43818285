/**
 * Reference files that Sheaf is started with, in the order named: what of a command line is a file for
 * us, and what is not. A second start hands its own over. Pure.
 */
import { extname, resolve } from 'node:path'

export const OPENED_EXTENSIONS = ['.bib', '.ris', '.nbib', '.json', '.csv', '.txt'] as const

/** `rest` is the command line without the program and, in development, without the app's folder. */
export function filesToOpen(rest: readonly string[], workingDir: string): readonly string[] {
  return rest
    .filter((argument) => !argument.startsWith('-') && isReferenceFile(argument))
    .map((argument) => resolve(workingDir, argument))
}

export function isReferenceFile(path: string): boolean {
  return (OPENED_EXTENSIONS as readonly string[]).includes(extname(path).toLowerCase())
}
