/**
 * Follows the user's `.bib` files. A file is read when it has changed and stopped changing; entries without a
 * file are planned in a list of its name; links of papers that arrived are written back with a minimal
 * difference. Sheaf never overwrites a change of another program, nor writes while an editor has the file
 * open.
 */
import { basename, dirname, resolve } from 'node:path'
import type { BibStanding, BibView } from '../../../contract/bibs'
import { asSheafError, fail, SheafError } from '../../../contract/errors'
import { asListName } from '../../../contract/list-views'
import type { WorkDraft } from '../../../contract/work'
import { artifactsOfWork } from '../../ledger/artifacts'
import type { Ledger } from '../../ledger/ledger'
import { linkBib, linkedBibs, noteLinksWritten, unlinkBib, type LinkedBibRow } from '../../ledger/linked-bibs'
import { listByName, worksInList } from '../../ledger/lists'
import { statOfTarget } from '../../platform/files'
import type { Host } from '../../platform/host'
import { replaceUnchanged } from '../../platform/replace-unchanged'
import { linesWithFile, linkFiles, readReferences, workIdOf } from '../../works/works'
import { lookUpWork, type KnownWork } from '../look-up'
import { entriesHere, linkNames, readBib, type BibText } from './bib-text'
import { sha256Hex } from '../../platform/sha256'

export interface HowToKeep {
  readonly signal: AbortSignal
  /** plans works in a named list; resolves to how many jobs are new */
  readonly plan: (drafts: readonly WorkDraft[], list: string, signal: AbortSignal) => Promise<number>
  /** called when the displayed state of a file may have changed */
  readonly onChange: () => void
  readonly tell: (what: BibNews) => void
  /** milliseconds between two checks of the files */
  readonly everyMs?: number
  /** how long no paper must have arrived before links are written */
  readonly settleMs?: number
}

export interface BibNews {
  readonly name: string
  readonly planned: number
  readonly links: number
}

export interface LinkedBibs {
  list(): readonly BibView[]
  /** Takes a file (absolute) into the list. FILE_NOT_FOUND, FILE_UNREADABLE, BAD_FILE, TOO_LARGE. */
  link(path: string): Promise<void>
  /** Stops following the file; its content stays as it is. */
  unlink(id: string): Promise<void>
  /** Its absolute path; FILE_NOT_FOUND for an id that names none. */
  pathOf(id: string): string
  /** Follows all linked files until the signal aborts; resolves then. */
  watch(how: HowToKeep): Promise<void>
}

export interface BibParts {
  readonly host: Pick<Host, 'files' | 'clock' | 'log'>
  readonly ledger: Ledger
  /** the library's folder; null while it is missing */
  readonly root: () => string | null
  /** a paper came or went */
  readonly onCatalogChange: (listener: () => void) => () => void
}

const LOOK_EVERY_MS = 1_000
const SETTLE_MS = 2_500
/** Links are written after this time even if papers still arrive. */
const LONGEST_SETTLE_MS = 60_000
const MOST_BYTES = 100_000_000
/** Works planned per batch, so that other linked files get their turn. */
const BATCH = 150
const PLANNED_AT_ONCE = 500

interface Entries {
  readonly sha256: string
  readonly drafts: readonly WorkDraft[]
  /** lines of entries that have a `file` field */
  readonly withFile: ReadonlySet<number>
  readonly entries: number
  readonly nameless: number
}

/** What is known of one file between two checks. */
class Kept {
  standing: BibStanding = {
    state: 'looking',
    because: null,
    entries: 0,
    withFile: 0,
    inQueue: 0,
    nameless: 0
  }
  /** the file's mark at the last full read, and at the last check */
  seen: string | null = null
  pending: string | null = null
  entries: Entries | null = null
  /** papers may have arrived since the last check */
  isStale = false
  /** works planned since Sheaf started: none is planned again, whatever its outcome */
  readonly asked = new Set<string>()
}

const idOf = (path: string): string => sha256Hex(path).slice(0, 16)

