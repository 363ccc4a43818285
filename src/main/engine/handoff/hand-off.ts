/**
 * Runs the watched folder: each new file is decided once, the decision is recorded in the ledger, and the
 * user's answers about uncertain files are carried out. A file is attached at most once: a finished job
 * refuses another file, and bytes in the library are recognised by their hash.
 */
import { join } from 'node:path'
import { fail, isSheafError } from '../../../contract/errors'
import type { CaughtLine } from '../../../contract/lines'
import { codeOrMessage, statOfTarget, systemCode } from '../../platform/files'
import { jobById } from '../../ledger/jobs'
import {
  answerWatched,
  beginWatching,
  noteWatched,
  watchedByHash,
  watchedIn,
  watchedSince
} from '../../ledger/watched-files'
import { hashOfFile } from '../../library/hash-file'
import { HEADER_WITHIN, pdfHeaderAt } from '../../platform/pdf-header'
import { makeTextReader } from '../../library/text-reader'
import type { Engine } from '../engine'
import { attachTo, catchFile, isWaiting, type Caught } from './catch-file'
import { WatchedFolder, type NewFile } from './watch-folder'
import { makeRecogniser } from '../import/recognise-file'

export type CaughtFile = Omit<CaughtLine, 'type'>

export interface HowToWatch {
  readonly signal: AbortSignal
  /** called for every decided file, including ignored ones */
  readonly tell: (file: CaughtFile) => void
  /** called when the folder appears or disappears, and after the first check */
  readonly onFolder?: (isThere: boolean) => void
  /** ends after the present files are decided, instead of at the signal */
  readonly once?: boolean
  /** milliseconds between two checks (default 1 s); a file is complete after two checks without a change */
  readonly everyMs?: number
}

export interface HandOff {
  /** Watches `folder` (absolute) until the signal; resolves then. */
  watch(folder: string, how: HowToWatch): Promise<void>
  /**
   * Records the user's answer about an uncertain file. FILE_NOT_FOUND, FILE_CHANGED, and the errors of a
   * refused file.
   */
  answer(sha256: string, isThePaper: boolean, signal: AbortSignal): Promise<CaughtFile>
}

interface Parts {
  readonly engine: Engine
  /** runs a task that must not overlap a change of settings or the shutdown, with the library present */
  readonly during: <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>) => Promise<T>
}

const LOOK_EVERY_MS = 1_000
/** With `once`, a file that still grows after this many checks is skipped until the next call. */
const MOST_LOOKS_ONCE = 8
/** Delay before the next try while the disk fails or the library is missing. */
const TROUBLE_MS = 20_000

export function makeHandOff(parts: Parts): HandOff {
  const { host } = parts.engine
  return {
    async watch(folder, how) {
      const every = how.everyMs ?? LOOK_EVERY_MS
      let watched: WatchedFolder | null = null
      let wasThere: boolean | null = null
      const isOver = (): boolean => how.signal.aborted
      for (let looks = 1; !isOver(); looks += 1) {
        let pause = every
        try {
          watched ??= await openFolder(parts.engine, folder, every)
          const found = (await watched?.look()) ?? null
          if (wasThere !== (found !== null)) how.onFolder?.((wasThere = found !== null))
          if (found !== null && watched !== null && found.length > 0)
            await decideAll(parts, { folder, watched, found }, how)
        } catch (error) {
          if (isOver()) return
          if (how.once === true) throw error
          pause = TROUBLE_MS
          host.log.warn('The watched folder could not be looked at', {
            folder,
            because: isSheafError(error) ? error.message : codeOrMessage(error)
          })
        }
        if (how.once === true && (watched?.hasPending !== true || looks >= MOST_LOOKS_ONCE)) return
        await host.clock.sleep(pause, how.signal).catch(() => undefined)
      }
    },
    answer: (sha256, isThePaper, signal) =>
      parts.during(signal, (until) => answer(parts.engine, sha256, isThePaper, until))
  }
}

/** Null while the folder does not exist. */
async function openFolder(engine: Engine, folder: string, everyMs: number): Promise<WatchedFolder | null> {
  const { host, ledger } = engine
  const since = ledger.read((r) => watchedSince(r, folder))
  const now = host.clock.now()
  const decided = new Map(ledger.read((r) => watchedIn(r, folder)).map((file) => [file.name, file]))
  const watched = new WatchedFolder(
    {
      files: host.files,
      folder,
      now: () => host.clock.now(),
      since: since ?? now,
      quietSeconds: (2 * everyMs) / 1_000
    },
    decided
  )
  if (since !== null) return watched
  if ((await statOfTarget(host.files, folder))?.isFolder !== true) return null
  await watched.takeStock()
  await ledger.commit((w) => {
    beginWatching(w, folder, now)
  })
  return watched
}

