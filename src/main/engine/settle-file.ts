/**
 * From a complete file to the end of its job: the bytes are accepted, filed or linked to the same bytes of another work,
 * and listed. Serialized per hash.
 */
import { fail } from '../../contract/errors'
import type { FinalizedFile, Streamed } from '../../contract/op-results'
import type { ArtifactRow, Provenance } from '../../contract/work'
import { filedLine } from './done-line'
import type { JobContext } from './job-context'
import type { Ending } from './job-endings'
import { dedupeArtifact } from './ops/dedupe-artifact'
import { finalizeObject } from './ops/finalize-object'
import { indexArtifact, listArtifact } from './ops/index-artifact'

/** Processes bytes in staging to the end of the job, serialized per hash. */
export function finish(context: JobContext, streamed: Streamed): Promise<Ending> {
  return context.services.hashLock.run(streamed.sha256, async () => {
    await acceptBytes(context, streamed)
    const original = context.jobStore.originalOf(streamed.sha256)
    if (original !== null) {
      const { library } = context.services
      const there = await library.objects.check(original.artifact.path, original.artifact, { hash: true })
      if (there === 'ok') {
        const ending = await linkTo(context, asOwn(original.artifact, streamed.provenance))
        await library.staging.discard(context.job.jobId)
        return ending
      }
    }
    return settleWithin(context, await finalizeObject(context, streamed))
  })
}

/** The row of this work for bytes shared with another work: origin and judgement are this work's own. */
function asOwn(artifact: ArtifactRow, provenance: Provenance): ArtifactRow {
  return { ...artifact, provenance, verdict: provenance.verdict }
}

/**
 * A file that is fetched again because it was lost or damaged must have the recorded bytes. Other bytes,
 * though a valid paper, are quarantined until the user decides.
 */
async function acceptBytes(context: JobContext, streamed: Streamed): Promise<void> {
  const { job, services } = context
  if (isAcceptable(context, streamed)) return
  const expected = job.expectedSha256 ?? ''
  const { library, host } = services
  const because = `Its hash is ${streamed.sha256}; the file that was filed before had ${expected}.`
  await library.quarantine.take(
    {
      jobId: job.jobId,
      workId: job.workId,
      because,
      evidence: { code: 'OTHER_BYTES', expected, url: streamed.url },
      provenance: streamed.provenance,
      now: host.clock.now()
    },
    library.staging.path(job.jobId)
  )
  await library.staging.discard(job.jobId)
  fail('OTHER_BYTES', because, { facts: { sha256: streamed.sha256, expected } })
}

export function isAcceptable({ job }: JobContext, file: { readonly sha256: string }): boolean {
  return job.expectedSha256 === null || job.expectedSha256 === file.sha256
}

/**
 * Continues with a file placed before an interruption. DEDUPE checks whether another work has the same bytes
 * by now.
 */
export function settle(context: JobContext, file: FinalizedFile): Promise<Ending> {
  return context.services.hashLock.run(file.sha256, () => settleWithin(context, file))
}

/** Jobs in FINALIZED and INDEXED continue here; each op is replayed or performed according to its record. */
async function settleWithin(context: JobContext, file: FinalizedFile): Promise<Ending> {
  const { jobStore, services, job } = context
  if (jobStore.state === 'FINALIZED') await indexArtifact(context, file)
  await dedupeArtifact(context, file.sha256)
  await jobStore.durable()
  const duplicate = jobStore.state === 'SKIPPED_DUPLICATE'
  services.runStats[duplicate ? 'duplicates' : 'done'] += 1
  services.runStats.count(services.runStats.bySource, file.provenance.source)
  services.emit(filedLine(job, jobStore.state, { root: services.library.root, filed: file }))
  services.host.log.debug('A paper arrived', { job: job.jobId, path: file.paperPath })
  return { kind: 'done', duplicate }
}

/**
 * Ends the job as a duplicate of an existing artifact. Its manifest line is written first: writing it twice
 * is harmless.
 */
export async function linkTo(context: JobContext, artifact: ArtifactRow): Promise<Ending> {
  const { jobStore, services, job } = context
  await listArtifact(context, {
    ...artifact,
    artifactId: job.artifactId,
    workId: job.workId,
    jobId: job.jobId
  })
  await jobStore.endAsDuplicate(artifact)
  services.runStats.duplicates += 1
  services.emit(filedLine(job, jobStore.state, { root: services.library.root, filed: artifact }))
  return { kind: 'done', duplicate: true }
}