export function keepBibs(parts: BibParts): LinkedBibs {
  const { ledger, host } = parts
  const kept = new Map<string, Kept>()
  const rows = (): readonly LinkedBibRow[] => ledger.read(linkedBibs)
  const keptOf = (path: string): Kept => {
    const known = kept.get(path) ?? new Kept()
    kept.set(path, known)
    return known
  }
  const pathOf = (id: string): string =>
    rows().find(({ path }) => idOf(path) === id)?.path ?? fail('FILE_NOT_FOUND', 'That file is not linked.')
  return {
    list: () =>
      rows().map(({ path, list, links, writtenAt }) => ({
        ...keptOf(path).standing,
        id: idOf(path),
        name: basename(path),
        folder: dirname(path),
        links,
        writtenAt,
        list
      })),
    async link(path) {
      const { bytes } = await readWithin(parts, path)
      const { drafts, problems } = readReferences(bytes, basename(path), 'bibtex')
      const bad = problems.find(({ code }) => code === 'BAD_FILE')
      if (drafts.length === 0 && bytes.length > 0 && bad !== undefined)
        fail('BAD_FILE', `${path} cannot be kept: ${bad.because}`)
      await ledger.commit((w) => {
        linkBib(w, { path, list: listNameOf(path), now: host.clock.now() })
      })
    },
    async unlink(id) {
      const path = pathOf(id)
      kept.delete(path)
      await ledger.commit((w) => {
        unlinkBib(w, path)
      })
    },
    pathOf,
    async watch(how) {
      const { signal, everyMs = LOOK_EVERY_MS, settleMs = SETTLE_MS } = how
      const arrivals = new Arrivals(host.clock, settleMs)
      const stop = parts.onCatalogChange(() => {
        arrivals.note()
      })
      try {
        while (!signal.aborted) {
          if (arrivals.haveSettled()) for (const file of kept.values()) file.isStale = true
          for (const row of rows()) {
            if (isOver(signal)) break
            await turn(parts, { row, file: keptOf(row.path) }, how)
          }
          await host.clock.sleep(everyMs, signal).catch(() => undefined)
        }
      } finally {
        stop()
      }
    }
  }
}

function listNameOf(path: string): string {
  const name = asListName(basename(path))
  return name === '' ? 'References' : name
}

const isOver = (signal: AbortSignal): boolean => signal.aborted

/** Papers arrive in bursts: links are written after a burst. */
class Arrivals {
  #first: number | null = null
  #last = 0
  constructor(
    private readonly clock: Host['clock'],
    private readonly settleMs: number
  ) {}

  note(): void {
    this.#last = this.clock.monotonicMs()
    this.#first ??= this.#last
  }

