/**
 * The lines of the library file that the ledger may not know: papers fetched with the switch off. Read once, when all
 * papers are; lines listed or dropped before that are newer than the file.
 */
import type { Ledger } from '../ledger/ledger'
import type { PaperRow } from '../ledger/library-queries'
import type { LibraryManifest } from '../library/library'
import type { ManifestLine } from '../library/manifest-papers'
import type { Log } from '../platform/log'
import { idsOfListed } from './adopt-line'
import { mayListOthers } from './recorded-manifest'

interface ListedLinesParts {
  readonly ledger: Pick<Ledger, 'read'>
  readonly manifest: Pick<LibraryManifest, 'mark' | 'read'>
  readonly log: Log
}

export class ListedLines {
  readonly #parts: ListedLinesParts
  #lines: Map<string, ManifestLine> | null = null
  #loading: Promise<void> | null = null
  /** listed (or dropped: null) before the file was read */
  readonly #heard = new Map<string, ManifestLine | null>()

  constructor(parts: ListedLinesParts) {
    this.#parts = parts
  }

  /** The line was listed, or dropped (null). */
  note(artifactId: string, line: ManifestLine | null): void {
    if (this.#lines === null) this.#heard.set(artifactId, line)
    else if (line === null) this.#lines.delete(artifactId)
    else this.#lines.set(artifactId, line)
  }

  /** Reads the lines that `isKnown` does not know. A file that cannot be read has none. */
  async load(isKnown: (artifactId: string) => boolean): Promise<void> {
    if (this.#lines !== null) return
    this.#loading ??= this.#read(isKnown)
      .catch((error: unknown) => {
        this.#parts.log.warn('The library file cannot be read', { because: String(error) })
        return new Map<string, ManifestLine>()
      })
      .then((lines) => {
        this.#lines = lines
        for (const [id, line] of this.#heard) this.note(id, line)
        this.#heard.clear()
        this.#loading = null
      })
    await this.#loading
  }

  get(artifactId: string): PaperRow | null {
    const line = this.#lines?.get(artifactId)
    return line === undefined ? null : rowOf(line)
  }

  /** None before they are read. */
  ids(): Iterable<string> {
    return this.#lines?.keys() ?? []
  }

  withHash(sha256: string): string[] {
    return [...(this.#lines ?? [])].flatMap(([id, line]) => (line.sha256 === sha256 ? id : []))
  }

  async #read(isKnown: (artifactId: string) => boolean): Promise<Map<string, ManifestLine>> {
    const { ledger, manifest } = this.#parts
    return (await mayListOthers(ledger, manifest)) ? manifest.read(isKnown) : new Map<string, ManifestLine>()
  }
}

function rowOf(line: ManifestLine): PaperRow {
  return {
    artifactId: line.artifact_id,
    workId: line.work_id,
    jobId: null,
    title: line.title,
    authors: line.authors,
    year: line.year,
    venue: line.venue,
    type: null,
    ids: idsOfListed(line),
    source: line.source,
    license: line.license,
    version: line.version,
    url: line.url,
    verdict: line.verdict,
    format: line.format,
    sha256: line.sha256,
    bytes: line.bytes,
    pages: line.pages,
    addedAt: line.finalized_at,
    path: line.path,
    paperPath: line.paper
  }
}
