/**
 * Parses the lines of `manifest.jsonl` as papers: everything known of papers fetched without a record in the
 * ledger (docs/design.md §9). Pure and tolerant: an invalid or incomplete line is ignored and does not affect
 * others.
 */
import { z } from 'zod'
import { FORMATS, PAPER_VERDICTS } from '../../contract/words'
import { isSha256, objectPathOfRow, paperPathOfRow } from '../platform/recorded-path'
import { inSlices } from '../platform/slices'
import type { ManifestEntry } from './manifest-entry'
import { jsonOrNull } from '../../contract/unknown-values'

const text = z.string().nullable().catch(null)
const number = z.number().nullable().catch(null)

/** A line as it is in the file, not yet validated. */
const rawSchema = z.object({
  work_id: z.string().min(1),
  artifact_id: z.string().min(1),
  doi: text,
  arxiv: text,
  pmid: text,
  pmcid: text,
  title: text,
  authors: z.array(z.string()).catch([]),
  year: number,
  venue: text,
  format: z.enum(FORMATS),
  path: z.string(),
  paper: text,
  sha256: z.string().refine(isSha256),
  bytes: z.number(),
  source: z.string().catch('manual'),
  version: text,
  license: text,
  url: text,
  verdict: z.enum(PAPER_VERDICTS).catch('unsure'),
  pages: number,
  finalized_at: z.number(),
  /** the job it was fetched for, and the address from which its id is derived; absent in older lines */
  job_id: text,
  canonical_url: text
})
// In a line that names a file other than its own object, the path is replaced: the object is looked up by its
// hash.
const lineSchema = rawSchema.transform((line) => ({
  ...line,
  path: objectPathOfRow(line.path, line),
  paper: paperPathOfRow(line.paper)
}))
export type ManifestLine = z.output<typeof lineSchema>

/** The line of a finished work, field by field. */
export function lineOf({ artifact, ids, facts, canonicalUrl }: ManifestEntry): ManifestLine {
  const { provenance } = artifact
  return {
    work_id: artifact.workId,
    artifact_id: artifact.artifactId,
    doi: ids.doi ?? null,
    arxiv: ids.arxiv ?? null,
    pmid: ids.pmid ?? null,
    pmcid: ids.pmcid ?? null,
    title: facts.title ?? null,
    authors: [...(facts.authors ?? [])],
    year: facts.year ?? null,
    venue: facts.venue ?? null,
    format: artifact.format,
    path: artifact.path,
    paper: artifact.paperPath,
    sha256: artifact.sha256,
    bytes: artifact.bytes,
    source: provenance.source,
    version: provenance.version,
    license: provenance.license,
    url: provenance.url,
    verdict: artifact.verdict,
    pages: provenance.pages,
    finalized_at: artifact.finalizedAt,
    job_id: artifact.jobId,
    canonical_url: canonicalUrl ?? null
  }
}

/** The changes of one process to the library file; see `LibraryManifest.ownChange`. */
export interface OwnChange {
  readonly from: string | null
  readonly to: string
  readonly listed: ReadonlyMap<string, string>
}

/** The last line of an artifact counts. */
export function papersInManifest(bytes: Uint8Array): Map<string, ManifestLine> {
  return finished(readManifestLines(bytes).papers)
}

export interface ManifestReading {
  readonly papers: Map<string, ManifestLine>
  /** lines that are not a paper, by their 1-based number */
  readonly refused: readonly { readonly line: number; readonly because: string }[]
  /** the last line has its end: another may follow */
  readonly isWhole: boolean
}

/** Lines that need not be read further: of an artifact that is known with these bytes. */
export type IsKnownLine = (artifactId: string, sha256: string) => boolean

export function readManifestLines(bytes: Uint8Array): ManifestReading {
  const reading = new ReadingLines(bytes, () => false)
  for (const line of linesIn(bytes)) reading.take(line)
  return reading
}

/** The same with pauses for other work: a library has a hundred thousand lines. */
export async function readManifestInSlices(
  bytes: Uint8Array,
  isKnown: IsKnownLine
): Promise<ManifestReading> {
  const reading = new ReadingLines(bytes, isKnown)
  for await (const lines of inSlices(linesIn(bytes), LINES_AT_ONCE))
    for (const line of lines) reading.take(line)
  return reading
}

/** As they are in the library: each path follows from the hash. */
export function finished(papers: ReadonlyMap<string, ManifestLine>): Map<string, ManifestLine> {
  return new Map([...papers].map(([artifactId, line]) => [artifactId, lineSchema.parse(line)]))
}

const LINES_AT_ONCE = 500
const NEWLINE = 0x0a

/** Line by line: the whole text of a large library would take as much memory again, twice. */
export function* linesIn(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for (let from = 0; from <= bytes.length;) {
    const at = bytes.indexOf(NEWLINE, from)
    const end = at < 0 ? bytes.length : at
    yield decoder.decode(bytes.subarray(from, end))
    from = end + 1
  }
}

class ReadingLines implements ManifestReading {
  readonly papers = new Map<string, ManifestLine>()
  readonly refused: { line: number; because: string }[] = []
  readonly isWhole: boolean
  readonly #isKnown: IsKnownLine
  #lines = 0

  constructor(bytes: Uint8Array, isKnown: IsKnownLine) {
    this.isWhole = bytes.length === 0 || bytes.at(-1) === NEWLINE
    this.#isKnown = isKnown
  }

  take(text: string): void {
    this.#lines += 1
    const line = this.#lines === 1 ? text.replace(/^\ufeff/, '') : text
    if (line.trim() === '') return
    const json = jsonOrNull(line)
    const named = idsOfLine(json)
    if (named !== null && this.#isKnown(named.artifact_id, named.sha256)) {
      this.papers.delete(named.artifact_id)
      return
    }
    const read = rawSchema.safeParse(json)
    if (read.success) this.papers.set(read.data.artifact_id, read.data)
    else {
      const fields = [...new Set(read.error.issues.map((issue) => issue.path.join('.')))].filter(Boolean)
      const because =
        json === null ? 'it is not JSON' : `wrong or missing: ${fields.join(', ') || 'everything'}`
      this.refused.push({ line: this.#lines, because })
    }
  }
}

/** Read by hand: a schema takes several times as long, and a library has a hundred thousand lines. */
export function idsOfLine(value: unknown): { readonly artifact_id: string; readonly sha256: string } | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('artifact_id' in value) || !('sha256' in value)) return null
  const { artifact_id, sha256 } = value
  return typeof artifact_id === 'string' && typeof sha256 === 'string' ? { artifact_id, sha256 } : null
}
