/**
 * Gives a stored paper another readable name: the new one is linked before the old one is removed, so that a
 * readable name exists at every instant. A user's file under either name stays.
 */
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import type { ArtifactRow } from '../../contract/work'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { isPaperPath } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'
import type { PaperNames, StoredFile } from './library'
import type { ObjectStore } from './object-store'
import type { Papers } from './papers'

/** The end of the name of a file beside a paper that says where the paper came from. */
export const PROVENANCE_END = '.provenance.json'

export function provenancePath(paperPath: string): string {
  return paperPath.replace(/\.\w+$/, PROVENANCE_END)
}

interface Parts {
  readonly host: Host
  readonly root: string
  readonly papers: Papers
  readonly objects: Pick<ObjectStore, 'check'>
  /** Whether two relative paths are names of one file. */
  readonly isSameFile: (one: string, other: string) => Promise<boolean>
  readonly isStored: (paperPath: string, artifact: StoredFile) => Promise<boolean>
  readonly tidyFolder: (paperPath: string) => Promise<void>
  readonly writeProvenanceBeside: (artifact: ArtifactRow) => Promise<void>
}

export function makePaperNames(parts: Parts): PaperNames {
  const { host, root, papers, objects, isSameFile, isStored, tidyFolder, writeProvenanceBeside } = parts
  const { files } = host

  const conditionOf: PaperNames['condition'] = async (artifact, how) => {
    const object = await objects.check(artifact.path, artifact, how)
    if (object !== 'ok') return 'lost'
    const { paperPath } = artifact
    if (paperPath === null || (await files.stat(join(root, paperPath))) === null) return 'missing'
    if (await isSameFile(paperPath, artifact.path)) return 'ok'
    return (await objects.check(paperPath, artifact, how)) === 'ok' ? 'ok' : 'changed'
  }

  return {
    isNamed: (paperPath, work) => papers.isNamed(paperPath, work),
    condition: (artifact, how) => onDisk(root, () => conditionOf(artifact, how)),
    choose: (path, work, taken) => papers.choose(path, work, taken),
    forget: (paperPath) => {
      papers.forget(paperPath)
    },
    async link(path, paperPath) {
      try {
        await papers.link(path, paperPath)
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error
        fail('FILE_UNWRITABLE', `Another file is called ${paperPath} by now.`, { facts: { path: paperPath } })
      }
    },
    async leave(artifact, to, isShared) {
      const { paperPath } = artifact
      if (paperPath === null || !isPaperPath(paperPath) || paperPath === to) return
      await onDisk(root, async () => {
        const beside = join(root, provenancePath(paperPath))
        if ((await files.stat(beside))?.isFile === true) {
          await writeProvenanceBeside({ ...artifact, paperPath: to })
          if (!isShared) await files.remove(beside)
        }
        if (isShared) return
        if (!(await isStored(paperPath, artifact))) return
        await files.remove(join(root, paperPath))
        host.probe('RENAME: former name removed')
        papers.forget(paperPath)
        await tidyFolder(paperPath)
      })
    }
  }
}
