/**
 * Whether the ledger knows every line of the library file. While it does, no list of papers and no new paper
 * needs the file, which grows with the library. Noted with the file's mark: any other change of the file, by
 * a user or another program, ends it.
 */
import { artifactById } from '../ledger/artifacts'
import type { Ledger, Reader, Writer } from '../ledger/ledger'
import { currentLibrary } from '../ledger/libraries'
import { getMeta, setMeta } from '../ledger/meta'
import type { Library, ManifestRecord } from '../library/library'

const COMPLETE = 'manifest_complete'

export function isComplete(r: Reader, mark: string): boolean {
  return getMeta(r, COMPLETE) === inLibrary(r, mark)
}

export function noteComplete(w: Writer, mark: string): void {
  setMeta(w, COMPLETE, inLibrary(w, mark))
}

/** A mark of the library file, of the library in use. */
export const inLibrary = (r: Reader, mark: string): string => `${currentLibrary(r)?.libraryId ?? ''} ${mark}`

/** What the library file asks before a line is appended. */
export function recordOfManifest(ledger: Pick<Ledger, 'read'>): ManifestRecord {
  return {
    isComplete: (mark) => ledger.read((r) => isComplete(r, mark)),
    isArtifact: (artifactId) => ledger.read((r) => artifactById(r, artifactId)) !== null
  }
}

/** Whether the file has lines that the ledger may not know. */
export async function mayListOthers(
  ledger: Pick<Ledger, 'read'>,
  manifest: Pick<Library['manifest'], 'mark'>
): Promise<boolean> {
  const mark = await manifest.mark()
  return mark !== null && !ledger.read((r) => isComplete(r, mark))
}
