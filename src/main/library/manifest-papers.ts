/**
 * Parses the lines of `manifest.jsonl` as papers: everything known of papers fetched without a record in the
 * ledger (docs/design.md §9). Pure and tolerant: an invalid or incomplete line is ignored and does not affect
 * others.
 */
import { z } from 'zod'
import { FORMATS, PAPER_VERDICTS } from '../../contract/words'
import { objectPathOfRow, paperPathOfRow } from '../platform/recorded-path'
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
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
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

/** The changes of one process to the library file; see `Library.ownManifestChange`. */
export interface OwnChange {
  readonly from: string | null
  readonly to: string
  readonly listed: ReadonlyMap<string, string>
}

/** The last line of an artifact counts. */
export function papersInManifest(bytes: Uint8Array): Map<string, ManifestLine> {
  const { papers } = readManifestLines(bytes)
  return new Map([...papers].map(([artifactId, line]) => [artifactId, lineSchema.parse(line)]))
}

export interface ManifestReading {
  readonly papers: Map<string, ManifestLine>
  /** lines that are not a paper, by their 1-based number */
  readonly refused: readonly { readonly line: number; readonly because: string }[]
}

export function readManifestLines(bytes: Uint8Array): ManifestReading {
  const papers = new Map<string, ManifestLine>()
  const refused: { line: number; because: string }[] = []
  for (const [index, line] of new TextDecoder().decode(bytes).split('\n').entries()) {
    if (line.trim() === '') continue
    const json = jsonOrNull(line)
    const read = rawSchema.safeParse(json)
    if (read.success) papers.set(read.data.artifact_id, read.data)
    else {
      const fields = [...new Set(read.error.issues.map((issue) => issue.path.join('.')))].filter(Boolean)
      const because =
        json === null ? 'it is not JSON' : `wrong or missing: ${fields.join(', ') || 'everything'}`
      refused.push({ line: index + 1, because })
    }
  }
  return { papers, refused }
}
