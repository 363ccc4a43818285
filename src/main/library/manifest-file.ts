/**
 * The file `manifest.jsonl`, and what this process has read of it and changed in it. A torn last line is cut off before
 * anything is appended. Its calls must not overlap (`manifest.ts`).
 */
import { join } from 'node:path'
import { jsonOrNull } from '../../contract/unknown-values'
import type { FileStat, Files } from '../platform/files'
import type { Host } from '../platform/host'
import { inSlices } from '../platform/slices'
import type { ManifestEntry } from './manifest-entry'
import { idsOfLine, lineOf, linesIn, type OwnChange } from './manifest-papers'

export const MANIFEST = 'manifest.jsonl'

/** What the ledger knows of the file's lines. */
export interface ManifestRecord {
  /** Every line of the file with this mark names an artifact of the ledger, and the last line is whole. */
  isComplete(mark: string): boolean
  isArtifact(artifactId: string): boolean
}

/** Changes with the content of the file. */
export function markOf(stat: FileStat): string {
  return `${String(stat.bytes)}:${String(stat.modifiedAt)}`
}

/** Lines parsed between two yields. */
const LINES_AT_ONCE = 2_000

export class ManifestFile {
  readonly path: string
  readonly #host: Host
  readonly #files: Files
  readonly #root: string
  /** artifact → hash, of every complete line; null: to be read */
  #listed: Map<string, string> | null = null
  /** the lines of this process */
  readonly #added = new Map<string, string>()
  /** the file's mark when it was read, and its length after all changes of this process */
  #own: { readonly from: string | null; bytes: number; isOwn: boolean } | null = null

  constructor(host: Host, root: string) {
    this.path = join(root, MANIFEST)
    this.#host = host
    this.#files = host.files
    this.#root = root
  }

