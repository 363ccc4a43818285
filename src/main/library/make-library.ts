/**
 * The library, joined from its parts. Nothing here decides: it says which folder belongs to which part
 * and in which order a paper is finished (object, name, sidecar), so that after a crash at any instant
 * the work can be continued. Every part gets the disk as `filesInside` gives it: no path and no link
 * leads out of the library folder.
 */
import { basename, dirname, join, posix, sep } from 'node:path'
import { fail, isSheafError } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import type { ArtifactRow } from '../../contract/work'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { filesInside } from '../platform/inside-folder'
import { isObjectPath, isPaperPath } from '../platform/recorded-path'
import { onDisk, unusableFolder } from './disk-trouble'
import { makeFolderSync } from './folder-sync'
import { judgeFile } from './judge-file'
import type { Library } from './library'
import { makeManifest, markOf } from './manifest'
import { papersInManifest, readManifestLines } from './manifest-papers'
import { makeObjectStore, objectPath } from './object-store'
import { makePaperNames, provenancePath } from './paper-names'
import { makePapers } from './papers'
import { makeQuarantine } from './quarantine'
import { makeReaders } from './readers'
import { makeStaging } from './staging'
import { makeThumbnails } from './thumbnails'

const FOLDERS = ['objects', 'papers', '.sheaf/staging']

/** What is looked at before anything is written: none of these may be a link. */
const OWN_PLACES = ['objects', 'papers', 'quarantine', '.sheaf', '.sheaf/staging', 'manifest.jsonl']

