/** The library's readable names: linking, describing, renaming and removing them. */
import { dirname, join, posix } from 'node:path'
import type { ArtifactRow } from '../../contract/work'
import type { Host } from '../platform/host'
import { isObjectPath, isPaperPath } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'
import type { LibraryPapers, StoredFile } from './library'
import type { ObjectStore } from './object-store'
import { makePaperNames, provenancePath } from './paper-names'
import type { Papers } from './papers'

export interface LibraryPapersParts {
  readonly papers: Papers
  readonly objects: ObjectStore
  readonly syncFolder: (folder: string) => Promise<void>
}

/** Additional functions for setting a damaged file aside. */
export interface PaperFiles extends LibraryPapers {
  /** Are both names (relative paths) the same file? */
  isSameFile(one: string, other: string): Promise<boolean>
  /** Removes the provenance beside the readable name, and the name itself if `mayRemove` accepts the file. */
  removeNames(
    artifact: Pick<ArtifactRow, 'paperPath'>,
    mayRemove: (paper: string) => Promise<boolean>
  ): Promise<void>
}

export function makeLibraryPapers(
  host: Host,
  root: string,
  { papers, objects, syncFolder }: LibraryPapersParts
): PaperFiles {
  const { files } = host

  const isSameFile = async (one: string, other: string): Promise<boolean> => {
    const [a, b] = await Promise.all([files.stat(join(root, one)), files.stat(join(root, other))])
    return a?.isFile === true && a.identity !== null && a.identity === b?.identity
  }

  /** Whether the readable name is the stored file, as a link or as a copy. */
  const isStored = async (paper: string, artifact: StoredFile): Promise<boolean> =>
    (await isSameFile(paper, artifact.path)) ||
    (await objects.check(paper, artifact, { hash: true })) === 'ok'

  /**
   * Removes the readable name if its file is the stored one. A file that the user replaced or changed stays.
   */
  async function removeNames(
    artifact: Pick<ArtifactRow, 'paperPath'>,
    mayRemove: (paper: string) => Promise<boolean>
  ): Promise<void> {
    const { paperPath } = artifact
    if (paperPath === null || !isPaperPath(paperPath)) return
    if (await mayRemove(paperPath)) await files.remove(join(root, paperPath))
    await files.remove(join(root, provenancePath(paperPath)))
    papers.forget(paperPath)
    await tidyFolder(paperPath)
  }

  /** Makes the change of a name durable; removes folders that it leaves empty. */
  async function tidyFolder(paperPath: string): Promise<void> {
    let folder = posix.dirname(paperPath)
    if ((await files.stat(join(root, folder))) !== null) await syncFolder(join(root, folder))
    for (; folder !== 'papers'; folder = posix.dirname(folder)) {
      if ((await files.stat(join(root, folder))) !== null) await files.removeEmptyFolder(join(root, folder))
    }
  }

  async function writeProvenanceBeside(artifact: ArtifactRow): Promise<void> {
    if (artifact.paperPath === null) return
    const path = join(root, provenancePath(artifact.paperPath))
    await onDisk(path, () => files.writeWhole(path, `${JSON.stringify(artifact, null, 2)}\n`))
  }

  return {
    isSameFile,
    removeNames,
    writeProvenanceBeside,
    names: makePaperNames({
      host,
      root,
      papers,
      objects,
      isSameFile,
      isStored,
      tidyFolder,
      writeProvenanceBeside
    }),
    async link(path, work) {
      const paperPath = await papers.name(path, work)
      await papers.sync(paperPath)
      return paperPath
    },
    async remove(artifact, lastName) {
      await onDisk(root, async () => {
        await removeNames(artifact, (paper) => isStored(paper, artifact))
        if (!lastName || !isObjectPath(artifact.path, artifact.sha256)) return
        await files.remove(join(root, artifact.path))
        if ((await files.stat(dirname(join(root, artifact.path)))) !== null)
          await syncFolder(dirname(join(root, artifact.path)))
      })
    }
  }
}
