/**
 * Joins the library's parts. It assigns the folders and defines the order in which a paper is finished
 * (object, name, sidecar), so that after a crash at any instant the work can be continued. Every part gets
 * the disk through `filesInside`: no path and no link leads out of the library folder.
 */
import { basename, dirname, join, sep } from 'node:path'
import { fail } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import { systemCode } from '../platform/files'
import type { Host } from '../platform/host'
import { filesInside } from '../platform/inside-folder'
import { objectPath } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'
import { makeFolderSync } from './folder-sync'
import { judgeFile } from './judge-file'
import type { Library, LibraryFiles, LibraryJudge, LibraryManifest } from './library'
import { makeFolders } from './library-folders'
import { makeSizeCheck } from './size-check'
import { makeLibraryPapers } from './library-papers'
import { makeLibraryQuarantine } from './library-quarantine'
import { makeManifest, type Manifest } from './manifest'
import { MANIFEST, markOf } from './manifest-file'
import { finished, readManifestInSlices } from './manifest-papers'
import { makeObjectStore } from './object-store'
import { PROVENANCE_END } from './paper-names'
import { Papers } from './papers'
import { makeQuarantine } from './quarantine'
import { makeReaders, type Readers } from './readers'
import { STAGING, StagingFolder } from './staging'
import { makeThumbnails } from './thumbnails'

/** Size: joins the parts of the library, one line each, and the order of a filing. */
export function makeLibrary(outside: Host, settings: Settings, root: string): Library {
  const files = filesInside(outside.files, root)
  const host: Host = { ...outside, files }
  const staging = new StagingFolder(host, join(root, STAGING))
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
  const named = new Papers(host, root, {
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

  const papers = makeLibraryPapers(host, root, { papers: named, objects, syncFolder })

  return {
    root,
    staging,
    objects: {
      path: objectPath,
      check: (path, expected, options) =>
        onDisk(join(root, path), () => objects.check(path, expected, options)),
      verify: (path, sha256) => onDisk(join(root, path), () => objects.verify(path, sha256)),
      bring: (folder, place, object) => objects.bring(folder, place, object),
      restore: (from, to) => objects.restore(from, to)
    },
    papers,
    manifest: manifestOf(host, root, manifest),
    quarantine: makeLibraryQuarantine(host, root, { quarantine, staging, objects, papers }),
    judge: judgeOf(readers, { inside: host, outside, root }),
    files: {
      ...filesOf(host, root),
      sizeCheck: () => makeSizeCheck(outside.files, root),
      hash: (path) => objects.hash(path)
    },
    thumbnails: makeThumbnails(host, root),
    ...makeFolders(host, root, {
      outside: outside.files,
      proveManifest: () => manifest.proveWritable()
    }),
    async finalize(part, naming) {
      const placed = await objects.place(staging.path(part.jobId), part)
      const paperPath = await named.name(placed.path, { ...naming, format: part.format })
      // Both names are durable when these promises have resolved, and before the sidecar is removed.
      await onDisk(root, () =>
        Promise.all([syncFolder(dirname(join(root, placed.path))), named.sync(paperPath)])
      )
      await onDisk(root, () => staging.forget(part.jobId))
      host.probe('FINALIZE: sidecar removed')
      return { ...placed, paperPath }
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
    close: () => {
      readers.close()
    }
  }
}

function judgeOf(
  readers: Readers,
  where: { readonly inside: Host; readonly outside: Host; readonly root: string }
): LibraryJudge {
  const { inside, outside, root } = where
  return {
    expectPdf: () => {
      readers.prepare()
    },
    head: (head, { format, contentType, url }, signal) =>
      readers.head(head, { format, contentType, url }, signal),
    // A user's file, which an import only reads, is outside of the library.
    file: (path, expected, signal) =>
      judgeFile({ host: path.startsWith(root + sep) ? inside : outside, readers }, path, expected, signal)
  }
}

function manifestOf({ files }: Host, root: string, manifest: Manifest): LibraryManifest {
  const path = join(root, MANIFEST)
  const readLines: LibraryManifest['readLines'] = async (isKnown = () => false) => {
    if ((await files.stat(path)) === null) return { papers: new Map(), refused: [], isWhole: true }
    return readManifestInSlices(await files.readWhole(path), isKnown)
  }
  return {
    append: (entry) => manifest.append(entry),
    rename: (names) => manifest.rename(names),
    drop: (artifactIds) => manifest.drop(artifactIds),
    read: async (isKnown) => finished((await readLines(isKnown)).papers),
    readLines,
    recordedIn: (record) => {
      manifest.recordedIn(record)
    },
    async mark() {
      const stat = await files.stat(path)
      return stat === null ? null : markOf(stat)
    },
    ownChange: () => manifest.ownChange()
  }
}

function filesOf({ files }: Host, root: string): Omit<LibraryFiles, 'hash' | 'sizeCheck'> {
  async function paths(): Promise<string[]> {
    const found: string[] = []
    const collect = async (folder: string): Promise<void> => {
      for (const entry of await files.list(join(root, folder))) {
        const path = `${folder}/${entry.name}`
        if (entry.isFolder) await collect(path)
        else found.push(path)
      }
    }
    await collect('objects')
    await collect('papers')
    return found
  }

  const sizeOf = async (path: string): Promise<number | null> =>
    (await files.stat(join(root, path)))?.bytes ?? null

  return {
    paths,
    sizeOf,
    async list() {
      const found: { path: string; bytes: number }[] = []
      for (const path of await paths()) {
        const bytes = await sizeOf(path)
        if (bytes !== null) found.push({ path, bytes })
      }
      return found
    },
    isOwn: (path) => path.endsWith(PROVENANCE_END) || path.endsWith('.tmp') || basename(path) === '.DS_Store'
  }
}
