/** What is reported about a job that was ended by hand, and of the whole library, from ledger and library together. */
import { fail } from '../../contract/errors'
import type { DoneLine } from '../../contract/lines'
import type { ArtifactRow, Identifiers, WorkFacts } from '../../contract/work'
import { artifactById, artifactsBehind, type StoredArtifact } from '../ledger/artifacts'
import { jobById } from '../ledger/jobs'
import type { Reader } from '../ledger/ledger'
import { worksOfList } from '../ledger/lists'
import { referenceOfWork } from '../ledger/work-references'
import { workById } from '../ledger/works'
import type { Engine } from './engine'
import type { Ending } from './job-endings'

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
  /** the user's own reference, packed by `works` */
  readonly reference?: string
  readonly artifact: ArtifactRow
  readonly file: string
}

/** Entries read in one query, so that the rows of all papers are never in memory at once. */
const ENTRIES_AT_ONCE = 200

/**
 * Every file of the ledger, in the order of their ids. `root` is the library's folder, `list` the id of a
 * named list that restricts the result. Later pages include rows committed meanwhile; no file appears twice.
 */
export function* entriesIn(
  read: <T>(ask: (reader: Reader) => T) => T,
  root: string,
  list: number | null = null
): Generator<LibraryEntry> {
  const listed = list === null ? null : new Set(read((r) => worksOfList(r, list)).map(({ workId }) => workId))
  for (let last = ''; ;) {
    const artifacts = read((r) => artifactsBehind(r, last, ENTRIES_AT_ONCE))
    yield* read((r) =>
      artifacts
        .filter(({ workId }) => listed === null || listed.has(workId))
        .map((artifact) => entryOf(r, artifact, root))
    )
    const end = artifacts.at(-1)
    if (end === undefined) return
    last = end.artifactId
  }
}

function entryOf(r: Reader, artifact: StoredArtifact, root: string): LibraryEntry {
  const work = workById(r, artifact.workId)
  const reference = referenceOfWork(r, artifact.workId)
  return {
    workId: artifact.workId,
    ids: work?.ids ?? {},
    facts: work?.facts ?? {},
    ...(reference === undefined ? {} : { reference }),
    artifact,
    file: `${root}/${artifact.paperPath ?? artifact.path}`
  }
}
