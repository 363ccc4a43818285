/** What is told of a job that was ended by hand, and of the whole library, from ledger and library together. */
import { fail } from '../../contract/errors'
import type { DoneLine } from '../../contract/lines'
import type { ArtifactRow, Identifiers, WorkFacts } from '../../contract/work'
import { artifactById, eachArtifact, type StoredArtifact } from '../ledger/artifacts'
import { jobById } from '../ledger/jobs'
import type { Reader } from '../ledger/ledger'
import { worksOfList } from '../ledger/lists'
import { workById } from '../ledger/works'
import type { Engine } from './engine'
import type { Ending } from './walk'

export function doneLine(engine: Engine, jobId: string, ending: Ending): DoneLine {
  const { ledger, library } = engine
  const job = ledger.read((r) => jobById(r, jobId))
  if (job === null || ending.kind !== 'done') {
    return fail('INTERNAL', `Job ${jobId} did not end as it should: ${ending.kind}.`)
  }
  const artifact = ledger.read((r) => artifactById(r, job.artifactId))
  return {
    type: 'done',
    job_id: jobId,
    work_id: job.workId,
    state: job.state,
    ...(artifact === null
      ? {}
      : {
          path: `${library.root}/${artifact.paperPath ?? artifact.path}`,
          sha256: artifact.sha256,
          bytes: artifact.bytes,
          source: artifact.provenance.source
        })
  }
}

/** A file of the library with the work it belongs to; `file` is absolute. */
export interface LibraryEntry {
  readonly workId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly artifact: ArtifactRow
  readonly file: string
}

/** Every file of the ledger; `root` is the library's folder, `list` the id of a named list to keep to. */
export function entriesIn(r: Reader, root: string, list: number | null = null): readonly LibraryEntry[] {
  const artifacts: StoredArtifact[] = []
  const listed = list === null ? null : new Set(worksOfList(r, list).map((work) => work.workId))
  eachArtifact(r, (artifact) => {
    if (listed === null || listed.has(artifact.workId)) artifacts.push(artifact)
  })
  return artifacts.map((artifact) => {
    const work = workById(r, artifact.workId)
    return {
      workId: artifact.workId,
      ids: work?.ids ?? {},
      facts: work?.facts ?? {},
      artifact,
      file: `${root}/${artifact.paperPath ?? artifact.path}`
    }
  })
}
