/**
 * Adds papers that lie in the library but are unknown to the ledger, from the lines of `manifest.jsonl` and
 * the hash of each file (docs/design.md, G12). No file is fetched or changed. Adoption may be interrupted at
 * any instant: recorded batches stay, and the next start continues.
 *
 * A line whose file is missing or has different bytes is reported as a problem; its job is planned and
 * accepts only the listed bytes. `adopt-line.ts` rejects hostile lines.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { artifactById, hashesAfter } from '../ledger/artifacts'
import type { Ledger } from '../ledger/ledger'
import { getMeta, setMeta } from '../ledger/meta'
import type { Library } from '../library/library'
import type { Host } from '../platform/host'
import { hashOfObjectPath } from '../platform/recorded-path'
import { inPages } from '../platform/slices'
import { readListedPaper, type ListedPaper } from './adopt-line'
import { inLibrary, isComplete, noteComplete } from './recorded-manifest'
import { artifactRowOf, expectPaper, recordFound, type AdoptedAs } from './adopt-record'
import { cutAt } from '../../contract/limits'

export interface AdoptParts {
  readonly host: Host
  readonly ledger: Ledger
  readonly library: Library
  /** lease owner of this process */
  readonly owner: string
}

export interface HowToAdopt {
  /** which works the ledger records: all, or a canary's share */
  readonly wants: (workId: string) => boolean
  /** identifies the `wants` function, so that an unchanged library is not read again */
  readonly wantsName: string
  /** also hash papers already in the ledger, and report files without a line */
  readonly thorough: boolean
  readonly signal: AbortSignal
  /** called often, with the files checked so far and their total */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface AdoptReport {
  /** works, jobs and files of the library that are in the ledger after this adoption */
  readonly works: number
  readonly jobs: number
  readonly artifacts: number
  /** paths of the objects added to the ledger */
  readonly adopted: readonly string[]
  /** artifacts whose listed file is missing or damaged: their jobs are planned */
  readonly expected: readonly string[]
  /** one sentence each, beginning with what it is about */
  readonly problems: readonly string[]
}

const NOTHING: AdoptReport = { works: 0, jobs: 0, artifacts: 0, adopted: [], expected: [], problems: [] }

/** Files per commit: small enough that a crash repeats little hashing. */
const BATCH = 50
const HASHES_AT_ONCE = 1_000
const SEEN = 'adopted_manifest'

export async function adoptLibrary(parts: AdoptParts, how: HowToAdopt): Promise<AdoptReport> {
  const { ledger, library } = parts
  const mark = await markOf(parts, how)
  if (!how.thorough && (mark === null || ledger.read((r) => getMeta(r, SEEN)) === mark)) return NOTHING
  const known = await hashesOfArtifacts(ledger)
  const { papers, refused, isWhole } = await library.manifest.readLines(
    (artifactId, sha256) => !how.thorough && known.get(artifactId) === sha256
  )
  const runStats = new AdoptionCounts()
  runStats.problems.push(...refused.map(({ line, because }) => `manifest.jsonl, line ${line}: ${because}.`))
  const listed: ListedPaper[] = []
  for (const [artifactId, line] of papers) {
    if (!how.wants(line.work_id)) continue
    const read = readListedPaper(line)
    if (read.kind === 'refused') runStats.problems.push(`${cutAt(artifactId, 160)}: ${read.because}`)
    else {
      if (read.note !== null) runStats.problems.push(`${cutAt(artifactId, 160)}: ${read.note}`)
      listed.push(read.paper)
    }
  }
  // The oldest artifact with these bytes becomes the original, as it was when the files arrived.
  listed.sort((a, b) => a.finalizedAt - b.finalizedAt || (a.artifactId < b.artifactId ? -1 : 1))
  for (let from = 0; from < listed.length; from += BATCH) {
    await adoptBatch(parts, how, listed.slice(from, from + BATCH), runStats)
    how.onProgress?.(Math.min(from + BATCH, listed.length), listed.length)
  }
  if (how.thorough) await reportUnlisted(parts, papers.values(), runStats)
  if (mark !== null) {
    const file = await library.manifest.mark()
    const isAll = !how.thorough && isWhole && [...papers.keys()].every((artifactId) => known.has(artifactId))
    await ledger.commit((w) => {
      setMeta(w, SEEN, mark)
      if (isAll && file !== null && markFrom(ledger, how.wantsName, file) === mark) noteComplete(w, file)
    })
  }
  return runStats.report()
}

/** The hash of every recorded file, by artifact. */
async function hashesOfArtifacts(ledger: Ledger): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>()
  const pages = inPages(0, (row) => ledger.read((r) => hashesAfter(r, row, HASHES_AT_ONCE)))
  for await (const rows of pages) for (const { artifactId, sha256 } of rows) hashes.set(artifactId, sha256)
  return hashes
}

/**
 * Records that the library file is as this process left it and was read before, so that the next start does
 * not read it again. Only when every paper listed meanwhile is in the ledger.
 */
