/** The rows as far as they are shown, of one fate at a time; main tells when they changed. */
import type { ImportFate, ImportRow, ImportsView } from '../../../contract/import-views'
import { ask, errorOf, listen, type Failure } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { givenPdfs } from '../../state/given-pdfs.svelte'

const STEP = 200

class ImportsState {
  #view = $state.raw<ImportsView | null>(null)
  #failed = $state.raw<Failure | null>(null)
  #chosen = $state<ImportFate | null>(null)
  #limit = STEP

  get view(): ImportsView | null {
    return this.#view
  }
  get failed(): Failure | null {
    return this.#failed
  }
  /** What is shown: what the user chose, else what needs them, else what was filed. */
  get fate(): ImportFate {
    if (this.#chosen !== null) return this.#chosen
    const counts = this.#view?.counts
    if (counts === undefined || counts.unsure > 0) return 'unsure'
    if (counts.filed > 0) return 'filed'
    return counts.refused > 0 ? 'refused' : counts.existing > 0 ? 'existing' : 'unsure'
  }
  get isEmpty(): boolean {
    const { counts, working } = this.#view ?? { counts: null, working: false }
    return counts !== null && !working && givenPdfs.found === 0 && Object.values(counts).every((n) => n === 0)
  }

  /** Follows main until the function that is returned is called. */
  attend(): () => void {
    void this.load()
    return listen('imports', () => void this.load())
  }

  async load(): Promise<void> {
    try {
      const { fate } = this
      const view = await ask('imports.list', { fate, offset: 0, limit: Math.min(this.#limit, 500) })
      this.#failed = null
      this.#view = view
      // What is shown by itself may be another fate by now.
      if (this.fate !== fate) await this.load()
    } catch (error) {
      this.#failed = errorOf(error)
    }
  }

  async show(fate: ImportFate): Promise<void> {
    this.#chosen = fate
    this.#limit = STEP
    await this.load()
  }

  async more(): Promise<void> {
    const rows = this.#view?.rows ?? []
    const page = await attempt(() =>
      ask('imports.list', { fate: this.fate, offset: rows.length, limit: STEP })
    )
    if (page === null) return
    this.#limit = rows.length + page.rows.length
    this.#view = { ...page, rows: [...rows, ...page.rows] }
  }

  async chooseFiles(): Promise<void> {
    await attempt(() => ask('imports.chooseFiles', {}))
  }
  async chooseFolder(): Promise<void> {
    await attempt(() => ask('imports.chooseFolder', {}))
  }
  async stop(): Promise<void> {
    givenPdfs.stop()
    await attempt(() => ask('imports.stop', {}))
  }

  async accept(rows: readonly ImportRow[]): Promise<void> {
    await attempt(() => ask('imports.accept', { ids: rows.map(({ id }) => id) }))
    await this.load()
  }
  /** What is wrong with the identifier; null: nothing. */
  async fileAs(row: ImportRow, identifier: string): Promise<string | null> {
    try {
      await ask('imports.fileAs', { id: row.id, identifier })
      await this.load()
      return null
    } catch (error) {
      return errorOf(error).message
    }
  }
  async leave(row: ImportRow): Promise<void> {
    await attempt(() => ask('imports.leave', { ids: [row.id] }))
    await this.load()
  }
}

export const imports = new ImportsState()
