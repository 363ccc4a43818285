/** DEDUPE: if another work already has these bytes, this job ends as its duplicate. */
import { opResult } from '../../../contract/op-results'
import { forgetLookups } from '../../ledger/lookups'
import type { JobContext } from '../job-context'

export async function dedupeArtifact(context: JobContext, sha256: string): Promise<void> {
  const { jobStore } = context
  await jobStore.effects.run({
    kind: 'DEDUPE',
    context: { sha256 },
    oneStep: true,
    revive: (stored) => opResult('DEDUPE', stored),
    leadsTo: ({ originalArtifactId }) => (originalArtifactId === null ? 'DEDUPED' : 'SKIPPED_DUPLICATE'),
    // The job is finished: the services' answers about its work are no longer needed.
    alsoRecord: (w) => {
      forgetLookups(w, context.job.workId)
    },
    perform: () =>
      Promise.resolve({
        result: { originalArtifactId: jobStore.originalOf(sha256)?.artifact.artifactId ?? null }
      })
  })
}
