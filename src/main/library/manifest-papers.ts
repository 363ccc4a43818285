/**
 * What a line of `manifest.jsonl` says, and its lines as papers: all that is known of what was fetched
 * without the ledger remembering it (docs/design.md §9). Pure and tolerant: a line that a person wrote, damaged or
 * left half finished counts for nothing and disturbs no other.
 */
import { z } from 'zod'
import { FORMATS, PAPER_VERDICTS } from '../../contract/words'
import { isPaperPath, objectPathOfRow } from '../platform/recorded-path'
import type { ManifestEntry } from './library'

const text = z.string().nullable().catch(null)
const number = z.number().nullable().catch(null)

const lineSchema = z
  .object({
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
    paper: z.string().refine(isPaperPath).nullable().catch(null),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.number(),
    source: z.string().catch('manual'),
    version: text,
    license: text,
    url: text,
    verdict: z.enum(PAPER_VERDICTS).catch('unsure'),
    pages: number,
    finalized_at: z.number()
  })
  // A line that names another file than its own object names none: it is looked for under its hash.
  .transform((line) => ({ ...line, path: objectPathOfRow(line.path, line) }))
export type ManifestLine = z.output<typeof lineSchema>

/** The line of a finished work, field by field as it stands in the file. */
export function lineOf({ artifact, ids, facts }: ManifestEntry): ManifestLine {
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
    finalized_at: artifact.finalizedAt
  }
}

/** The last line of an artifact counts. */
export function papersInManifest(bytes: Uint8Array): Map<string, ManifestLine> {
  const found = new Map<string, ManifestLine>()
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const read = line.startsWith('{') ? lineSchema.safeParse(parsed(line)) : null
    if (read?.success === true) found.set(read.data.artifact_id, read.data)
  }
  return found
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null
  }
}
