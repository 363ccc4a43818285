/**
 * FINALIZE: stores the object under its hash and the paper under its readable name. The intent is on disk
 * before the first rename; repeating the op after a crash finds the existing files and adopts them
 * (docs/design.md §6).
 */
import { opResult, type FinalizedFile, type Placed, type Streamed } from '../../../contract/op-results'
import { isObjectPath, isPaperPath } from '../../platform/recorded-path'
import type { JobContext } from '../job-context'
import { finalizeContext } from './op-contexts'

/** Parses a stored result and checks its paths; null when it cannot be used. */
function revive(stored: unknown, sha256: string): Placed | null {
  const placed = opResult('FINALIZE', stored)
  if (placed === null || !isPaperPath(placed.paperPath)) return null
  return isObjectPath(placed.path, sha256) ? placed : null
}

export async function finalizeObject(context: JobContext, streamed: Streamed): Promise<FinalizedFile> {
  const { jobStore, services, job } = context
  const { library, host } = services
  const target = library.objects.path(streamed.sha256, job.format)
  const { result } = await jobStore.effects.run<Placed>({
    kind: 'FINALIZE',
    context: finalizeContext(streamed.sha256, target),
    intentFirst: true,
    revive: (stored) => revive(stored, streamed.sha256),
    stillHolds: async ({ path }) => (await library.objects.check(path, streamed, { hash: true })) === 'ok',
    leadsTo: () => 'FINALIZED',
    perform: async ({ unknown }) => {
      const finalized = await library.finalize(
        { jobId: job.jobId, sha256: streamed.sha256, bytes: streamed.bytes, format: job.format },
        { ids: context.work.ids, facts: context.work.facts, workId: job.workId }
      )
      return {
        result: {
          path: finalized.path,
          paperPath: finalized.paperPath,
          finalizedAt: host.clock.now()
        },
        ...(unknown ? { recovery: finalized.adopted ? 'adopted' : 'redone' } : {})
      }
    }
  })
  const { sha256, bytes, url, validator, provenance } = streamed
  return { ...result, sha256, bytes, url, validator, provenance }
}
