/**
 * Imports PDFs that the user dropped or chose: one import at a time takes them as they come, and each outcome
 * stays here until the user has decided or the app closes. A dropped file comes as bytes without a path; it
 * is in the data folder until it is filed or skipped. Originals are never changed.
 */
import { basename, join } from 'node:path'
import { fail, SheafError } from '../../contract/errors'
import { IMPORT_FATES, type ImportFate, type ImportRow, type ImportsView } from '../../contract/import-views'
import type { WorkDraft } from '../../contract/work'
import type { Imported, ImportRequest } from '../sheaf-api'
import { Soon } from '../platform/soon'
import { recognise } from '../works/works'
import { numbered, plainName } from './dropped-file'
import type { HandlerDeps } from './handler-deps'
import { identifierOf } from './library-views'
import { PathQueue } from './path-queue'
import { tableOf } from '../../contract/tables'

/** A dropped folder is sent file by file; at most this many wait in the data folder. */
const MOST_WAITING = 8
/** Starting the PDF reader takes half a second: it is kept for the next file. */
const LINGER_MS = 800
const TELL_EVERY_MS = 150
/** Beyond this, rows of filed papers are dropped first. */
const MOST_ROWS = 20_000

interface Row {
  readonly row: ImportRow
  readonly path: string
}

export class Imports {
  readonly #deps: HandlerDeps
  readonly #rows = new Map<string, Row>()
  /** dropped files in the data folder, with their original names */
  readonly #lent = new Map<string, string>()
  /** those of them not started yet */
  readonly #pending = new Set<string>()
  /** ids of files in progress, by path */
  readonly #ids = new Map<string, string>()
  readonly #changed: Soon
  readonly #room: (() => void)[] = []
  #queue: PathQueue | null = null
  #stop = new AbortController()
  #running = 0
  #answering = 0
  /** number of started files */
  #reading = 0
  #revision = 0
  #swept: Promise<void> | null = null