export function makeLibrary(outside: Host, settings: Settings, root: string): Library {
  const files = filesInside(outside.files, root)
  const host: Host = { ...outside, files }
  const staging = makeStaging(host, join(root, '.sheaf/staging'))
  const syncFolder = makeFolderSync(files)
  const objects = makeObjectStore(host, root, {
    outside: outside.files,
    syncFolder,
    setAside: (path, object) =>
      quarantine.take(
        {
          jobId: 'unknown',
          workId: 'unknown',
          because: 'Its bytes were not those of its name when the file arrived again.',
          evidence: { was: path, expected_sha256: object.sha256 },
          provenance: null,
          quarantinedAt: host.clock.now()
        },
        join(root, path)
      )
  })
  const papers = makePapers(host, root, {
    template: settings['files.nameTemplate'],
    objects,
    syncFolder
  })
  const manifest = makeManifest(host, root)
  const quarantine = makeQuarantine(
    host,
    root,
    async (sha256, bytes) =>
      (await objects.check(objectPath(sha256, 'pdf'), { sha256, bytes }, { hash: true })) === 'ok'
  )
  const readers = makeReaders(host)

  /**
   * Takes the readable name away, when the file of that name is the stored one. A file that a person put
   * in its place, or has changed since, stays.
   */
  async function removeNames(
    artifact: ArtifactRow,
    isStored: (paper: string) => Promise<boolean>
  ): Promise<void> {
    const { paperPath } = artifact
    if (paperPath === null || !isPaperPath(paperPath)) return
    if (await isStored(paperPath)) await files.remove(join(root, paperPath))
    await files.remove(join(root, provenancePath(paperPath)))
    papers.forget(paperPath)
    await tidyFolder(paperPath)
  }

  /** Makes what became of a name durable; folders that it leaves empty go. */
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

  const isSameFile = async (one: string, other: string): Promise<boolean> => {
    const [a, b] = await Promise.all([files.stat(join(root, one)), files.stat(join(root, other))])
    return a?.isFile === true && a.identity !== null && a.identity === b?.identity
  }

  /** Throws FOLDER_UNUSABLE before anything is fetched that could not be filed. */
  async function assertNoLinks(): Promise<void> {
    for (const place of OWN_PLACES) {
      if ((await outside.files.stat(join(root, place)))?.isLink !== true) continue
      fail('FOLDER_UNUSABLE', `The library folder ${root} cannot be used: ${place} in it is a link.`, {
        hint: `Sheaf follows no link inside its folders. Put what it leads to in its place, or move ${place} away.`
      })
    }
  }

  /** Opening alone proves nothing on a full disk or over a quota: a few bytes are written. */
  async function leaveTrial(folder: string): Promise<void> {
    const { files } = outside
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

  /** Also outside of the library: the ledger's files are among the places. */
  async function folderOf(place: string): Promise<string | null> {
    const { files } = outside
    const folder = (await files.stat(place))?.isFolder === true ? place : dirname(place)
    return (await files.stat(folder))?.isFolder === true ? folder : null
  }

  async function listPaths(): Promise<string[]> {
    const found: string[] = []
    const walk = async (folder: string): Promise<void> => {
      for (const entry of await files.list(join(root, folder))) {
        const path = `${folder}/${entry.name}`
        if (entry.isFolder) await walk(path)
        else found.push(path)
      }
    }
    await walk('objects')
    await walk('papers')
    return found
  }

  const sizeOf = async (path: string): Promise<number | null> =>
    (await files.stat(join(root, path)))?.bytes ?? null

  const syncShard = (path: string): Promise<void> => syncFolder(dirname(join(root, path)))

  return {
    root,
    staging,
    async prepare() {
      try {
        await assertNoLinks()
        for (const folder of FOLDERS) await files.makeFolder(join(root, folder))
        const trial = join(root, '.sheaf', `trial-${host.random.hex(4)}`)
        await files.writeWhole(trial, 'a file that shows that the folder can be written to\n')
        await files.remove(trial)
      } catch (error) {
        throw isSheafError(error) ? error : unusableFolder(error, root)
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
    expectPdf: () => {
      readers.prepare()
    },
    judgeHead: (head, { format, contentType, url }, signal) =>
      readers.head(head, { format, contentType, url }, signal),
    // A file of the user's own, which an import only reads, lies outside of the library.
    judge: (path, expected, signal) =>
      judgeFile({ host: path.startsWith(root + sep) ? host : outside, readers }, path, expected, signal),
    objectPath,
    checkObject: (path, expected, options) =>
      onDisk(join(root, path), () => objects.check(path, expected, options)),
    async finalize(part, naming) {
      const placed = await objects.place(staging.path(part.jobId), part)
      const paperPath = await papers.name(placed.path, { ...naming, format: part.format })
      // Both names are durable when these have resolved, and before the sidecar goes.
      await onDisk(root, () => Promise.all([syncShard(placed.path), papers.sync(paperPath)]))
      await onDisk(root, () => staging.forget(part.jobId))
      host.probe('FINALIZE: sidecar removed')
      return { ...placed, paperPath }
    },
    async linkPaper(path, naming) {
      const paperPath = await papers.name(path, naming)
      await papers.sync(paperPath)
      return paperPath
    },
    restoreObject: (from, to) => objects.restore(from, to),
    appendManifest: (entry) => manifest.append(entry),
    renameInManifest: (names) => manifest.rename(names),
    names: makePaperNames({ host, root, papers, objects, isSameFile, tidyFolder, writeProvenanceBeside }),
    dropFromManifest: (artifactIds) => manifest.drop(artifactIds),
    async readManifest() {
      const path = join(root, 'manifest.jsonl')
      if ((await files.stat(path)) === null) return new Map()
      return papersInManifest(await files.readWhole(path))
    },
    async readManifestLines() {
      const path = join(root, 'manifest.jsonl')
      if ((await files.stat(path)) === null) return { papers: new Map(), refused: [] }
      return readManifestLines(await files.readWhole(path))
    },
    async manifestMark() {
      const stat = await files.stat(join(root, 'manifest.jsonl'))
      return stat === null ? null : markOf(stat)
    },
    ownManifestChange: () => manifest.ownChange(),
    verifyObject: (path, sha256) => onDisk(join(root, path), () => objects.verify(path, sha256)),
    bringObject: (folder, place, object) => objects.bring(folder, place, object),
    thumbnails: makeThumbnails(host, root),
    writeProvenanceBeside,
    quarantine: ({ now, ...file }, from) => quarantine.take({ ...file, quarantinedAt: now }, from),
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
      // A name that is a copy of its own may still be good: the only good copy is never removed.
      const paper = artifact.paperPath
      const isGood = paper !== null && (await objects.check(paper, artifact, { hash: true })) === 'ok'
      // Another name of the damaged file goes with it; a file of its own under that name stays.
      const isOther = isGood || paper === null || !(await isSameFile(paper, artifact.path))
      const kept = await quarantine.take(file, join(root, artifact.path))
      if (!isOther) await onDisk(root, () => removeNames(artifact, () => Promise.resolve(true)))
      return kept
    },
    listQuarantine: (how) => quarantine.list(how),
    async release(id, verdict) {
      const file = await quarantine.find(id)
      if (verdict === 'reject') {
        await quarantine.remove(file)
        return file
      }
      // Copied, not moved: it stays in the quarantine until its paper is filed.
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
    async takeIn(jobId, file) {
      const stat = await outside.files.stat(file)
      if (stat === null) return fail('FILE_NOT_FOUND', `${file} is not there.`)
      if (!stat.isFile && !stat.isLink) return fail('BAD_FILE', `${file} is not a file.`)
      try {
        return await staging.takeIn(jobId, file, outside.files)
      } catch (error) {
        if (systemCode(error) === 'EACCES') return fail('FILE_UNREADABLE', `${file} may not be read by you.`)
        throw error
      }
    },
    async removePaper(artifact, lastName) {
      await onDisk(root, async () => {
        await removeNames(
          artifact,
          async (paper) =>
            (await isSameFile(paper, artifact.path)) ||
            (await objects.check(paper, artifact, { hash: true })) === 'ok'
        )
        if (!lastName || !isObjectPath(artifact.path, artifact.sha256)) return
        await files.remove(join(root, artifact.path))
        if ((await files.stat(dirname(join(root, artifact.path)))) !== null) await syncShard(artifact.path)
      })
    },
    isOwn: (path) =>
      path.endsWith('.provenance.json') || path.endsWith('.tmp') || basename(path) === '.DS_Store',
    async listFiles() {
      const found: { path: string; bytes: number }[] = []
      for (const path of await listPaths()) {
        const bytes = await sizeOf(path)
        if (bytes !== null) found.push({ path, bytes })
      }
      return found
    },
    listPaths,
    sizeOf,
    hash: (path) => objects.hash(path),
    close: () => {
      readers.close()
    }
  }
}
