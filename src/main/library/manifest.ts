/**
 * `manifest.jsonl`: one line per finished artifact. Appending the same artifact twice changes nothing, so it can
 * be repeated after a crash; concurrent appends share one write and one sync (a group commit).
 */
import type { Host } from '../platform/host'
import { OneAtATime } from '../platform/one-at-a-time'
import { onDisk } from './disk-trouble'
import type { LibraryManifest } from './library'
import type { ManifestEntry } from './manifest-entry'
import { ManifestFile, type ManifestRecord } from './manifest-file'

export interface Manifest extends Pick<
  LibraryManifest,
  'recordedIn' | 'append' | 'rename' | 'drop' | 'ownChange'
> {
  /** Throws when no line could be appended at present. */
  proveWritable(): Promise<void>
}

interface Waiting {
  readonly entry: ManifestEntry
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

export function makeManifest(host: Host, root: string): Manifest {
  const file = new ManifestFile(host, root)
  let record: ManifestRecord | null = null
  let waiting: Waiting[] = []
  /** appends and rewrites */
  const changes = new OneAtATime()

  const change = (work: () => Promise<void>): Promise<void> => changes.run(() => onDisk(file.path, work))

  async function appendNew(entries: readonly ManifestEntry[]): Promise<void> {
    const listed = await file.listedOf(
      entries.map(({ artifact }) => artifact.artifactId),
      record
    )
    const fresh = entries.filter(({ artifact }) => listed.get(artifact.artifactId) !== artifact.sha256)
    const replaced = fresh.flatMap(({ artifact }) =>
      listed.has(artifact.artifactId) ? artifact.artifactId : []
    )
    if (replaced.length > 0) await file.drop(new Set(replaced))
    if (fresh.length > 0) await file.append(fresh)
  }

  async function flush(): Promise<void> {
    const group = waiting
    waiting = []
    if (group.length === 0) return
    try {
      await onDisk(file.path, () => appendNew(group.map(({ entry }) => entry)))
      for (const one of group) one.done()
    } catch (error) {
      for (const one of group) one.failed(error)
    }
  }

  return {
    recordedIn(given) {
      record = given
    },
    append(entry) {
      return new Promise((done, failed) => {
        waiting.push({ entry, done, failed })
        void changes.run(flush)
      })
    },
    proveWritable: () => change(() => file.proveWritable()),
    ownChange: () => changes.run(() => file.ownChange()),
    rename: (names) =>
      change(async () => {
        const listed = await file.listed()
        if ([...names.keys()].some((id) => listed.has(id))) await file.rename(names)
      }),
    drop: (artifactIds) =>
      change(async () => {
        const listed = await file.listed()
        const wanted = artifactIds.filter((id) => listed.has(id))
        if (wanted.length > 0) await file.drop(new Set(wanted))
      })
  }
}
