/**
 * The folders of a library: created, checked for symbolic links, and tested by writing a file. Paths outside
 * of the library use the unrestricted disk.
 */
import { dirname, join } from 'node:path'
import { fail, isSheafError } from '../../contract/errors'
import type { Files } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import type { Library } from './library'
import { MANIFEST } from './manifest-file'
import { QUARANTINE_FOLDER } from './quarantine-record'
import { STAGING } from './staging'
import { unusableFolder } from '../platform/disk-errors'
import { writeNew } from '../platform/write-new'

const FOLDERS = ['objects', 'papers', STAGING]

/** The content of a file that is only written to see whether it can be. */
const TRIAL = 'a file that shows that the folder can be written to\n'

/** Checked before anything is written: none of these may be a symbolic link. */
const OWN_PLACES = ['objects', 'papers', QUARANTINE_FOLDER, '.sheaf', STAGING, MANIFEST]

export function makeFolders(
  host: Host,
  root: string,
  parts: { readonly outside: Files; readonly proveManifest: () => Promise<void> }
): Pick<Library, 'prepare' | 'proveWritable'> {
  const { files } = host
  const { outside, proveManifest } = parts

  /** Throws FOLDER_UNUSABLE before anything is fetched that could not be stored. */
  async function assertNoLinks(): Promise<void> {
    for (const place of OWN_PLACES) {
      if ((await outside.stat(join(root, place)))?.isLink !== true) continue
      fail('FOLDER_UNUSABLE', `The library folder ${root} cannot be used: ${place} in it is a link.`, {
        hint: `Sheaf follows no link inside its folders. Put what it leads to in its place, or move ${place} away.`
      })
    }
  }

  /** Opening a file is no proof on a full disk or over a quota: a few bytes are written. */
  async function leaveTrial(folder: string): Promise<void> {
    const trial = join(folder, `trial.${host.random.hex(6)}.tmp`)
    await onDisk(folder, async () => {
      try {
        await writeNew(outside, trial, TRIAL)
      } finally {
        await outside.remove(trial)
      }
    })
  }

  /** Also outside of the library: the ledger's files are among the places. */
  async function folderOf(place: string): Promise<string | null> {
    const folder = (await outside.stat(place))?.isFolder === true ? place : dirname(place)
    return (await outside.stat(folder))?.isFolder === true ? folder : null
  }

  return {
    async prepare() {
      try {
        await assertNoLinks()
        for (const folder of FOLDERS) await files.makeFolder(join(root, folder))
        const trial = join(root, '.sheaf', `trial-${host.random.hex(4)}`)
        await files.writeWhole(trial, TRIAL)
        await files.remove(trial)
      } catch (error) {
        throw isSheafError(error) ? error : unusableFolder(error, `The library folder ${root}`)
      }
    },
    async proveWritable(places) {
      const folders = new Set(FOLDERS.map((folder) => join(root, folder)))
      for (const place of places) {
        const folder = await onDisk(place, () => folderOf(place))
        if (folder !== null) folders.add(folder)
      }
      for (const folder of folders) await leaveTrial(folder)
      await proveManifest()
    }
  }
}
