/** INDEX: makes the paper findable: a row of `artifacts` and a line of `manifest.jsonl`. */
import { opResult, type FinalizedFile } from '../../../contract/op-results'
import type { ArtifactRow } from '../../../contract/work'
import { isManualAddress } from '../../../contract/words'
import { canonicalUrl } from '../../works/canonical-url'
import type { JobContext } from '../job-context'

export async function indexArtifact(context: JobContext, file: FinalizedFile): Promise<ArtifactRow> {
  const { jobStore } = context
  const artifact = artifactOf(context, file)
  await jobStore.effects.run({
    kind: 'INDEX',
    context: { sha256: file.sha256 },
    oneStep: true,
    revive: (stored) => opResult('INDEX', stored),
    leadsTo: () => 'INDEXED',
    alsoRecord: (w) => {
      jobStore.recordArtifact(w, {
        ...artifact,
        // A file supplied by the user has no address under which another job could find it.
        ...(isManualAddress(file.url) ? {} : { fileUrl: canonicalUrl(file.url) }),
        ...(file.validator === null ? {} : { fileValidator: file.validator })
      })
    },
    perform: async () => {
      await listArtifact(context, artifact)
      return { result: { manifest: true as const } }
    }
  })
  return artifact
}

/**
 * Writes the manifest's line, and the provenance file beside the paper if the setting says so. Idempotent.
 */
export async function listArtifact(context: JobContext, artifact: ArtifactRow): Promise<void> {
  const { library, settings } = context.services
  const { work, job } = context
  await library.manifest.append({
    artifact,
    ids: work.ids,
    facts: work.facts,
    canonicalUrl: job.canonicalUrl
  })
  if (settings['files.provenanceBeside']) await library.papers.writeProvenanceBeside(artifact)
}

export function artifactOf(context: JobContext, file: FinalizedFile): ArtifactRow {
  const { job } = context
  return {
    artifactId: job.artifactId,
    workId: job.workId,
    jobId: job.jobId,
    format: job.format,
    sha256: file.sha256,
    bytes: file.bytes,
    path: file.path,
    paperPath: file.paperPath,
    finalizedAt: file.finalizedAt,
    verdict: file.provenance.verdict,
    provenance: file.provenance
  }
}
