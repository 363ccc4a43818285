/** What one line of the manifest is written from. */
import type { ArtifactRow, Identifiers, WorkFacts } from '../../contract/work'

export interface ManifestEntry {
  readonly artifact: ArtifactRow
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** `canonical_url` of the job: what its id is derived from */
  readonly canonicalUrl?: string | undefined
}
