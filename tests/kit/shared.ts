/**
 * Where the shared fixtures lie: beside the checkout, when they are there. A stranger who has only
 * the repository has the copies in `tests/fixtures` instead.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export const repositoryRoot = resolve(import.meta.dirname, '../..')
const shared = resolve(repositoryRoot, '../shared')

export const hasShared = existsSync(shared)

/** The absolute path of a shared file, or null when there is none. */
export function sharedPath(relative: string): string | null {
  const path = resolve(shared, relative)
  return existsSync(path) ? path : null
}
