/**
 * The window's state between starts: position, maximised, and theme, so that the first frame has the right
 * background. A file of its own beside the settings, since it is needed before anything else is read. A
 * damaged file is treated as absent.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { THEMES, type Theme } from '../../contract/settings'
import type { Files } from '../platform/files'
import type { Rectangle } from './window-bounds'

export interface WindowMemory {
  /** the unvalidated stored value: `openingBounds` checks it */
  readonly bounds: unknown
  readonly maximised: boolean
  readonly theme: Theme
}

const memory = z.object({
  bounds: z.unknown().optional(),
  maximised: z.boolean().catch(false),
  theme: z.enum(THEMES).catch('system')
})
const FORGOTTEN: WindowMemory = { bounds: null, maximised: false, theme: 'system' }

/** Synchronous: the window waits for it, and the file is tiny. */
export function recallWindow(dataDir: string): WindowMemory {
  try {
    const read = memory.safeParse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')))
    return read.success ? { ...read.data, bounds: read.data.bounds ?? null } : FORGOTTEN
  } catch {
    return FORGOTTEN
  }
}

export interface WindowFacts {
  readonly bounds: Rectangle
  readonly maximised: boolean
  readonly theme: Theme
}

export async function rememberWindow(files: Files, dataDir: string, facts: WindowFacts): Promise<void> {
  await files.makeFolder(dataDir)
  await files.writeWhole(pathIn(dataDir), `${JSON.stringify(facts)}\n`)
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'window.json')
}
