/**
 * FINALIZE: an object under its hash, a paper under its name. The intent is on disk before the first
 * rename; performing it again after a crash finds what is there and adopts it (docs/design.md §6).
 */
import { opResult, type FinalizedFile, type Streamed } from '../../../contract/op-results'
import { isObjectPath, isPaperPath, isSha256 } from '../../platform/recorded-path'
import type { JobContext } from '../job-context'

/** A stored result whose paths are ours; null when it cannot be used. */
export function reviveFinalized(stored: unknown): FinalizedFile | null {
  const file = opResult('FINALIZE', stored)
  if (file === null || !isSha256(file.sha256) || !isPaperPath(file.paperPath)) return null
  return isObjectPath(file.path, file.sha256) ? file : null
}

export async function finalizeObject(context: JobContext, streamed: Streamed): Promise<FinalizedFile> {
  const { jobStore, services, job } = context
  const { library, host } = services
  const target = library.objectPath(streamed.sha256, job.format)
  const { result } = await jobStore.effects.run<FinalizedFile>({
    kind: 'FINALIZE',
    context: { sha256: streamed.sha256, target_path: target },
    intentFirst: true,
    revive: reviveFinalized,
    stillHolds: async (stored) => (await library.checkObject(stored.path, stored, { hash: true })) === 'ok',
    leadsTo: () => 'FINALIZED',
    perform: async ({ unknown }) => {
      const finalized = await library.finalize(
        { jobId: job.jobId, sha256: streamed.sha256, bytes: streamed.bytes, format: job.format },
        { ids: context.work.ids, facts: context.work.facts, workId: job.workId }
      )
      return {
        result: {
          sha256: streamed.sha256,
          bytes: streamed.bytes,
          path: finalized.path,
          paperPath: finalized.paperPath,
          url: streamed.url,
          validator: streamed.validator,
          provenance: streamed.provenance,
          finalizedAt: host.clock.now()
        },
        ...(unknown ? { recovery: finalized.adopted ? 'adopted' : 'redone' } : {})
      }
    }
  })
  return result
}
