/** The library's operations on the quarantine: files are taken in, given back to their job, or rejected. */
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Host } from '../platform/host'
import { onDisk } from './disk-trouble'
import type { LibraryQuarantine } from './library'
import type { PaperFiles } from './library-papers'
import type { ObjectStore } from './object-store'
import type { Quarantine } from './quarantine'
import type { StagingFolder } from './staging'

export function makeLibraryQuarantine(
  { files }: Pick<Host, 'files'>,
  root: string,
  parts: {
    readonly quarantine: Quarantine
    readonly staging: StagingFolder
    readonly objects: ObjectStore
    readonly papers: PaperFiles
  }
): LibraryQuarantine {
  const { quarantine, staging, objects, papers } = parts
  return {
    take: ({ now, ...file }, from) => quarantine.take({ ...file, quarantinedAt: now }, from),
    list: (how) => quarantine.list(how),
    async release(id, verdict) {
      const file = await quarantine.find(id)
      if (verdict === 'reject') {
        await quarantine.remove(file)
        return file
      }
      // Copied, not moved: the file stays in the quarantine until its paper is stored.
      const taken = await staging.takeIn(file.jobId, join(root, file.path), files)
      if (taken.sha256 !== file.sha256) {
        await staging.discard(file.jobId)
        fail(
          'BAD_FILE',
          `The file ${id} is not the one that was put into the quarantine: its bytes changed.`,
          {
            hint: 'Reject it, or attach the right file to the job.'
          }
        )
      }
      await quarantine.accept(file)
      return { ...file, ...taken }
    },
    async setAside(artifact, because, now) {
      if ((await files.stat(join(root, artifact.path)))?.isLink === true) {
        await files.remove(join(root, artifact.path))
        return null
      }
      const file = {
        jobId: artifact.jobId ?? 'unknown',
        workId: artifact.workId,
        because,
        evidence: { was: artifact.path, paper: artifact.paperPath, expected_sha256: artifact.sha256 },
        provenance: artifact.provenance,
        quarantinedAt: now
      }
      // A readable name that is a separate copy may still be intact: the only good copy is never removed.
      const paper = artifact.paperPath
      const isGood = paper !== null && (await objects.check(paper, artifact, { hash: true })) === 'ok'
      // Another name of the damaged file is removed with it; a separate file under that name stays.
      const isOther = isGood || paper === null || !(await papers.isSameFile(paper, artifact.path))
      const kept = await quarantine.take(file, join(root, artifact.path))
      if (!isOther) await onDisk(root, () => papers.removeNames(artifact, () => Promise.resolve(true)))
      return kept
    }
  }
}
