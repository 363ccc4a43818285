/** DEDUPE: does another work have these bytes already? Then this job ends as its duplicate. */
import { z } from 'zod'
import type { Journey } from '../journey'

const dedupedSchema = z.object({ originalArtifactId: z.string().nullable() })

export async function dedupeArtifact(journey: Journey, sha256: string): Promise<void> {
  const { keeper } = journey
  await keeper.effects.run({
    kind: 'DEDUPE',
    context: { sha256 },
    revive: (stored) => dedupedSchema.safeParse(stored).data ?? null,
    leadsTo: ({ originalArtifactId }) => (originalArtifactId === null ? 'DEDUPED' : 'SKIPPED_DUPLICATE'),
    perform: () =>
      Promise.resolve({
        result: { originalArtifactId: keeper.originalOf(sha256)?.artifact.artifactId ?? null }
      })
  })
}
