/**
 * Actions on rows of the queue: on one, on the selection, on a group of one reason. Actions without undo ask
 * first. They apply to papers, not to row indexes: rows move.
 */
import type { WhichJobs } from '../../../contract/requests'
import type { JobView, ReasonCount } from '../../../contract/views'
import { toasts } from '../../state/toasts.svelte'
import { ASK, NOTHING_CHANGED, QUEUE, type JobAction } from '../../text/queue'
import {
  attachFile,
  doToJob,
  doToMany,
  openLanding,
  type GroupAction,
  type ManyAction
} from './actions-state'
import { kindsOf, type Kinds } from './job-actions'
import type { QueueState } from './queue-state.svelte'
import { MOST_BY_NAME } from './selection'

export interface Question {
  readonly title: string
  readonly text: string
  readonly yes: string
  /** absent: “Keep it” */
  readonly no?: string
  readonly harmless?: boolean
  readonly onyes: () => void
}

/**
 * Tabs opened at once; how many of these open without a question; and how many papers of a group are searched
 * for the next ones.
 */
const MOST_TABS = 10
const MOST_UNASKED = 3
const MOST_LISTED = 1_000

export class RowActions {
  /** the open question to the user */
  asking = $state.raw<Question | null>(null)
  readonly #queue: QueueState
  readonly #changed: () => void
  /** papers whose landing pages were opened since the screen was shown, so that the next ten are others */
  #opened: readonly string[] = []

  constructor(queue: QueueState, changed: () => void) {
    this.#queue = queue
    this.#changed = changed
  }

  async onSelected(action: ManyAction): Promise<void> {
    const queue = this.#queue
    const which = queue.selection.which(queue.query)
    if (which === null) return
    if (action === 'cancel') {
      this.#askToCancel(await queue.kindsSelected())
      return
    }
    if (action === 'ignore') await this.#setAside(which, this.#selected)
    else await doToMany(action, which)
    this.#changed()
  }

  async onGroup(action: GroupAction, group: ReasonCount): Promise<void> {
    const queue = this.#queue
    const { text: words, list } = queue.query
    const query = {
      group: 'attention' as const,
      reasons: [group.reason],
      ...(words === undefined ? {} : { text: words }),
      ...(list === undefined ? {} : { list })
    }
    if (action === 'openLanding') {
      await this.#openPages(await queue.idsOf(query, 0, Math.min(MOST_LISTED, group.count)))
    } else if (action === 'attach') {
      // A file belongs to one paper: with several rows, the user selects one of this reason.
      const [jobId, another] = await queue.idsOf(query, 0, 2)
      if (another !== undefined) {
        queue.setFilter({ reasons: [group.reason] })
        toasts.note(QUEUE.attachWhich(Math.max(2, group.count)), QUEUE.attachWhichHint)
      } else if (jobId !== undefined) await attachFile(jobId)
    } else if (action === 'ignore') {
      await this.#setAside({ query }, group.count)
    } else {
      await doToMany(action, { query })
    }
    this.#changed()
  }

  async onJob(action: JobAction, job: JobView): Promise<void> {
    if (action === 'cancel') {
      this.#askToCancel(kindsOf([job]))
      return
    }
    await doToJob(action, job)
    this.#changed()
  }

  /** Delete: a paper in the library is removed, a pending one is cancelled, and a failed one is ignored. */
  async onDelete(): Promise<void> {
    const { meant } = this.#queue
    if (meant?.group === 'done') {
      this.asking = {
        title: ASK.removeTitle,
        text: ASK.removeText,
        yes: ASK.removeYes,
        onyes: () => void doToJob('remove', meant).then(this.#changed)
      }
      return
    }
    if (meant === undefined && this.#selected === 0) return
    const kinds = meant === undefined ? await this.#queue.kindsSelected() : kindsOf([meant])
    if (kinds !== null && kinds.stoppable === 0 && kinds.failed > 0) {
      await this.#setAside(kinds.toIgnore, kinds.failed)
      this.#changed()
    } else this.#askToCancel(kinds)
  }

  /**
   * Opens the next landing pages that were not opened yet, after a question if there are many; after the
   * last, starts again.
   */
  async #openPages(jobIds: readonly string[]): Promise<void> {
    const unopened = jobIds.filter((jobId) => !this.#opened.includes(jobId))
    const next = (unopened.length > 0 ? unopened : jobIds).slice(0, MOST_TABS)
    const left = Math.max(0, unopened.length - next.length)
    const open = async (): Promise<void> => {
      if (!(await openLanding(next, left))) return
      this.#opened = [...this.#opened, ...next]
    }
    if (next.length === 0) return
    if (next.length <= MOST_UNASKED) await open()
    else {
      this.asking = {
        title: ASK.openTitle(next.length),
        text: ASK.openText(left),
        yes: ASK.openYes(next.length),
        no: ASK.openNo,
        harmless: true,
        onyes: () => void open()
      }
    }
  }

  get #selected(): number {
    return this.#queue.selection.count(this.#queue.rows.total ?? 0)
  }

  /** Ignored jobs selected by id can be restored. */
  async #setAside(which: WhichJobs, many: number): Promise<void> {
    const isNamed = !('query' in which) || many > MOST_BY_NAME
    const named = isNamed ? which : { jobIds: await this.#queue.idsOf(which.query, 0, many) }
    if ('jobIds' in named && named.jobIds.length === 0) return
    await doToMany('ignore', named)
  }

  /** For waiting and active jobs; the others keep their outcome. */
  #askToCancel(kinds: Kinds | null): void {
    if (kinds === null) return
    const { stoppable, isExact, others, toCancel } = kinds
    if (stoppable === 0) {
      toasts.note(NOTHING_CHANGED)
      return
    }
    this.asking = {
      title: isExact || stoppable === 1 ? ASK.cancelTitle(stoppable) : ASK.cancelTitleUpTo(stoppable),
      text: ASK.cancelText(stoppable, others),
      yes: stoppable === 1 ? ASK.cancelYes : ASK.cancelYesMany,
      onyes: () => void doToMany('cancel', toCancel).then(this.#changed)
    }
  }
}
