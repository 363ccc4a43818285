/** Temporary folders, removed when the test or the test file has ended. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for the running test, removed after it in every case. */
export function tempFolder(name = 'test'): string {
  const folder = mkdtempSync(join(tmpdir(), `sheaf-${name}-`))
  onTestFinished(() => {
    removeFolder(folder)
  })
  return folder
}

/** A folder for several tests; the caller removes it. */
export function tempFolderForAll(name = 'tests'): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `sheaf-${name}-`))
  return {
    path,
    remove: () => {
      removeFolder(path)
    }
  }
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}
