/** DEDUPE: does another work have these bytes already? Then this job ends as its duplicate. */
import { z } from 'zod'
import type { JobContext } from '../job-context'

const dedupedSchema = z.object({ originalArtifactId: z.string().nullable() })

export async function dedupeArtifact(context: JobContext, sha256: string): Promise<void> {
  const { jobStore: jobStore } = context
  await jobStore.effects.run({
    kind: 'DEDUPE',
    context: { sha256 },
    revive: (stored) => dedupedSchema.safeParse(stored).data ?? null,
    leadsTo: ({ originalArtifactId }) => (originalArtifactId === null ? 'DEDUPED' : 'SKIPPED_DUPLICATE'),
    perform: () =>
      Promise.resolve({
        result: { originalArtifactId: jobStore.originalOf(sha256)?.artifact.artifactId ?? null }
      })
  })
}
