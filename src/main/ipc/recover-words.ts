/** What a reconcile did, said for one finding. Pure. */
import type { FindingKind } from '../../contract/recover-views'
import type { Finding } from '../sheaf-door'

const OPS: Readonly<Record<string, string>> = {
  RESOLVE: 'Looking for copies',
  HEAD: 'Asking about the copy',
  STREAM: 'The download',
  FINALIZE: 'Filing',
  INDEX: 'Listing',
  DEDUPE: 'Looking for the same bytes'
}

const RECOVERIES: Readonly<Record<string, string>> = {
  adopted: 'its result was found in place and taken over',
  continued: 'it went on from the bytes on disk',
  redone: 'it was done again'
}

const SENTENCES: Readonly<Record<Exclude<FindingKind, 'abandoned_ops'>, string>> = {
  stale_leases: 'Whoever worked on it was gone. The job was free again and goes on from where it was.',
  parts_kept: 'Its unfinished bytes were kept: the download goes on from them.',
  parts_removed: 'Unfinished bytes that belong to no waiting job were removed.',
  relinked: 'Its file or its readable name was missing, and was put back from the same bytes.',
  requeued: 'Its file was not there any more. The job went back to work.',
  quarantined: 'Its file no longer had the bytes that were filed. It is kept in the quarantine as evidence.',
  adopted: 'The file was whole and in place already. It was taken over without fetching a byte.',
  unknown_files: 'No operation of Sheaf explains this file. It was left where it is.'
}

export function sayFinding(finding: Finding): string {
  if (finding.kind !== 'abandoned_ops') return SENTENCES[finding.kind]
  const op = OPS[finding.opKind ?? ''] ?? 'An operation'
  const since = RECOVERIES[finding.recovery ?? '']
  return since === undefined
    ? `${op} was under way with nobody behind it. What came of it is looked at before it is done again.`
    : `${op} was under way with nobody behind it; ${since}.`
}