  /** True once after a burst. */
  haveSettled(): boolean {
    if (this.#first === null) return false
    const now = this.clock.monotonicMs()
    if (now - this.#last < this.settleMs && now - this.#first < LONGEST_SETTLE_MS) return false
    this.#first = null
    return true
  }
}

interface Turn {
  readonly row: LinkedBibRow
  readonly file: Kept
}

/** Processes one file when it has changed and stopped changing, or when papers arrived. Never throws. */
async function turn(parts: BibParts, { row, file }: Turn, how: HowToKeep): Promise<void> {
  const before = JSON.stringify(file.standing)
  let mark: string | null = null
  try {
    mark = await markOf(parts, row.path)
    if (mark === null) {
      fault(parts, { row, file }, new SheafError('FILE_NOT_FOUND'))
      return
    }
    if (mark === file.seen && !file.isStale) {
      if (file.standing.state !== 'in_editor' || (await isOpenInEditor(parts, row.path))) return
    }
    // A program may be writing the file: read it only when two checks find the same mark.
    if (mark !== file.seen && mark !== file.pending) {
      file.pending = mark
      return
    }
    file.isStale = false
    const hasWritten = await look(parts, { row, file }, how)
    // After Sheaf has written, the file is read once more: another program may have written right after it.
    file.seen = hasWritten ? null : mark
  } catch (error) {
    if (isOver(how.signal)) return
    file.seen = mark
    fault(parts, { row, file }, error)
  } finally {
    if (JSON.stringify(file.standing) !== before) how.onChange()
  }
}

function fault({ host }: BibParts, { row, file }: Turn, error: unknown): void {
  const { code, message } = asSheafError(error)
  const stands = (state: BibStanding['state'], because: string | null): void => {
    file.standing = { ...file.standing, state, because }
  }
  if (code === 'FILE_CHANGED') {
    // The new content is read once it stops changing.
    file.seen = null
    stands('changing', null)
  } else if (code === 'FILE_NOT_FOUND') {
    file.seen = null
    if (file.standing.state === 'gone') return
    stands('gone', null)
  } else if (code === 'FOLDER_UNUSABLE') stands('unwritable', message)
  else stands('unreadable', message)
  host.log.warn('A linked .bib could not be kept', { path: row.path, because: message })
}

/** Size, times and identity of the file; null when it does not exist. */
async function markOf({ host: { files } }: BibParts, path: string): Promise<string | null> {
  const stat = await statOfTarget(files, path)
  if (stat === null) return null
  return [stat.bytes, stat.modifiedAt, stat.changedAt, stat.identity].join(' ')
}

async function readWithin({ host: { files } }: BibParts, path: string): Promise<BibText> {
  const bytes = (await files.stat(path))?.bytes ?? 0
  if (bytes > MOST_BYTES) fail('TOO_LARGE', `${path} is larger than any reference file.`)
  return readBib(files, path)
}

/** Returns true when it wrote into the file. */
async function look(parts: BibParts, { row, file }: Turn, how: HowToKeep): Promise<boolean> {
  const { path } = row
  const bib = await readWithin(parts, path)
  const entries = entriesOf(bib, path, file.entries)
  file.entries = entries
  const open = entries.drafts.filter((draft) => !entries.withFile.has(draft.origin?.line ?? 0))
  const before = await lookUpAll(parts, open, how.signal)
  const planned = await planOpen(parts, { row, file, open, known: before }, how)
  const known = planned === 0 ? before : await lookUpAll(parts, open, how.signal)
  const links = await writeLinks(parts, row, { bib, open, known }, how)
  const inQueue = known.filter(
    (one) => one !== null && one.artifactId === null && one.removed === null
  ).length
  const written = links === 'in_editor' ? 0 : links
  file.standing = {
    state: links === 'in_editor' ? 'in_editor' : 'watched',
    because: null,
    entries: entries.entries,
    withFile: entries.withFile.size + written,
    inQueue,
    nameless: entries.nameless
  }
  if (planned > 0 || written > 0) how.tell({ name: basename(path), planned, links: written })
  return written > 0
}

/** Parsed again only when the bytes have changed. */
function entriesOf({ bytes, text }: BibText, path: string, before: Entries | null): Entries {
  const sha256 = sha256Hex(bytes)
  if (before?.sha256 === sha256) return before
  const { drafts, repeats, problems, counts } = readReferences(bytes, basename(path), 'bibtex')
  const nameless = problems.filter((problem) => !problem.planned && problem.code !== 'BAD_FILE').length
  return {
    sha256,
    drafts: [...drafts, ...repeats],
    withFile: linesWithFile(text),
    entries: counts.entries,
    nameless
  }
}

async function lookUpAll(
  { ledger, host }: BibParts,
  drafts: readonly WorkDraft[],
  signal: AbortSignal
): Promise<readonly (KnownWork | null)[]> {
  const known: (KnownWork | null)[] = []
  for (let at = 0; at < drafts.length; at += BATCH) {
    if (at > 0) await host.clock.sleep(0, signal)
    const batch = drafts.slice(at, at + BATCH)
    for (const one of ledger.read((r) => batch.map((draft) => lookUpWork(r, draft)))) known.push(one)
  }
  return known
}

/**
 * Plans works that are not in the list yet and adds them; works that the user removed from the library are
 * not planned.
 */
async function planOpen(
  parts: BibParts,
  {
    row,
    file,
    open,
    known
  }: Turn & { readonly open: readonly WorkDraft[]; readonly known: readonly (KnownWork | null)[] },
  how: HowToKeep
): Promise<number> {
  const listed = parts.ledger.read((r) => {
    const id = listByName(r, row.list)
    return id === null ? new Set<string>() : worksInList(r, id)
  })
  const wanted = open.filter((draft, at) => {
    const one = known[at] ?? null
    const workId = one?.workId ?? workIdOf(draft.ids, draft.namedBy)
    if (file.asked.has(workId) || listed.has(workId) || one?.removed != null) return false
    file.asked.add(workId)
    return true
  })
  let planned = 0
  for (let at = 0; at < wanted.length; at += PLANNED_AT_ONCE) {
    // The line number is left out: it changes when entries are inserted before this one.
    const drafts = wanted
      .slice(at, at + PLANNED_AT_ONCE)
      .map((draft) => ({ ...draft, origin: { name: basename(row.path) } }))
    planned += await how.plan(drafts, row.list, how.signal)
  }
  return planned
}

/** Returns how many links were written. FILE_CHANGED, FOLDER_UNUSABLE. */
async function writeLinks(
  parts: BibParts,
  { path }: LinkedBibRow,
  found: {
    readonly bib: BibText
    readonly open: readonly WorkDraft[]
    readonly known: readonly (KnownWork | null)[]
  },
  how: HowToKeep
): Promise<number | 'in_editor'> {
  const { ledger, host } = parts
  const { bib, open, known } = found
  const root = parts.root()
  if (root === null) return 0
  const files = ledger.read((r) => {
    const named = new Map<string, readonly string[]>()
    for (const one of known) {
      if (one === null || one.artifactId === null || named.has(one.workId)) continue
      const all = artifactsOfWork(r, one.workId)
      const artifact = all.find(({ format }) => format === 'pdf') ?? all[0]
      if (artifact !== undefined) named.set(one.workId, linkNames(root, artifact))
    }
    return named
  })
  const here = entriesHere(
    open.map((draft, at) => ({ draft, workId: known[at]?.workId })),
    { files, folder: dirname(resolve(path)), encode: bib.encode }
  )
  const links = here.flatMap(({ link }) => link ?? [])
  const { text, patches } = linkFiles(bib.text, links, null)
  if (patches.length === 0) return 0
  if (await isOpenInEditor(parts, path)) return 'in_editor'
  how.signal.throwIfAborted()
  await replaceUnchanged(host.files, path, { before: bib.bytes, after: bib.bytesOf(text) })
  await ledger.commit((w) => {
    noteLinksWritten(w, path, { links: patches.length, now: host.clock.now() })
  })
  return patches.length
}

/** Vim and Emacs leave a lock file beside the open file; other editors are noticed only by their writes. */
async function isOpenInEditor({ host }: BibParts, path: string): Promise<boolean> {
  const name = basename(path)
  const locks = new Set([`.${name}.swp`, `.${name}.swo`, `.#${name}`])
  return (await host.files.list(dirname(path))).some((entry) => locks.has(entry.name))
}
