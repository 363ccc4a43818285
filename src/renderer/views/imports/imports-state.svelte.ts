/** The visible rows, of one outcome at a time; reloaded when main reports a change. */
import type { ImportFate, ImportRow, ImportsView } from '../../../contract/import-views'
import { ask, errorOf, listen, type Failure } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { givenPdfs } from '../../state/given-pdfs.svelte'
import { LongList } from '../../state/long-list.svelte'

class ImportsState {
  readonly #list = new LongList<ImportsView>((offset, limit) =>
    ask('imports.list', { fate: this.fate, offset, limit })
  )
  #chosen = $state<ImportFate | null>(null)

  get view(): ImportsView | null {
    return this.#list.view
  }
  get failed(): Failure | null {
    return this.#list.failed
  }
  /** The shown outcome: the user's choice, else the one that needs the user, else filed files. */
  get fate(): ImportFate {
    if (this.#chosen !== null) return this.#chosen
    const counts = this.view?.counts
    if (counts === undefined || counts.unsure > 0) return 'unsure'
    if (counts.filed > 0) return 'filed'
    return counts.refused > 0 ? 'refused' : counts.existing > 0 ? 'existing' : 'unsure'
  }
  get isEmpty(): boolean {
    const { counts, working } = this.view ?? { counts: null, working: false }
    return counts !== null && !working && givenPdfs.found === 0 && Object.values(counts).every((n) => n === 0)
  }

  /** Follows main's events until the returned function is called. */
  attend(): () => void {
    void this.load()
    return listen('imports', () => void this.load())
  }

  async load(): Promise<void> {
    const { fate } = this
    await this.#list.load()
    // The default outcome may have changed meanwhile.
    if (this.fate !== fate) await this.load()
  }

  async show(fate: ImportFate): Promise<void> {
    this.#chosen = fate
    this.#list.restart()
    await this.load()
  }

  more(): Promise<void> {
    return this.#list.more()
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
  /** Returns the error of the identifier; null: none. */
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
