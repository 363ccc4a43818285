/** The data folders of programs. Source: Apple's File System Programming Guide; Windows' Known Folders. */
import { posix, win32 } from 'node:path'

/** A program's folder; null on systems without a common place for all programs. */
export function applicationDataFolder(
  { platform, home, env }: ApplicationDataOf,
  path: readonly string[]
): string | null {
  if (platform === 'win32')
    return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), ...path)
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', ...path)
  return null
}

export interface ApplicationDataOf {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}
