/** DEDUPE: does another work have these bytes already? Then this job ends as its duplicate. */
import { opResult } from '../../../contract/op-results'
import type { JobContext } from '../job-context'

export async function dedupeArtifact(context: JobContext, sha256: string): Promise<void> {
  const { jobStore } = context
  await jobStore.effects.run({
    kind: 'DEDUPE',
    context: { sha256 },
    revive: (stored) => opResult('DEDUPE', stored),
    leadsTo: ({ originalArtifactId }) => (originalArtifactId === null ? 'DEDUPED' : 'SKIPPED_DUPLICATE'),
    perform: () =>
      Promise.resolve({
        result: { originalArtifactId: jobStore.originalOf(sha256)?.artifact.artifactId ?? null }
      })
  })
}
