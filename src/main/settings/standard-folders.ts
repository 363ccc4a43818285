/**
 * Default folders: ledger, settings and logs in the system's place for application data, papers in the
 * documents folder. Source: XDG Base Directory Specification; Apple's File System Programming Guide; Windows'
 * Known Folders.
 */
import { posix, win32 } from 'node:path'
import type { Environment } from './environment'
import { applicationDataFolder } from '../platform/application-data'

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Environment
  /** the text of `user-dirs.dirs` (Linux), if it exists */
  readonly userDirs?: string | null
}

export function standardDataDir(machine: Machine): string {
  const folder = applicationDataFolder(machine, ['Sheaf'])
  if (folder !== null) return folder
  const { home, env } = machine
  const xdg = env['XDG_DATA_HOME']
  // A relative path is invalid by the specification and must be ignored.
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), 'sheaf')
}

export function standardLibraryDir(machine: Machine): string {
  const { platform, home, userDirs } = machine
  if (platform === 'win32') return win32.join(home, 'Documents', 'Sheaf')
  const named = platform === 'linux' ? documentsOf(userDirs ?? '', home) : null
  return posix.join(named ?? posix.join(home, 'Documents'), 'Sheaf')
}

/**
 * The desktop's documents folder (`Dokumente`, another disk); null where none is set. The value is absolute
 * or begins with $HOME; $HOME alone means that the folder was removed. Source: xdg-user-dirs,
 * user-dirs.dirs(5).
 */
function documentsOf(text: string, home: string): string | null {
  const value = /^[ \t]*XDG_DOCUMENTS_DIR[ \t]*=[ \t]*"((?:[^"\\\n]|\\.){1,4096})"/m.exec(text)?.[1]
  if (value === undefined) return null
  const plain = value.replace(/\\(.)/g, '$1')
  const path = plain.startsWith('$HOME/') ? posix.join(home, plain.slice(6)) : plain
  return posix.isAbsolute(path) ? path.replace(/(?<=.)\/$/, '') : null
}
