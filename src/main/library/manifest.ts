/**
 * `manifest.jsonl`: one line per finished work. Appending the same artifact twice changes nothing, so it can
 * be repeated after a crash; concurrent appends share one write and one sync; a torn last line is cut off
 * before anything is appended.
 */
import { join } from 'node:path'
import type { ManifestEntry } from './manifest-entry'
import { idsOfLine, lineOf, linesIn, type OwnChange } from './manifest-papers'
import { jsonOrNull } from '../../contract/unknown-values'
import type { FileStat } from '../platform/files'
import type { Host } from '../platform/host'
import { inSlices } from '../platform/slices'
import { onDisk } from './disk-trouble'

/** What the ledger knows of the file's lines. */
export interface ManifestRecord {
  /** Every line of the file with this mark names an artifact of the ledger, and the last line is whole. */
  isComplete(mark: string): boolean
  isArtifact(artifactId: string): boolean
}

export interface Manifest {
  /** See `LibraryManifest.recordedIn`. */
  recordedIn(record: ManifestRecord): void
  /** Durable on return. */
  append(entry: ManifestEntry): Promise<void>
  drop(artifactIds: readonly string[]): Promise<void>
  /** Changes readable names (`papers/…`) by artifact; the rest of each line stays. Durable, in one write. */
  rename(names: ReadonlyMap<string, string>): Promise<void>
  /** Throws when no line could be appended at present. */
  proveWritable(): Promise<void>
  /**
   * The file's mark before the first change of this process, its mark now, and the artifacts listed in
   * between; null when this process changed nothing, or another program changed it too.
   */
  ownChange(): Promise<OwnChange | null>
}

/** Changes with the content of the file. */
export function markOf(stat: FileStat): string {
  return `${String(stat.bytes)}:${String(stat.modifiedAt)}`
}