export async function noteOwnLines(
  { ledger, library }: Pick<AdoptParts, 'ledger' | 'library'>,
  wantsName: string
): Promise<void> {
  const change = await library.manifest.ownChange()
  if (change === null || ledger.trouble() !== null) return
  const { from } = change
  // When there was no file, there was nothing to read.
  const wasRead = from === null || ledger.read((r) => getMeta(r, SEEN)) === markFrom(ledger, wantsName, from)
  const isKnown = ledger.read(
    (r) => wasRead && [...change.listed].every(([id, sha256]) => artifactById(r, id)?.sha256 === sha256)
  )
  if (!isKnown) return
  const wasComplete = from === null || ledger.read((r) => isComplete(r, from))
  await ledger.commit((w) => {
    setMeta(w, SEEN, markFrom(ledger, wantsName, change.to))
    if (wasComplete) noteComplete(w, change.to)
  })
}

/** Changes when the library file, the library or the set of wanted works changes. */
async function markOf({ ledger, library }: AdoptParts, how: HowToAdopt): Promise<string | null> {
  const file = await library.manifest.mark()
  return file === null ? null : markFrom(ledger, how.wantsName, file)
}

function markFrom(ledger: Ledger, wantsName: string, file: string): string {
  return ledger.read((r) => inLibrary(r, `${wantsName} ${file}`))
}

class AdoptionCounts {
  readonly works = new Set<string>()
  readonly jobs = new Set<string>()
  readonly artifacts = new Set<string>()
  readonly adopted: string[] = []
  readonly expected: string[] = []
  readonly problems: string[] = []

  count(recorded: AdoptedAs): void {
    this.works.add(recorded.workId)
    this.jobs.add(recorded.jobId)
    if (recorded.kind !== 'planned') this.artifacts.add(recorded.artifactId)
  }

  report(): AdoptReport {
    const { works, jobs, artifacts, adopted, expected, problems } = this
    return { works: works.size, jobs: jobs.size, artifacts: artifacts.size, adopted, expected, problems }
  }
}

type Looked = { readonly paper: ListedPaper } & Awaited<ReturnType<Library['objects']['verify']>>

async function adoptBatch(
  parts: AdoptParts,
  how: HowToAdopt,
  batch: readonly ListedPaper[],
  runStats: AdoptionCounts
): Promise<void> {
  const { host, ledger, owner } = parts
  const looked: Looked[] = []
  for (const paper of batch) {
    how.signal.throwIfAborted()
    const found = await lookAt(parts, paper, runStats)
    looked.push({ paper: found.kind === 'ok' ? await withName(parts, paper) : paper, ...found })
  }
  const now = host.clock.now()
  await ledger.commit((w) => {
    for (const one of looked) {
      const { paper } = one
      if (one.kind !== 'ok') {
        const planned = expectPaper(w, paper, { now, because: one.kind })
        if (planned === null) continue
        runStats.count(planned)
        if (planned.isNew) runStats.expected.push(paper.artifactId)
        continue
      }
      const recorded = recordFound(w, { ...paper, bytes: one.bytes }, { now, owner })
      if (recorded.kind === 'refused') {
        if (recorded.because !== null)
          runStats.problems.push(`${cutAt(paper.artifactId, 160)}: ${recorded.because}`)
        continue
      }
      runStats.count(recorded)
      if (recorded.isNew) runStats.adopted.push(paper.path)
    }
  })
  host.probe('ADOPT: batch recorded')
  await yieldToEventLoop()
}

/** The file of a line: its object, else its readable name when that has the same bytes. */
async function lookAt(
  { host, library }: AdoptParts,
  paper: ListedPaper,
  runStats: AdoptionCounts
): Promise<Awaited<ReturnType<Library['objects']['verify']>>> {
  const found = await library.objects.verify(paper.path, paper.sha256)
  if (found.kind === 'ok') return found
  const copy =
    paper.paperPath === null
      ? null
      : await library.objects.verify(paper.paperPath, paper.sha256).catch(() => null)
  const name = cutAt(paper.artifactId, 160)
  if (found.kind === 'damaged') {
    await library.quarantine.setAside(
      artifactRowOf(paper),
      'Its bytes are not those that the library lists.',
      host.clock.now()
    )
  }
  if (copy?.kind === 'ok' && paper.paperPath !== null) {
    await library.objects.restore(paper.paperPath, paper.path)
    runStats.problems.push(
      `${name}: ${paper.path} was ${found.kind}; it was restored from ${paper.paperPath}.`
    )
    return copy
  }
  runStats.problems.push(
    found.kind === 'damaged'
      ? `${name}: ${paper.path} is damaged; it was moved to the quarantine. Its job accepts only the listed bytes.`
      : `${name}: ${paper.path} is missing. Its job accepts only the listed bytes.`
  )
  return found
}

/** Adds a readable name when the line had no usable one. */
async function withName({ library }: AdoptParts, paper: ListedPaper): Promise<ListedPaper> {
  return paper.paperPath === null
    ? { ...paper, paperPath: await library.papers.link(paper.path, paper) }
    : paper
}

/** Reports objects that no line names. They are kept, because their works are unknown. */
async function reportUnlisted(
  { library }: AdoptParts,
  lines: Iterable<{ readonly sha256: string }>,
  runStats: AdoptionCounts
): Promise<void> {
  const listed = new Set([...lines].map((line) => line.sha256))
  for (const { path } of await library.files.list()) {
    const sha256 = hashOfObjectPath(path)
    if (sha256 === null || listed.has(sha256)) continue
    runStats.problems.push(`${path}: no line of manifest.jsonl says which paper it is. It was left as it is.`)
  }
}
