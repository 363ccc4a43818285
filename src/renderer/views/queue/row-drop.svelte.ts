/** Drag and drop of a file on its paper's row: it is attached to that job. */
import { on } from 'svelte/events'
import { indexUnder } from '../../components/index-under'
import { attachDropped } from './actions-state'
import type { QueueState } from './queue-state.svelte'
import { together } from '../../together'

const TYPES = ['application/pdf', 'application/xml', 'text/xml']

export class RowDrop {
  /** the row under the dragged file; -1 when none accepts it */
  at = $state(-1)
  readonly #rows: QueueState['rows']
  readonly #attached: () => void

  constructor(rows: QueueState['rows'], attached: () => void) {
    this.#rows = rows
    this.#attached = attached
  }

  /** The attachment of the element that contains the rows. */
  readonly attach = (table: HTMLElement): (() => void) => {
    const stop = together([
      on(table, 'dragover', (event) => {
        this.#over(event)
      }),
      on(table, 'dragleave', () => {
        this.at = -1
      }),
      on(table, 'drop', (event) => {
        this.#drop(event)
      })
    ])
    return stop
  }

  #over(event: DragEvent): void {
    const index = isAttachable(event) ? indexUnder(event) : -1
    this.at = this.#rows.row(index) === undefined ? -1 : index
    if (this.at < 0 || event.dataTransfer === null) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  }

  #drop(event: DragEvent): void {
    this.at = -1
    const job = this.#rows.row(indexUnder(event))
    const file = event.dataTransfer?.files[0]
    if (job === undefined || file === undefined || !isAttachable(event)) return
    event.preventDefault()
    void attachDropped(job.jobId, file).then(this.#attached)
  }
}

function isAttachable(event: DragEvent): boolean {
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file')
  return items.length === 1 && TYPES.includes(items[0]?.type ?? '')
}