interface Waiting {
  readonly entry: ManifestEntry
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/** Lines parsed between two yields. */
const LINES_AT_ONCE = 2_000

/** Size: its inner functions share one file and its lock; each is short by itself. */
export function makeManifest(host: Host, root: string): Manifest {
  const { files } = host
  const path = join(root, 'manifest.jsonl')
  /** artifact → hash, of every complete line */
  let listed: Map<string, string> | null = null
  /** the file's mark when it was read, and its length after all changes of this process */
  let own: { readonly from: string | null; bytes: number; isOwn: boolean } | null = null
  const added = new Map<string, string>()
  let record: ManifestRecord | null = null
  let waiting: Waiting[] = []
  let tail: Promise<unknown> = Promise.resolve()

  /** One at a time: appends and rewrites never overlap. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = tail.then(work, work)
    tail = mine.catch(() => undefined)
    return mine
  }

  async function load(): Promise<Map<string, string>> {
    if (listed !== null) return listed
    const there = await files.stat(path)
    const bytes = there === null ? new Uint8Array() : await files.readWhole(path)
    const end = bytes.lastIndexOf(0x0a) + 1
    if (there !== null && there.links > 1) {
      // A second name of the file (a backup by hard links, or a planted one) keeps its content: this one gets
      // its own file.
      await files.writeWhole(path, bytes.subarray(0, end))
    } else if (end < bytes.length) {
      host.log.warn('The last line of the manifest was torn and is cut off', { path })
      const handle = await files.open(path, 'update')
      try {
        await handle.truncate(end)
        await handle.sync()
      } finally {
        await handle.close()
      }
    }
    // Read again after a failed write: if it left bytes, the content is no longer known to be ours.
    own =
      own === null
        ? { from: there === null ? null : markOf(there), bytes: end, isOwn: true }
        : { ...own, bytes: end, isOwn: own.isOwn && own.bytes === bytes.length && end === bytes.length }
    const found = new Map<string, string>()
    for await (const lines of inSlices(linesIn(bytes.subarray(0, end)), LINES_AT_ONCE))
      for (const line of lines) {
        const known = idsOfLine(jsonOrNull(line))
        if (known !== null) found.set(known.artifact_id, known.sha256)
      }
    listed = found
    return found
  }

  /**
   * Artifact → hash, as far as it matters to these entries. The file is not read while the ledger knows every
   * line of it: what is no artifact yet has no line, and each line of this process is in `added`.
   */
  async function listedOf(entries: readonly ManifestEntry[]): Promise<Map<string, string>> {
    if (listed !== null || record === null) return load()
    const ids = entries.map(({ artifact }) => artifact.artifactId)
    const known = record
    if (ids.some((id) => added.has(id) || known.isArtifact(id))) return load()
    const stat = await files.stat(path)
    if (stat === null || stat.links > 1) return load()
    if (own === null) {
      if (!known.isComplete(markOf(stat))) return load()
      own = { from: markOf(stat), bytes: stat.bytes, isOwn: true }
    }
    return stat.bytes === own.bytes && own.isOwn ? new Map() : load()
  }

  async function flush(): Promise<void> {
    const group = waiting
    waiting = []
    if (group.length === 0) return
    try {
      await onDisk(path, async () => {
        const known = await listedOf(group.map(({ entry }) => entry))
        const fresh = group.filter(
          ({ entry }) => known.get(entry.artifact.artifactId) !== entry.artifact.sha256
        )
        const replaced = fresh.filter(({ entry }) => known.has(entry.artifact.artifactId))
        if (replaced.length > 0)
          await rewriteWithout(new Set(replaced.map(({ entry }) => entry.artifact.artifactId)))
        if (fresh.length === 0) return
        const isNew = (await files.stat(path)) === null
        const lines = Buffer.from(fresh.map(({ entry }) => `${JSON.stringify(lineOf(entry))}\n`).join(''))
        const handle = await files.open(path, 'append')
        try {
          if (own !== null && (await handle.size()) !== own.bytes) own.isOwn = false
          await handle.write(lines, null)
          host.probe('INDEX: manifest appended')
          await handle.sync()
        } catch (error) {
          // A partial write is found and cut off when the file is read again.
          listed = null
          throw error
        } finally {
          await handle.close()
        }
        if (isNew) await files.syncFolder(root)
        if (own !== null) own.bytes += lines.length
        for (const { entry } of fresh) {
          known.set(entry.artifact.artifactId, entry.artifact.sha256)
          added.set(entry.artifact.artifactId, entry.artifact.sha256)
        }
      })
      for (const one of group) one.done()
    } catch (error) {
      for (const one of group) one.failed(error)
    }
  }

  async function rewriteWithout(artifactIds: ReadonlySet<string>): Promise<void> {
    await rewrite((line, id) => (id !== null && artifactIds.has(id) ? null : line))
    for (const id of artifactIds) {
      listed?.delete(id)
      added.delete(id)
    }
  }

  /** Maps each line with its artifact (null: none) to a new line, or removes it (null). */
  async function rewrite(change: (line: string, artifactId: string | null) => string | null): Promise<void> {
    const before = await files.readWhole(path)
    if (own !== null && before.length !== own.bytes) own.isOwn = false
    const lines = new TextDecoder().decode(before).split('\n')
    const kept = lines.flatMap((line) =>
      line === '' ? [] : (change(line, idsOfLine(jsonOrNull(line))?.artifact_id ?? null) ?? [])
    )
    const rewritten = Buffer.from(kept.map((line) => `${line}\n`).join(''))
    await files.writeWhole(path, rewritten)
    if (own !== null) own.bytes = rewritten.length
  }

  return {
    recordedIn(given) {
      record = given
    },
    append(entry) {
      return new Promise((done, failed) => {
        waiting.push({ entry, done, failed })
        void inTurn(flush)
      })
    },
    proveWritable() {
      return inTurn(() =>
        onDisk(path, async () => {
          const isNew = (await files.stat(path)) === null
          await (await files.open(path, 'append')).close()
          if (isNew) await files.remove(path)
        })
      )
    },
    ownChange() {
      return inTurn(async () => {
        const stat = own === null ? null : await files.stat(path)
        if (own === null || stat?.bytes !== own.bytes || !own.isOwn) return null
        const to = markOf(stat)
        return to === own.from ? null : { from: own.from, to, listed: new Map(added) }
      })
    },
    rename(names) {
      return inTurn(() =>
        onDisk(path, async () => {
          const known = await load()
          if (![...names.keys()].some((id) => known.has(id))) return
          await rewrite((line, id) => {
            const paper = id === null ? undefined : names.get(id)
            return paper === undefined ? line : withPaper(line, paper)
          })
        })
      )
    },
    drop(artifactIds) {
      return inTurn(() =>
        onDisk(path, async () => {
          const known = await load()
          const wanted = artifactIds.filter((id) => known.has(id))
          if (wanted.length > 0) await rewriteWithout(new Set(wanted))
        })
      )
    }
  }
}

/** A line that `idsOfLine` could read, with another readable name. */
function withPaper(line: string, paper: string): string {
  const value: unknown = JSON.parse(line)
  return JSON.stringify({ ...(typeof value === 'object' ? value : {}), paper })
}
