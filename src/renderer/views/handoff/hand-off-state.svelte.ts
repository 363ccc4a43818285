/** The visible part of the list, the pages opened since the app started, and the next one. */
import type { HandOffRow, HandOffView } from '../../../contract/handoff'
import { ask, listen, type Failure } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { Delayed } from '../../state/delayed'
import { openLink } from '../../state/file-actions'
import { onJobsChanged } from '../../state/jobs-changed'
import { lists } from '../../state/lists.svelte'
import { LongList } from '../../state/long-list.svelte'
import { toasts } from '../../state/toasts.svelte'
import { HANDOFF } from '../../text/handoff'
import { together } from '../../together'

/** Changes come in bursts; the list is reloaded once after them. */
const AFTER_CHANGE_MS = 150

class HandOffState {
  readonly #list = new LongList<HandOffView>((offset, limit) =>
    ask('handoff.list', { ...lists.part, offset, limit })
  )
  #opened = $state.raw<ReadonlySet<string>>(new Set())
  #current = $state<string | null>(null)
  readonly #later = new Delayed()

  get view(): HandOffView | null {
    return this.#list.view
  }
  get failed(): Failure | null {
    return this.#list.failed
  }
  /** the paper whose page was opened last */
  get current(): string | null {
    return this.#current
  }
  isOpened(jobId: string): boolean {
    return this.#opened.has(jobId)
  }
  get openedOfShown(): number {
    return (this.view?.rows ?? []).filter((row) => this.#opened.has(row.jobId)).length
  }
  get next(): HandOffRow | null {
    return this.view?.rows.find((row) => !this.#opened.has(row.jobId)) ?? null
  }

  /** Follows main's events until the returned function is called. */
  attend(): () => void {
    void this.load()
    const soon = (): void => {
      this.#later.restart(AFTER_CHANGE_MS, () => void this.load())
    }
    const stop = together([listen('handoff', soon), onJobsChanged(soon)])
    return () => {
      this.#later.stop()
      stop()
    }
  }

  load(): Promise<void> {
    return this.#list.load()
  }
  more(): Promise<void> {
    return this.#list.more()
  }

  /** Opens the page in the system's browser. */
  async open(row: HandOffRow): Promise<void> {
    if (!(await openLink(row.url))) return
    this.#opened = new Set([...this.#opened, row.jobId])
    this.#current = row.jobId
  }

  async openNext(): Promise<void> {
    if (this.next === null) this.#opened = new Set()
    const row = this.next
    if (row !== null) await this.open(row)
  }

  async answer(row: HandOffRow, isThePaper: boolean): Promise<void> {
    const { question } = row
    if (question === null) return
    await attempt(() => ask('handoff.answer', { sha256: question.sha256, isThePaper }))
    await this.load()
  }

  async attach(row: HandOffRow): Promise<void> {
    await attempt(() => ask('jobs.attach', { jobId: row.jobId }))
    await this.load()
  }

  async skip(row: HandOffRow): Promise<void> {
    const done = await attempt(() => ask('jobs.ignore', { jobIds: [row.jobId] }))
    if (done !== null) toasts.note(HANDOFF.skipped)
    await this.load()
  }

  async chooseFolder(): Promise<void> {
    await attempt(() => ask('settings.chooseWatchFolder', {}))
    await this.load()
  }

  async stopWatching(): Promise<void> {
    await attempt(() => ask('settings.reset', { key: 'files.watchFolder' }))
    await this.load()
  }
}

export const handOff = new HandOffState()
