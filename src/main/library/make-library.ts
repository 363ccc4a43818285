/**
 * The library, joined from its parts. Nothing here decides: it says which folder is whose and in
 * which order a paper is finished (object, name, sidecar), so that a crash at any instant leaves
 * something that can be gone on from.
 */
import { basename, dirname, join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import type { ArtifactRow } from '../../contract/work'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { onDisk, unusableFolder } from './disk-trouble'
import { makeFolderSync } from './folder-sync'
import { judgeFile } from './judge-file'
import { judgeHead } from './judge-head'
import type { Library } from './library'
import { makeManifest } from './manifest'
import { papersInManifest } from './manifest-papers'
import { makeObjectStore, objectPath } from './object-store'
import { makePapers } from './papers'
import { makePdfReaders } from './pdf-readers'
import { makeQuarantine } from './quarantine'
import { makeStaging } from './staging'
import { makeThumbnails } from './thumbnails'

const FOLDERS = ['objects', 'papers', '.sheaf/staging']

export function makeLibrary(host: Host, settings: Settings, root: string): Library {
  const { files } = host
  const staging = makeStaging(host, join(root, '.sheaf/staging'))
  const syncFolder = makeFolderSync(files)
  const objects = makeObjectStore(host, root, syncFolder)
  const papers = makePapers(host, root, settings['files.nameTemplate'], objects)
  const manifest = makeManifest(host, root)
  const quarantine = makeQuarantine(
    host,
    root,
    async (sha256, bytes) =>
      (await objects.check(objectPath(sha256, 'pdf'), { sha256, bytes }, { hash: false })) === 'ok'
  )
  const readers = makePdfReaders(host)

  async function removeNames(artifact: ArtifactRow): Promise<void> {
    if (artifact.paperPath === null) return
    await files.remove(join(root, artifact.paperPath))
    await files.remove(join(root, provenancePath(artifact.paperPath)))
    await syncFolder(join(root, 'papers'))
  }

  /** Opening alone proves nothing on a full disk or over a quota: a few bytes are written. */
  async function leaveTrial(folder: string): Promise<void> {
    const trial = join(folder, `trial.${host.random.hex(6)}.tmp`)
    await onDisk(folder, async () => {
      try {
        const handle = await files.open(trial, 'create')
        try {
          await handle.write(Buffer.from('a file that shows that the folder can be written to\n'), 0)
          await handle.sync()
        } finally {
          await handle.close()
        }
      } finally {
        await files.remove(trial)
      }
    })
  }

  async function folderOf(place: string): Promise<string | null> {
    const folder = (await files.stat(place))?.isFolder === true ? place : dirname(place)
    return (await files.stat(folder))?.isFolder === true ? folder : null
  }

  const syncShard = (path: string): Promise<void> => syncFolder(dirname(join(root, path)))

  return {
    root,
    staging,
    async prepare() {
      try {
        for (const folder of FOLDERS) await files.makeFolder(join(root, folder))
        const trial = join(root, '.sheaf', `trial-${host.random.hex(4)}`)
        await files.writeWhole(trial, 'a file that shows that the folder can be written to\n')
        await files.remove(trial)
      } catch (error) {
        throw unusableFolder(error, root)
      }
    },
    async proveWritable(places) {
      const folders = new Set(FOLDERS.map((folder) => join(root, folder)))
      for (const place of places) {
        const folder = await onDisk(place, () => folderOf(place))
        if (folder !== null) folders.add(folder)
      }
      for (const folder of folders) await leaveTrial(folder)
      await manifest.proveWritable()
    },
    judgeHead,
    judge: (path, expected, signal) => judgeFile({ host, readers }, path, expected, signal),
    objectPath,
    checkObject: (path, expected, options) =>
      onDisk(join(root, path), () => objects.check(path, expected, options)),
    async finalize(part, naming) {
      const placed = await objects.place(staging.path(part.jobId), part)
      const paperPath = await papers.name(placed.path, { ...naming, format: part.format })
      // Both names are durable when these have resolved, and before the sidecar goes.
      await onDisk(root, () => Promise.all([syncShard(placed.path), syncFolder(join(root, 'papers'))]))
      await onDisk(root, () => staging.forget(part.jobId))
      host.probe('FINALIZE: sidecar removed')
      return { ...placed, paperPath }
    },
    async linkPaper(path, naming) {
      const paperPath = await papers.name(path, naming)
      await onDisk(root, () => syncFolder(join(root, 'papers')))
      return paperPath
    },
    restoreObject: (from, to) => objects.restore(from, to),
    appendManifest: (entry) => manifest.append(entry),
    dropFromManifest: (artifactIds) => manifest.drop(artifactIds),
    async readManifest() {
      const path = join(root, 'manifest.jsonl')
      if ((await files.stat(path)) === null) return new Map()
      return papersInManifest(await files.readWhole(path))
    },
    thumbnails: makeThumbnails(host, root),
    async writeProvenanceBeside(artifact) {
      if (artifact.paperPath === null) return
      const path = join(root, provenancePath(artifact.paperPath))
      await onDisk(path, () => files.writeWhole(path, `${JSON.stringify(artifact, null, 2)}\n`))
    },
    quarantine: ({ now, ...file }, from) => quarantine.take({ ...file, quarantinedAt: now }, from),
    async setAside(artifact, because, now) {
      const file = {
        jobId: artifact.jobId ?? 'unknown',
        workId: artifact.workId,
        sha256: artifact.sha256,
        because,
        evidence: { was: artifact.path, paper: artifact.paperPath },
        provenance: artifact.provenance,
        quarantinedAt: now
      }
      // A name that is a copy of its own may still be good: the only good copy is never removed.
      const paper = artifact.paperPath
      const isGood = paper !== null && (await objects.check(paper, artifact, { hash: true })) === 'ok'
      const kept = await quarantine.take(file, join(root, artifact.path))
      if (!isGood) await onDisk(root, () => removeNames(artifact))
      return kept
    },
    listQuarantine: () => quarantine.list(),
    async release(id, verdict) {
      const file = await quarantine.find(id)
      if (verdict === 'reject') {
        await quarantine.remove(file)
        return file
      }
      // Copied, not moved: it stays in the quarantine until its paper is filed.
      const taken = await staging.takeIn(file.jobId, join(root, file.path))
      await quarantine.accept(file)
      return { ...file, ...taken }
    },
    async takeIn(jobId, file) {
      const stat = await files.stat(file)
      if (stat === null) return fail('FILE_NOT_FOUND', `${file} is not there.`)
      if (!stat.isFile && !stat.isLink) return fail('BAD_FILE', `${file} is not a file.`)
      try {
        return await staging.takeIn(jobId, file)
      } catch (error) {
        if (systemCode(error) === 'EACCES') return fail('FILE_UNREADABLE', `${file} may not be read by you.`)
        throw error
      }
    },
    async removePaper(artifact, lastName) {
      await onDisk(root, async () => {
        await removeNames(artifact)
        if (!lastName) return
        await files.remove(join(root, artifact.path))
        if ((await files.stat(dirname(join(root, artifact.path)))) !== null) await syncShard(artifact.path)
      })
    },
    isOwn: (path) =>
      path.endsWith('.provenance.json') || path.endsWith('.tmp') || basename(path) === '.DS_Store',
    async listFiles() {
      const found: { path: string; bytes: number }[] = []
      const walk = async (folder: string): Promise<void> => {
        for (const entry of await files.list(join(root, folder))) {
          const path = `${folder}/${entry.name}`
          if (entry.isFolder) {
            await walk(path)
            continue
          }
          const stat = await files.stat(join(root, path))
          if (stat !== null) found.push({ path, bytes: stat.bytes })
        }
      }
      await walk('objects')
      await walk('papers')
      return found
    },
    hash: (path) => objects.hash(path),
    close: () => readers.close()
  }
}

function provenancePath(paperPath: string): string {
  return paperPath.replace(/\.\w+$/, '.provenance.json')
}
