/**
 * Runs when the library folder has changed (`--out`, or the setting). Files recorded in a former library are
 * linked or copied from it after their hashes are verified, and never fetched again (docs/design.md, G12).
 * Files that cannot be reached stay recorded at their old place and are reported.
 */
import { counted, grouped } from '../../contract/counted'
import {
  artifactsElsewhere,
  moveToCurrentLibrary,
  numberElsewhere,
  type StoredArtifact
} from '../ledger/artifacts'
import { insertEvent } from '../ledger/job-events'
import { jobById } from '../ledger/jobs'
import { libraryById } from '../ledger/libraries'
import { workById } from '../ledger/works'
import type { Library } from '../library/library'
import { objectPath } from '../platform/recorded-path'
import { inPages } from '../platform/slices'
import { formerLibrary, type PresenceParts } from './library-presence'
import { namedWork } from './named-work'

export interface Unreachable {
  readonly workId: string
  readonly title: string | null
  readonly libraryId: string | null
  /** where that library was last */
  readonly folder: string | null
  readonly because: 'not_there' | 'missing' | 'damaged'
}

export interface BroughtOver {
  /** artifacts that are in the library in use now */
  readonly brought: readonly string[]
  readonly unreachable: readonly Unreachable[]
}

const AT_ONCE = 200
/** A library of 100,000 papers takes minutes. */
const SAY_EVERY_SECONDS = 10

/** Ended in between, the next one goes on with what is not in the library in use yet. */
export async function bringOver(
  parts: PresenceParts,
  library: Library,
  signal: AbortSignal
): Promise<BroughtOver> {
  const { ledger } = parts
  const brought: string[] = []
  const unreachable: Unreachable[] = []
  /** a former library's folder; null when it is not there now */
  const folders = new Map<string, string | null>()
  const say = progressOf(parts)
  const pages = inPages('', (after) => ledger.read((r) => artifactsElsewhere(r, after, AT_ONCE)))
  for await (const rows of pages) {
    for (const { artifact, libraryId } of rows) {
      signal.throwIfAborted()
      say(brought.length)
      if (libraryId !== null && !folders.has(libraryId)) {
        folders.set(libraryId, await formerLibrary(parts, libraryId))
      }
      const folder = libraryId === null ? null : (folders.get(libraryId) ?? null)
      const how = await bringOne(parts, library, artifact, folder)
      if (how === 'brought') brought.push(artifact.artifactId)
      else unreachable.push(whereItIs(parts, artifact, { libraryId, because: how }))
    }
  }
  return { brought, unreachable }
}

/** Says every few seconds how many were brought, of how many. */
function progressOf({ host, ledger }: PresenceParts): (brought: number) => void {
  let saidAt = host.clock.now()
  return (brought) => {
    const now = host.clock.now()
    if (now - saidAt < SAY_EVERY_SECONDS) return
    saidAt = now
    const total = brought + ledger.read(numberElsewhere)
    host.log.info(
      `${grouped(brought)} of ${counted(total, 'paper')} linked or copied from the former library so far.`
    )
  }
}

async function bringOne(
  { host, ledger }: PresenceParts,
  library: Library,
  artifact: StoredArtifact,
  folder: string | null
): Promise<'brought' | Unreachable['because']> {
  const path = objectPath(artifact.sha256, artifact.format)
  const found = await reach(library, artifact, folder)
  if (found !== 'here') return found
  const work = ledger.read((r) => namedWork(r, artifact))
  const paperPath = await library.papers.link(path, work)
  const job = artifact.jobId === null ? null : ledger.read((r) => jobById(r, artifact.jobId ?? ''))
  await library.manifest.append({
    artifact: { ...artifact, path, paperPath },
    ids: work.ids,
    facts: work.facts,
    canonicalUrl: job?.canonicalUrl
  })
  await ledger.commit((w) => {
    moveToCurrentLibrary(w, artifact.artifactId, { path, paperPath })
    if (job === null) return
    insertEvent(w, {
      jobId: job.jobId,
      at: host.clock.now(),
      kind: 'adopted',
      from: job.state,
      to: job.state,
      detail: { path, sha256: artifact.sha256, by: 'the former library', from: folder }
    })
  })
  return 'brought'
}

/**
 * Ensures that the object is in the current library: it is there already, or is taken from the former
 * library.
 */
async function reach(
  library: Library,
  artifact: StoredArtifact,
  folder: string | null
): Promise<'here' | Unreachable['because']> {
  const path = objectPath(artifact.sha256, artifact.format)
  if ((await library.objects.verify(path, artifact.sha256)).kind === 'ok') return 'here'
  if (folder === null) return 'not_there'
  // The object's path follows from its hash; when the object is damaged, the readable name may be an intact
  // copy.
  const places = artifact.paperPath === null ? [path] : [path, artifact.paperPath]
  let because: Unreachable['because'] = 'missing'
  for (const place of places) {
    const brought = await library.objects.bring(folder, place, artifact)
    if (brought === 'brought') return 'here'
    if (brought === 'damaged') because = 'damaged'
  }
  return because
}

function whereItIs(
  { ledger }: PresenceParts,
  artifact: StoredArtifact,
  at: { readonly libraryId: string | null; readonly because: Unreachable['because'] }
): Unreachable {
  return ledger.read((r) => ({
    workId: artifact.workId,
    title: workById(r, artifact.workId)?.facts.title ?? null,
    folder: at.libraryId === null ? null : (libraryById(r, at.libraryId)?.path ?? null),
    ...at
  }))
}
