/** What a reconcile did, said for one finding. Pure. */
import type { FindingKind } from '../../contract/recover-views'
import type { Finding } from '../sheaf-api'

const OPS: Readonly<Record<string, string>> = {
  RESOLVE: 'Looking for copies',
  HEAD: 'Checking the copy',
  STREAM: 'The download',
  FINALIZE: 'Filing',
  INDEX: 'Adding to the library',
  DEDUPE: 'Looking for duplicates'
}

const RECOVERIES: Readonly<Record<string, string>> = {
  adopted: 'its result was found in place and taken over',
  continued: 'it went on from the bytes on disk',
  redone: 'it was done again'
}

const SENTENCES: Readonly<Record<Exclude<FindingKind, 'abandoned_ops'>, string>> = {
  stale_leases: 'Interrupted; it will continue.',
  parts_kept: 'Its unfinished bytes were kept; the download continues from them.',
  parts_removed: 'Unfinished bytes that no waiting download needs were removed.',
  relinked: 'Its file or its readable name was missing and was restored from the same bytes.',
  requeued: 'Its file was missing. It is queued again.',
  quarantined: 'Its file was damaged. It is kept in the quarantine.',
  adopted: 'The file was there already and complete. Nothing was downloaded.',
  unknown_files: 'Sheaf did not put this file here. It was not changed.'
}

export function sayFinding(finding: Finding): string {
  if (finding.kind !== 'abandoned_ops') return SENTENCES[finding.kind]
  const op = OPS[finding.opKind ?? ''] ?? 'A step'
  const since = RECOVERIES[finding.recovery ?? '']
  return since === undefined
    ? `${op} was unfinished. Sheaf checks its result before doing it again.`
    : `${op} was unfinished; ${since}.`
}