  /** Artifact → hash, of every complete line. */
  async listed(): Promise<ReadonlyMap<string, string>> {
    if (this.#listed !== null) return this.#listed
    const bytes = await this.#readWholeLines()
    const found = new Map<string, string>()
    for await (const lines of inSlices(linesIn(bytes), LINES_AT_ONCE))
      for (const line of lines) {
        const known = idsOfLine(jsonOrNull(line))
        if (known !== null) found.set(known.artifact_id, known.sha256)
      }
    this.#listed = found
    return found
  }

  /**
   * The same, as far as it matters to these artifacts. The file is not read while the ledger knows every line of it:
   * what is no artifact yet has no line, and each line of this process is in `added`.
   */
  async listedOf(
    artifactIds: readonly string[],
    record: ManifestRecord | null
  ): Promise<ReadonlyMap<string, string>> {
    const mustRead =
      this.#listed !== null ||
      record === null ||
      artifactIds.some((id) => this.#added.has(id) || record.isArtifact(id)) ||
      !(await this.#isKnownTo(record))
    return mustRead ? this.listed() : new Map()
  }

  /** Durable on return. */
  async append(entries: readonly ManifestEntry[]): Promise<void> {
    const isNew = (await this.#files.stat(this.path)) === null
    const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(lineOf(entry))}\n`).join(''))
    const handle = await this.#files.open(this.path, 'append')
    try {
      this.#compareLength(await handle.size())
      await handle.write(lines, null)
      this.#host.probe('INDEX: manifest appended')
      await handle.sync()
    } catch (error) {
      // A partial write is found and cut off when the file is read again.
      this.#listed = null
      throw error
    } finally {
      await handle.close()
    }
    if (isNew) await this.#files.syncFolder(this.#root)
    if (this.#own !== null) this.#own.bytes += lines.length
    for (const { artifact } of entries) {
      this.#listed?.set(artifact.artifactId, artifact.sha256)
      this.#added.set(artifact.artifactId, artifact.sha256)
    }
  }

  /** Removes the lines of these artifacts. */
  async drop(artifactIds: ReadonlySet<string>): Promise<void> {
    await this.#rewrite((line, id) => (id !== null && artifactIds.has(id) ? null : line))
    for (const id of artifactIds) {
      this.#listed?.delete(id)
      this.#added.delete(id)
    }
  }

  /** Changes readable names (`papers/…`) by artifact; the rest of each line stays. */
  async rename(names: ReadonlyMap<string, string>): Promise<void> {
    await this.#rewrite((line, id) => {
      const paper = id === null ? undefined : names.get(id)
      return paper === undefined ? line : withPaper(line, paper)
    })
  }

  /** Throws when no line could be appended at present. */
  async proveWritable(): Promise<void> {
    const isNew = (await this.#files.stat(this.path)) === null
    await (await this.#files.open(this.path, 'append')).close()
    if (isNew) await this.#files.remove(this.path)
  }

  /** See `LibraryManifest.ownChange`. */
  async ownChange(): Promise<OwnChange | null> {
    const own = this.#own
    const stat = own === null ? null : await this.#files.stat(this.path)
    if (own === null || stat?.bytes !== own.bytes || !own.isOwn) return null
    const to = markOf(stat)
    return to === own.from ? null : { from: own.from, to, listed: new Map(this.#added) }
  }

  /** Whether the file has no other lines than the ledger and this process know, by its mark and its length. */
  async #isKnownTo(record: ManifestRecord): Promise<boolean> {
    const stat = await this.#files.stat(this.path)
    if (stat === null || stat.links > 1) return false
    if (this.#own === null) {
      if (!record.isComplete(markOf(stat))) return false
      this.#own = { from: markOf(stat), bytes: stat.bytes, isOwn: true }
    }
    return stat.bytes === this.#own.bytes && this.#own.isOwn
  }

  async #readWholeLines(): Promise<Uint8Array> {
    const there = await this.#files.stat(this.path)
    const bytes = there === null ? new Uint8Array() : await this.#files.readWhole(this.path)
    const end = bytes.lastIndexOf(0x0a) + 1
    const whole = bytes.subarray(0, end)
    if (there !== null && there.links > 1) {
      // A second name of the file (a backup by hard links, or a planted one) keeps its content: this one gets
      // its own file.
      await this.#files.writeWhole(this.path, whole)
    } else if (end < bytes.length) {
      await this.#cutOffAt(end)
    }
    // Read again after a failed write: if it left bytes, the content is no longer known to be ours.
    const own = this.#own
    this.#own =
      own === null
        ? { from: there === null ? null : markOf(there), bytes: end, isOwn: true }
        : { ...own, bytes: end, isOwn: own.isOwn && own.bytes === bytes.length && end === bytes.length }
    return whole
  }

  async #cutOffAt(end: number): Promise<void> {
    this.#host.log.warn('The last line of the manifest was torn and is cut off', { path: this.path })
    const handle = await this.#files.open(this.path, 'update')
    try {
      await handle.truncate(end)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  /** Maps each line with its artifact (null: none) to a new line, or removes it (null). */
  async #rewrite(change: (line: string, artifactId: string | null) => string | null): Promise<void> {
    const before = await this.#files.readWhole(this.path)
    this.#compareLength(before.length)
    const lines = new TextDecoder().decode(before).split('\n')
    const kept = lines.flatMap((line) =>
      line === '' ? [] : (change(line, idsOfLine(jsonOrNull(line))?.artifact_id ?? null) ?? [])
    )
    const rewritten = Buffer.from(kept.map((line) => `${line}\n`).join(''))
    await this.#files.writeWhole(this.path, rewritten)
    if (this.#own !== null) this.#own.bytes = rewritten.length
  }

  /** Notes when another program has changed the file. */
  #compareLength(bytes: number): void {
    if (this.#own !== null && this.#own.bytes !== bytes) this.#own.isOwn = false
  }
}

/** A line that `idsOfLine` could read, with another readable name. */
function withPaper(line: string, paper: string): string {
  const value: unknown = JSON.parse(line)
  return JSON.stringify({ ...(typeof value === 'object' ? value : {}), paper })
}
