/** The `done` line of the command line: a job ended with a file of the library, or failed. Pure. */
import type { DoneLine } from '../../contract/lines'
import { shownPath, type ArtifactRow } from '../../contract/work'
import type { State } from '../../contract/words'

/** What a line tells of a filed paper; a result of FINALIZE and a row of `artifacts` both have it. */
type Filed = Pick<ArtifactRow, 'path' | 'paperPath' | 'sha256' | 'bytes'> & {
  readonly provenance: Pick<ArtifactRow['provenance'], 'source'>
}

interface EndedJob {
  readonly jobId: string
  readonly workId: string
}

/** `root`: the library's folder. `filed`: null when no row of the file is left. */
export function filedLine(
  { jobId, workId }: EndedJob,
  state: State,
  { root, filed }: { readonly root: string; readonly filed: Filed | null }
): DoneLine {
  return {
    type: 'done',
    job_id: jobId,
    work_id: workId,
    state,
    ...(filed === null
      ? {}
      : {
          path: `${root}/${shownPath(filed)}`,
          sha256: filed.sha256,
          bytes: filed.bytes,
          source: filed.provenance.source
        })
  }
}

export function failedLine({ jobId, workId }: EndedJob, reason: string): DoneLine {
  return { type: 'done', job_id: jobId, work_id: workId, state: 'FAILED', reason }
}
