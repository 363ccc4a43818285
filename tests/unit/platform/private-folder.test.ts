/** The data folder is accessible to its user only, from the first byte and after an older Sheaf. */
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { closeDataFolder, withPrivateFolder } from '../../../src/main/platform/private-folder'
import { tempFolder } from '../../kit/temp-folder'

const mode = (path: string): number => statSync(path).mode & 0o777
const posix = process.platform !== 'win32'

test.runIf(posix)(
  'new files are 0600 and folders 0700 for any umask; outside the data folder the umask counts',
  async () => {
    const base = tempFolder('base')
    const data = join(base, 'data')
    const files = withPrivateFolder(nodeFiles, data)
    const before = process.umask(0o022)
    try {
      await files.makeFolder(join(data, 'logs'))
      await files.writeWhole(join(data, 'settings.json'), '{}')
      await (await files.open(join(data, 'logs', 'sheaf.log'), 'append')).close()
      await (await files.open(join(data, 'journal-1.log'), 'create')).close()
      await files.writeWhole(join(base, 'export.csv'), '')
      await files.makeFolder(join(base, 'data-of-others'))
      chmodSync(join(data, 'settings.json'), 0o644)
      await files.writeWhole(join(data, 'settings.json'), '{ }')
    } finally {
      process.umask(before)
    }
    expect([data, join(data, 'logs')].map(mode)).toEqual([0o700, 0o700])
    for (const name of ['settings.json', 'logs/sheaf.log', 'journal-1.log'])
      expect(mode(join(data, name)), name).toBe(0o600)
    expect(mode(join(base, 'export.csv'))).toBe(0o644)
    expect(mode(join(base, 'data-of-others'))).toBe(0o755)
  }
)

test.runIf(posix)(
  "wider modes are narrowed at the start: Sheaf's files only, and no link is followed",
  async () => {
    const data = tempFolder('data')
    const victim = join(tempFolder('outside'), 'victim')
    mkdirSync(join(data, 'logs'))
    chmodSync(data, 0o755)
    const ours = [
      'ledger.sqlite',
      'ledger.sqlite.previous',
      'journal-7.log',
      'settings.json',
      'ui.json',
      'search.sqlite',
      'logs/sheaf.log.1'
    ]
    for (const name of [...ours, 'notes.txt']) {
      writeFileSync(join(data, name), '')
      chmodSync(join(data, name), 0o664)
    }
    writeFileSync(victim, '')
    chmodSync(victim, 0o644)
    symlinkSync(victim, join(data, 'ledger.sqlite.damaged'))
    await closeDataFolder(nodeFiles, data, '/home/ada')
    expect(mode(data)).toBe(0o700)
    for (const name of ours) expect(mode(join(data, name)), name).toBe(0o600)
    expect(mode(join(data, 'notes.txt'))).toBe(0o664)
    expect(mode(victim)).toBe(0o644)
  }
)

test.runIf(posix)('a home folder, one above it and a common folder keep their modes', async () => {
  const home = tempFolder('home')
  for (const rights of [0o755, 0o1777]) {
    chmodSync(home, rights)
    await closeDataFolder(nodeFiles, home, rights === 0o755 ? join(home, 'ada') : '/home/ada')
    expect(statSync(home).mode & 0o7777).toBe(rights)
  }
  await closeDataFolder(nodeFiles, join(home, 'not there'), '/home/ada')
})
