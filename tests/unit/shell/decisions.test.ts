/** Decisions of the shell that only a real system shows, as tables. */
import { describe, expect, test } from 'vitest'
import { readsAsRestricted, sandboxRemedy } from '../../../scripts/user-namespaces.mjs'
import { meansCopyInstead } from '../../../src/main/platform/copy-instead'
import { standardLibraryDir } from '../../../src/main/settings/standard-folders'
import { onClose, type Closing } from '../../../src/main/shell/on-close'
import { sandboxNote } from '../../../src/main/shell/sandbox-note'
import { updatePolicy, type Installation } from '../../../src/main/shell/update-policy'

describe('updates', () => {
  const installed: Installation = { packaged: true, platform: 'win32', env: {}, signed: false }
  test.each<[Partial<Installation>, 'update' | 'none']>([
    [{}, 'update'],
    [{ packaged: false }, 'none'],
    [{ env: { PORTABLE_EXECUTABLE_DIR: 'D:\\tools' } }, 'none'],
    [{ platform: 'darwin' }, 'none'],
    [{ platform: 'darwin', signed: true }, 'update'],
    [{ platform: 'linux' }, 'none'],
    [{ platform: 'linux', env: { APPIMAGE: '/home/ada/Sheaf.AppImage' } }, 'update']
  ])('%o: %s', (facts, kind) => {
    expect(updatePolicy({ ...installed, ...facts }).kind).toBe(kind)
  })
})

describe('closing the window', () => {
  const facts: Closing = {
    quitting: false,
    closeToTray: true,
    trayIsThere: true,
    platform: 'win32',
    fullScreen: false
  }
  test.each<[Partial<Closing>, ReturnType<typeof onClose>]>([
    [{}, 'hide'],
    [{ quitting: true }, 'close'],
    [{ closeToTray: false }, 'close'],
    [{ trayIsThere: false }, 'close'],
    [{ platform: 'linux' }, 'minimise'],
    [{ platform: 'darwin', fullScreen: true }, 'leave_full_screen_then_hide'],
    [{ platform: 'darwin' }, 'hide']
  ])('%o: %s', (some, wanted) => {
    expect(onClose({ ...facts, ...some })).toBe(wanted)
  })
})

test('file systems without hard links, exFAT on Windows among them, get a copy', () => {
  for (const code of ['EXDEV', 'EPERM', 'EISDIR', 'UNKNOWN', 'ENOTSUP'])
    expect(meansCopyInstead(code)).toBe(true)
  for (const code of ['EEXIST', 'ENOENT', 'ENOSPC', null]) expect(meansCopyInstead(code)).toBe(false)
})

describe('the documents folder on Linux', () => {
  const at = (userDirs: string | null): string =>
    standardLibraryDir({ platform: 'linux', home: '/home/ada', env: {}, userDirs })
  test.each([
    [null, '/home/ada/Documents/Sheaf'],
    ['# nothing\nXDG_MUSIC_DIR="$HOME/Musik"\n', '/home/ada/Documents/Sheaf'],
    ['XDG_DOCUMENTS_DIR="$HOME/Dokumente"\n', '/home/ada/Dokumente/Sheaf'],
    ['XDG_DOCUMENTS_DIR="/data/My \\"papers\\"/"\n', '/data/My "papers"/Sheaf'],
    ['XDG_DOCUMENTS_DIR="relative"\n', '/home/ada/Documents/Sheaf']
  ])('%j: %s', (text, folder) => {
    expect(at(text)).toBe(folder)
  })
})

test('a start without a sandbox is reported', () => {
  expect(sandboxNote({ noSandbox: true })).toContain('without')
  expect(sandboxNote({ noSandbox: false })).toBeNull()
})

test('restricted user namespaces have a message of their own, and the remedy names the program', () => {
  expect(readsAsRestricted(() => '1\n')).toBe(true)
  expect(readsAsRestricted(() => '0\n')).toBe(false)
  expect(
    readsAsRestricted(() => {
      throw new Error('ENOENT')
    })
  ).toBe(false)
  expect(sandboxRemedy('/opt/electron')).toContain('profile sheaf-electron /opt/electron flags=(unconfined)')
})
