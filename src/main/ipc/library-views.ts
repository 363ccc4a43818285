/** Converts a paper of the catalog to the views of screens, and to an entry of a reference file. Pure. */
import { ACCEPTED_BY_PERSON } from '../../contract/words'
import { sayBytes } from '../../contract/counted'
import type { FileView, PaperView } from '../../contract/library-views'
import { shownIdentifier, shownPath, type ArtifactRow, type Identifiers } from '../../contract/work'
import type { CatalogPaper, KeyOf } from '../sheaf-api'
import type { WriteEntry } from '../works/works'
import { citationOf } from '../../contract/citation-line'

/** The address of a paper's bytes within the page's own origin; only PDFs are shown in the app. */
export function readAddress(artifactId: string, format: string): string | null {
  return format === 'pdf' ? `/artifact/${encodeURIComponent(artifactId)}` : null
}

export function quarantineAddress(id: string): string {
  return `/quarantine/${encodeURIComponent(id)}`
}

/** The best-known identifier of a paper; else what names the work. */
export function identifierOf(ids: Identifiers, workId: string): string {
  return shownIdentifier(ids) ?? ids.openalex ?? ids.url ?? workId.replace(/^(?:doi|arxiv|pmcid|url):/, '')
}

export function paperView(
  paper: CatalogPaper,
  more: { readonly hasThumbnail: boolean; readonly hit: PaperView['hit'] }
): PaperView {
  const { artifactId, format, sha256 } = paper
  return {
    artifactId,
    workId: paper.workId,
    jobId: paper.jobId,
    title: paper.title,
    authors: paper.authors,
    year: paper.year,
    venue: paper.venue,
    doi: paper.ids.doi ?? null,
    identifier: identifierOf(paper.ids, paper.workId),
    source: paper.source,
    license: paper.license,
    version: paper.version,
    verdict: paper.verdict,
    format,
    sha256,
    bytes: paper.bytes,
    pages: paper.pages,
    addedAt: paper.addedAt,
    thumbnailAt: more.hasThumbnail ? `/thumbnail/${sha256}` : null,
    readAt: readAddress(artifactId, format),
    hit: more.hit
  }
}

/** A file with all its provenance. A file supplied by the user has no source, request or announced length. */
export function fileView(artifact: ArtifactRow): FileView {
  const { provenance } = artifact
  const isBrought = provenance.source === 'manual'
  return {
    artifactId: artifact.artifactId,
    sha256: artifact.sha256,
    bytes: artifact.bytes,
    format: artifact.format,
    path: shownPath(artifact),
    finalizedAt: artifact.finalizedAt,
    verdict: provenance.verdictBecause === ACCEPTED_BY_PERSON ? 'match' : artifact.verdict,
    verdictBecause: provenance.verdictBecause,
    source: provenance.source,
    tier: isBrought ? null : provenance.tier,
    version: provenance.version,
    license: provenance.license,
    evidence: provenance.evidence,
    url: isBrought ? '' : provenance.url,
    finalUrl: isBrought ? '' : provenance.finalUrl,
    foundOn: provenance.foundOn,
    chain: provenance.chain,
    headers: provenance.headers,
    checks: checksOf(artifact),
    pages: provenance.pages,
    encrypted: provenance.encrypted,
    fetchedAt: provenance.fetchedAt,
    readAt: readAddress(artifact.artifactId, artifact.format)
  }
}

/** The verdict is shown separately with its reason; a check that only repeats it is left out. */
function checksOf({ provenance, bytes }: ArtifactRow): FileView['checks'] {
  return provenance.checks
    .filter((check) => check.name !== 'right paper')
    .map((check) =>
      check.name === 'length' && provenance.source === 'manual'
        ? { ...check, result: sayBytes(bytes) }
        : check
    )
}

/** The facts of a file in the library file alone; the view marks that the rest was not recorded. */
export function fileViewOfListed(paper: CatalogPaper): FileView {
  return {
    artifactId: paper.artifactId,
    sha256: paper.sha256,
    bytes: paper.bytes,
    format: paper.format,
    path: shownPath(paper),
    finalizedAt: paper.addedAt,
    verdict: paper.verdict,
    verdictBecause: 'It was fetched with crash-safe downloads off: only the library file remembers it.',
    source: paper.source,
    tier: null,
    version: paper.version,
    license: paper.license,
    evidence: '',
    url: paper.source === 'manual' ? '' : (paper.url ?? ''),
    finalUrl: paper.source === 'manual' ? '' : (paper.url ?? ''),
    foundOn: null,
    chain: [],
    headers: {},
    checks: [],
    pages: paper.pages,
    encrypted: false,
    fetchedAt: paper.addedAt,
    readAt: readAddress(paper.artifactId, paper.format)
  }
}

/** The paper as an entry of a reference file. */
export function referenceOf(
  paper: CatalogPaper,
  more: {
    /** absolute path */
    readonly file?: string
    readonly reference?: string | undefined
    readonly keyOf?: KeyOf
  } = {}
): WriteEntry {
  const { file, reference } = more
  const { title, authors, year, venue, type } = paper
  const entry = {
    workId: paper.workId,
    ids: paper.ids,
    facts: {
      ...(title === null ? {} : { title }),
      ...(authors.length === 0 ? {} : { authors }),
      ...(year === null ? {} : { year }),
      ...(venue === null ? {} : { venue }),
      ...(type === null ? {} : { type })
    },
    ...(reference === undefined ? {} : { reference }),
    ...(file === undefined ? {} : { file, sha256: paper.sha256 })
  }
  const key = more.keyOf?.(entry)
  return { ...entry, ...(key === undefined ? {} : { key }) }
}

/** Citation of a paper in the library; long lists of authors are shortened. */
export function citationLine(paper: CatalogPaper): string {
  const { authors, year, title, venue, ids } = paper
  const people =
    authors.length > 3 ? `${authors[0] ?? ''} et al.` : authors.length > 0 ? authors.join('; ') : null
  const name = ids.doi === undefined ? identifierOf(ids, paper.workId) : `https://doi.org/${ids.doi}`
  return citationOf({ people, year, title, venue, name })
}
