/** The input of one line of the manifest. */
import type { ArtifactRow, Identifiers, WorkFacts } from '../../contract/work'

export interface ManifestEntry {
  readonly artifact: ArtifactRow
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** `canonical_url` of the job, from which its id is derived */
  readonly canonicalUrl?: string | undefined
}
