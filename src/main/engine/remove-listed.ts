/**
 * Removes a paper that is only in the library file (fetched with the switch off): its line, its readable
 * name, and its object when no other paper has the same bytes. The ledger has no row of it, so no tombstone
 * is written.
 */
import { fail } from '../../contract/errors'
import type { LibraryCatalog } from './library-catalog'
import type { Library } from '../library/library'
import { isPaperPath } from '../platform/recorded-path'

export async function removeListed(
  parts: { readonly catalog: LibraryCatalog; readonly library: Library },
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
  const isNameShared = others.some((one) => one.paperPath === paper.paperPath)
  const file = isNameShared ? { ...paper, paperPath: null } : paper
  await library.papers.remove(file, !others.some((one) => one.sha256 === paper.sha256))
  return { workId, files: 1 }
}
