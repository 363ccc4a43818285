/** The artifact that has the same bytes already (docs/design.md, G5). */
import { artifactsByHash, type StoredArtifact } from '../ledger/artifacts'
import { jobById } from '../ledger/jobs'
import type { Reader } from '../ledger/ledger'

/**
 * The oldest other artifact with these bytes, of which this one is then a duplicate; null when there is none. A
 * duplicate is not used as an original.
 */
export function originalOf(r: Reader, sha256: string, artifactId: string): StoredArtifact | null {
  const original = artifactsByHash(r, sha256, artifactId).find(
    (one) => one.jobId === null || jobById(r, one.jobId)?.state !== 'SKIPPED_DUPLICATE'
  )
  return original ?? null
}
