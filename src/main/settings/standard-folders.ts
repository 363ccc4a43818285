/**
 * Where things are kept when nobody says otherwise: the ledger, settings and logs in the system's
 * place for application data, the papers where a person looks for documents.
 * Source: XDG Base Directory Specification; Apple's File System Programming Guide; Windows' Known Folders.
 */
import { posix, win32 } from 'node:path'
import type { Environment } from './environment'

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Environment
}

export function standardDataDir(machine: Machine): string {
  const { platform, home, env } = machine
  if (platform === 'win32')
    return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Sheaf')
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Sheaf')
  const xdg = env['XDG_DATA_HOME']
  // A relative path is invalid by the specification and must be ignored.
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share'), 'sheaf')
}

export function standardLibraryDir(machine: Machine): string {
  return (machine.platform === 'win32' ? win32 : posix).join(machine.home, 'Documents', 'Sheaf')
}
