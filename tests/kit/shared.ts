/** Paths in this repository: its root, and the recorded answers that tests read. */
import { resolve } from 'node:path'

export const repositoryRoot = resolve(import.meta.dirname, '../..')

/** The absolute path of a file of `tests/fixtures/recorded` (its README names origins and licences). */
export function recordedPath(relative: string): string {
  return resolve(repositoryRoot, 'tests/fixtures/recorded', relative)
}
