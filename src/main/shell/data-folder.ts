/**
 * The folders of this start of the app: the one named with `--user-data-dir`, else the command line's, so
 * that both use one ledger. Chromium's own files get a folder inside. Pure.
 */
import { join, resolve } from 'node:path'
import { standardDataDir, type Machine } from '../settings/standard-folders'

export interface DataFolders {
  readonly dataDir: string
  /** caches and storage of Chromium */
  readonly browserDir: string
}

export function dataFolders(named: string, machine: Machine): DataFolders {
  const dataDir = named === '' ? standardDataDir(machine) : resolve(named)
  return { dataDir, browserDir: join(dataDir, 'browser') }
}
