/** What is reported about a job that was ended by hand, and of the whole library, from ledger and library together. */
import { fail } from '../../contract/errors'
import type { DoneLine } from '../../contract/lines'
import { shownPath, type Identifiers, type WorkFacts } from '../../contract/work'
import { artifactById, type FiledArtifact } from '../ledger/artifacts'
import { filedWorksAfter, type FiledWork } from '../ledger/filed-works'
import { jobById } from '../ledger/jobs'
import type { Reader } from '../ledger/ledger'
import { worksInList } from '../ledger/lists'
import { filedLine } from './done-line'
import type { Engine } from './engine'
import type { Ending } from './job-endings'

export function doneLine(engine: Engine, jobId: string, ending: Ending): DoneLine {
  const { ledger, library } = engine
  const job = ledger.read((r) => jobById(r, jobId))
  if (job === null || ending.kind !== 'done') {
    return fail('INTERNAL', `Job ${jobId} did not end as it should: ${ending.kind}.`)
  }
  const filed = ledger.read((r) => artifactById(r, job.artifactId))
  return filedLine(job, job.state, { root: library.root, filed })
}

/** A file of the library with the work it belongs to; `file` is absolute. */
export interface LibraryEntry {
  readonly workId: string
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** the user's own reference, packed by `works` */
  readonly reference?: string
  readonly artifact: FiledArtifact
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
  const listed = list === null ? null : read((r) => worksInList(r, list))
  for (let last = ''; ;) {
    const some = read((r) => filedWorksAfter(r, last, ENTRIES_AT_ONCE))
    for (const filed of some)
      if (listed === null || listed.has(filed.artifact.workId)) yield entryOf(filed, root)
    const end = some.at(-1)
    if (end === undefined) return
    last = end.artifact.artifactId
  }
}

function entryOf(filed: FiledWork, root: string): LibraryEntry {
  const { artifact } = filed
  return { workId: artifact.workId, ...filed, file: `${root}/${shownPath(artifact)}` }
}
