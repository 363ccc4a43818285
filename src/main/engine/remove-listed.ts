/**
 * Removes a paper that is only in the library file (fetched with the switch off): its line, its readable
 * name, and its object when no other paper has the same bytes. The ledger has no row of it, so no tombstone
 * is written.
 */
import { fail } from '../../contract/errors'
import type { ArtifactRow, Provenance } from '../../contract/work'
import type { LibraryCatalog } from './library-catalog'
import type { Library } from '../library/library'
import { isPaperPath } from '../platform/recorded-path'

export async function removeListed(
  parts: { readonly catalog: LibraryCatalog; readonly library: Library; readonly now: number },
  artifactId: string
): Promise<{ readonly workId: string; readonly files: number }> {
  const { catalog, library } = parts
  const paper = await catalog.paper(artifactId)
  if (paper === null || paper.recorded) {
    return fail('NO_SUCH_WORK', 'The library file does not list this paper.')
  }
  const { workId } = paper
  const others = (await catalog.papers()).filter((one) => one.artifactId !== artifactId)
  await library.manifest.drop([artifactId])
  // An edited line may name any file: only paths that Sheaf itself would have chosen are removed.
  const isOurs =
    paper.path === library.objects.path(paper.sha256, paper.format) &&
    (paper.paperPath === null || isPaperPath(paper.paperPath))
  if (!isOurs) return { workId, files: 0 }
  const artifact: ArtifactRow = {
    artifactId,
    workId,
    jobId: null,
    format: paper.format,
    sha256: paper.sha256,
    bytes: paper.bytes,
    path: paper.path,
    paperPath: others.some((one) => one.paperPath === paper.paperPath) ? null : paper.paperPath,
    finalizedAt: paper.addedAt,
    verdict: paper.verdict,
    provenance: bareProvenance(parts.now)
  }
  await library.papers.remove(artifact, !others.some((one) => one.sha256 === paper.sha256))
  return { workId, files: 1 }
}

/** Placeholder: removal uses only the paths. */
function bareProvenance(now: number): Provenance {
  return {
    source: 'manual',
    tier: null,
    version: null,
    license: null,
    evidence: '',
    url: '',
    finalUrl: '',
    foundOn: null,
    chain: [],
    headers: {},
    checks: [],
    verdict: 'unsure',
    verdictBecause: '',
    pages: null,
    encrypted: false,
    fetchedAt: now
  }
}
