/** The Linux desktop's list of user folders. Source: xdg-user-dirs, user-dirs.dirs(5). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The text of `user-dirs.dirs`, at most 64 kB; null when it does not exist. */
export function readUserDirs(env: Readonly<Record<string, string | undefined>>, home: string): string | null {
  try {
    const folder = env['XDG_CONFIG_HOME'] ?? join(home, '.config')
    return readFileSync(join(folder, 'user-dirs.dirs'), 'utf8').slice(0, 65_536)
  } catch {
    return null
  }
}