  constructor(deps: HandlerDeps) {
    this.#deps = deps
    this.#changed = new Soon(deps.host.clock, TELL_EVERY_MS, () => {
      this.#tell()
    })
    deps.signal.addEventListener('abort', () => {
      this.#changed.close()
    })
  }

  view(asked: { readonly fate: ImportFate; readonly offset: number; readonly limit: number }): ImportsView {
    const rows = [...this.#rows.values()].map(({ row }) => row)
    const shown = rows.filter((row) => row.fate === asked.fate)
    const counts = tableOf(IMPORT_FATES, (fate) => rows.filter((row) => row.fate === fate).length)
    return {
      working:
        this.#pending.size > 0 || this.#reading > 0 || this.#queue?.isIdle === false || this.#answering > 0,
      counts,
      total: shown.length,
      offset: asked.offset,
      rows: shown.slice(asked.offset, asked.offset + asked.limit)
    }
  }

  /** Takes files and folders that the user chose in the system's dialog. */
  takePaths(paths: readonly string[]): void {
    for (const path of paths) this.#push(path)
  }

  /** Resolves when there is room for another file. */
  async takeBytes(file: { readonly name: string; readonly bytes: Uint8Array }): Promise<void> {
    const { files } = this.#deps.host
    await (this.#swept ??= this.#sweep())
    const path = this.#freePath(plainName(file.name))
    this.#lent.set(path, file.name)
    try {
      await files.makeFolder(this.#folder)
      await files.writeWhole(path, file.bytes)
    } catch (error) {
      this.#lent.delete(path)
      throw error
    }
    this.#pending.add(path)
    this.#push(path)
    while (this.#pending.size > MOST_WAITING)
      await new Promise<void>((resolve) => {
        this.#room.push(resolve)
      })
  }

  /** The active file is completed; the rest is skipped. */
  stop(): void {
    this.#stop.abort()
    this.#stop = new AbortController()
    this.#queue?.end()
    this.#queue = null
  }

  /** Files these under their proposed papers. */
  async accept(ids: readonly string[]): Promise<void> {
    const rows = this.#chosen(ids).filter(({ row }) => row.identifier !== null || row.title !== null)
    await this.#import(rows, { accept: true })
  }

  /** Files one under the work given by the user; BAD_REQUEST when the text contains no identifier. */
  async fileAs(id: string, identifier: string): Promise<void> {
    const read = recognise(identifier)
    if (read.kind === 'refused')
      fail('BAD_REQUEST', read.because, { hint: 'Give its DOI, arXiv id or PMID.' })
    const { ids, namedBy } = read
    const draft: WorkDraft = { ids, facts: {}, ...(namedBy === undefined ? {} : { namedBy }) }
    await this.#import(this.#chosen([id]), { as: draft })
  }

  async leave(ids: readonly string[]): Promise<void> {
    for (const { row, path } of this.#chosen(ids)) {
      this.#rows.delete(row.id)
      await this.#giveBack(path)
    }
    this.#changed.call()
  }

  get #folder(): string {
    return join(this.#deps.session.dataDir, 'imports')
  }

  #freePath(name: string): string {
    for (let number = 1; ; number += 1) {
      const path = join(this.#folder, numbered(name, number))
      if (!this.#lent.has(path)) return path
    }
  }

  #chosen(ids: readonly string[]): readonly Row[] {
    return ids.flatMap((id) => {
      const found = this.#rows.get(id)
      return found === undefined || found.row.busy ? [] : [found]
    })
  }

  #push(path: string): void {
    if (this.#queue?.push(path) !== true) {
      const { clock } = this.#deps.host
      const queue = new PathQueue(() => clock.sleep(LINGER_MS, this.#deps.signal).catch(() => undefined))
      queue.push(path)
      this.#queue = queue
      void this.#run({ paths: queue }).finally(() => {
        if (this.#queue === queue) this.#queue = null
      })
    }
    this.#changed.call()
  }

  async #import(rows: readonly Row[], how: Pick<ImportRequest, 'accept' | 'as'>): Promise<void> {
    if (rows.length === 0) return
    for (const { row, path } of rows) {
      this.#ids.set(path, row.id)
      this.#rows.set(row.id, { row: { ...row, busy: true }, path })
    }
    this.#changed.call()
    this.#answering += 1
    await this.#run({ paths: rows.map(({ path }) => path), ...how }).finally(() => {
      this.#answering -= 1
    })
    // Stopped before they were started: they wait as before.
    for (const { row, path } of rows)
      if (this.#rows.get(row.id)?.row.busy === true) this.#rows.set(row.id, { row, path })
    this.#changed.call()
  }

  async #run(request: Pick<ImportRequest, 'paths' | 'accept' | 'as'>): Promise<void> {
    const { session, signal } = this.#deps
    const stopped = this.#stop.signal
    const taken: Promise<void>[] = []
    this.#running += 1
    try {
      await session.run.begun
      await session.sheaf.importFiles(
        { ...request, isLive: true },
        {
          signal,
          stop: stopped,
          begin: () => (this.#reading += 1),
          tell: (file) => taken.push(this.#took(file))
        }
      )
    } catch (error) {
      if (!signal.aborted) {
        const { message, hint } =
          error instanceof SheafError ? error.toData() : new SheafError('INTERNAL').toData()
        session.events.tell('notice', { tone: 'attention', text: message, hint })
      }
    } finally {
      await Promise.all(taken)
      this.#running -= 1
      if (this.#running === 0) await this.#emptied()
      session.run.wake()
      this.#changed.call()
    }
  }

  /** The copy in the data folder is removed before the file counts as read. */
  async #took(file: Imported): Promise<void> {
    const id = this.#ids.get(file.file) ?? this.#deps.host.random.hex(8)
    this.#ids.delete(file.file)
    this.#rows.delete(id)
    this.#rows.set(id, { row: this.#rowOf(id, file), path: file.file })
    if (this.#rows.size > MOST_ROWS) {
      const oldest = [...this.#rows.values()].find(
        ({ row }) => row.fate === 'filed' || row.fate === 'existing'
      )
      if (oldest !== undefined) this.#rows.delete(oldest.row.id)
    }
    if (this.#pending.delete(file.file)) this.#room.shift()?.()
    if (file.outcome !== 'unsure') await this.#giveBack(file.file)
    this.#reading = Math.max(0, this.#reading - 1)
    this.#changed.call()
  }

  #rowOf(id: string, file: Imported): ImportRow {
    const { proposal } = file
    const { work_id: workId, title, ...ids } = proposal ?? {}
    const named = proposal === undefined ? file.work_id : workId
    const isKnown = proposal !== undefined || named !== undefined
    return {
      id,
      name: basename(this.#lent.get(file.file) ?? file.file),
      fate: file.outcome === 'duplicate' ? 'filed' : file.outcome,
      title: title ?? null,
      identifier: isKnown ? identifierOf(ids, named ?? '') || null : null,
      because: file.because,
      jobId: file.job_id ?? null,
      busy: false
    }
  }

  /** Nothing is being read: files that were stopped before their start are removed. */
  async #emptied(): Promise<void> {
    this.#reading = 0
    for (const resolve of this.#room.splice(0)) resolve()
    for (const path of [...this.#pending]) {
      await this.#giveBack(path)
      this.#pending.delete(path)
    }
  }

  async #giveBack(path: string): Promise<void> {
    if (!this.#lent.delete(path)) return
    await this.#deps.host.files.remove(path).catch((error: unknown) => {
      this.#deps.host.log.warn('A dropped file could not be removed', { because: String(error) })
    })
  }

  /** Removes files left by a crashed app. */
  async #sweep(): Promise<void> {
    const { files } = this.#deps.host
    if ((await files.stat(this.#folder)) === null) return
    for (const { name, isFolder } of await files.list(this.#folder))
      if (!isFolder) await files.remove(join(this.#folder, name))
  }

  #tell(): void {
    this.#revision += 1
    this.#deps.session.events.tell('imports', { revision: this.#revision })
  }
}
