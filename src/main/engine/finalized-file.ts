/**
 * The file that a job's FINALIZE placed, assembled from its rows. The paths are in FINALIZE; hash, bytes and
 * provenance are in the STREAM that brought the bytes, or in the artifact when the file was adopted from the
 * library.
 */
import { opResult, type FinalizedFile } from '../../contract/op-results'
import { artifactsByHash } from '../ledger/artifacts'
import type { Reader } from '../ledger/ledger'
import { OK, lastSuccess, opsOfJob } from '../ledger/ops'
import { hashOfObjectPath, isPaperPath } from '../platform/recorded-path'

/** Null when there is no such success, or when its record is unusable. */
export function finalizedFileOf(r: Reader, jobId: string): FinalizedFile | null {
  const placed = opResult('FINALIZE', lastSuccess(r, jobId, 'FINALIZE')?.result)
  if (placed === null || !isPaperPath(placed.paperPath)) return null
  const sha256 = hashOfObjectPath(placed.path)
  if (sha256 === null) return null
  const streamed = opsOfJob(r, jobId)
    .filter((op) => op.kind === 'STREAM' && op.resultCode === OK)
    .map((op) => opResult('STREAM', op.result))
    .findLast((one) => one?.sha256 === sha256)
  if (streamed != null) {
    const { bytes, url, validator, provenance } = streamed
    return { ...placed, sha256, bytes, url, validator, provenance }
  }
  const artifact = artifactsByHash(r, sha256).find((one) => one.jobId === jobId)
  if (artifact === undefined) return null
  const { bytes, provenance } = artifact
  return { ...placed, sha256, bytes, url: provenance.url, validator: null, provenance }
}