interface Look {
  readonly folder: string
  readonly watched: WatchedFolder
  readonly found: readonly NewFile[]
}

async function decideAll(parts: Parts, { folder, watched, found }: Look, how: HowToWatch): Promise<void> {
  const { engine } = parts
  const reader = makeTextReader(engine.host)
  try {
    const recogniser = makeRecogniser(engine, reader, false)
    for (const file of found) {
      how.signal.throwIfAborted()
      const caught = await parts.during(how.signal, async (signal) => {
        const decided = await decide(file, engine, (own) => catchFile(recogniser, own, signal))
        if (decided === null) return null
        await engine.ledger.commit((w) => {
          const { sha256, caught } = decided
          const jobId = caught.outcome === 'other' ? null : caught.jobId
          const { outcome, because } = caught
          noteWatched(w, { folder, ...file, sha256, outcome, jobId, because }, engine.host.clock.now())
        })
        return decided
      })
      if (caught === null) continue
      watched.decided(file)
      how.tell(asLine(file.path, caught.sha256, caught.caught))
    }
  } finally {
    reader.close()
  }
}

/** Null: the file changed or disappeared meanwhile; the next check sees its new state. */
async function decide(
  file: NewFile,
  engine: Engine,
  look: (own: { path: string; name: string; sha256: string }) => Promise<Caught>
): Promise<{ readonly sha256: string | null; readonly caught: Caught } | null> {
  const { files } = engine.host
  try {
    if (!(await isPdf(engine, file)))
      return { sha256: null, caught: { outcome: 'other', because: 'No PDF.' } }
    const { sha256, bytes } = await hashOfFile(files, file.path)
    if (bytes !== file.bytes) return null
    const caught = await look({ path: file.path, name: file.name, sha256 })
    return { sha256, caught }
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'EBUSY' || isSheafError(error, 'BAD_FILE')) return null
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    return { sha256: null, caught: { outcome: 'other', because: `It cannot be read (${code}).` } }
  }
}

/** A file without an extension may be anything: only one that begins like a PDF is read further. */
async function isPdf(engine: Engine, file: NewFile): Promise<boolean> {
  if (file.name.includes('.')) return true
  const handle = await engine.host.files.open(file.path, 'read')
  try {
    return pdfHeaderAt(await handle.read(0, HEADER_WITHIN)) >= 0
  } finally {
    await handle.close()
  }
}

async function answer(
  engine: Engine,
  sha256: string,
  isThePaper: boolean,
  signal: AbortSignal
): Promise<CaughtFile> {
  const { ledger, host } = engine
  const asked = ledger.read((r) => watchedByHash(r, sha256)).find((file) => file.outcome === 'asked')
  if (asked === undefined) return fail('FILE_NOT_FOUND', 'No question about this file is open.')
  const path = join(asked.folder, asked.name)
  const job = asked.jobId === null ? null : ledger.read((r) => jobById(r, asked.jobId ?? ''))
  if (!isThePaper) {
    await ledger.commit((w) => {
      answerWatched(w, sha256, 'declined')
    })
    return asLine(path, sha256, { outcome: 'other', because: 'You said that it is another paper.' })
  }
  if (job === null || !isWaiting(job))
    return fail('TRANSITION_REFUSED', `${asked.name} is not needed any more: the paper has a file.`)
  if ((await host.files.stat(path)) === null) fail('FILE_NOT_FOUND', `${path} is not there any more.`)
  if ((await hashOfFile(host.files, path)).sha256 !== sha256)
    fail('FILE_CHANGED', `${path} is another file now.`)
  const caught = await attachTo(
    engine,
    job.jobId,
    { path, name: asked.name, sha256 },
    { accepted: true, signal }
  )
  await ledger.commit((w) => {
    answerWatched(w, sha256, 'attached')
  })
  return asLine(path, sha256, caught)
}

function asLine(file: string, sha256: string | null, caught: Caught): CaughtFile {
  const { outcome, because } = caught
  if (caught.outcome === 'other') return { file, sha256, outcome, because }
  return {
    file,
    sha256,
    outcome,
    job_id: caught.jobId,
    work_id: caught.workId,
    ...(caught.outcome === 'attached' ? { path: caught.path } : {}),
    because
  }
}
