/**
 * What is done to rows of the queue: to one, to all that are selected, to a group of one reason. What
 * cannot be taken back asks first. It acts on papers, never on rows: rows move.
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
  readonly onyes: () => void
}

/** Tabs opened at once, of these without a question, and how many papers of a group are looked through for the next ones. */
const MOST_TABS = 10
const MOST_UNASKED = 3
const MOST_LISTED = 1_000

export class RowActions {
  /** what the person is asked just now */
  asking = $state.raw<Question | null>(null)
  readonly #queue: QueueState
  readonly #changed: () => void
  /** whose landing pages were opened since the screen was shown: the next ten are others */
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
      // A file belongs to one paper: with several rows, the user picks one of this reason.
      const [jobId, another] = await queue.idsOf(query, 0, 2)
      if (another !== undefined) {
        queue.setFilter({ reasons: [group.reason] })
        toasts.say({
          tone: 'quiet',
          text: QUEUE.attachWhich(Math.max(2, group.count)),
          hint: QUEUE.attachWhichHint
        })
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

  /**
   * Delete means away with it: a paper that is here leaves the library, one that is still to come is
   * cancelled, and what failed is set aside.
   */
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

  /** The next landing pages that were not opened yet, after a question where they are many; when all were, from the start. */
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
        onyes: () => void open()
      }
    }
  }

  get #selected(): number {
    return this.#queue.selection.count(this.#queue.rows.total ?? 0)
  }

  /** What is set aside can be taken back when it is known by name. */
  async #setAside(which: WhichJobs, many: number): Promise<void> {
    const isNamed = !('query' in which) || many > MOST_BY_NAME
    const named = isNamed ? which : { jobIds: await this.#queue.idsOf(which.query, 0, many) }
    if ('jobIds' in named && named.jobIds.length === 0) return
    await doToMany('ignore', named)
  }

  /** About those that wait or are under way; the others keep how they ended. */
  #askToCancel(kinds: Kinds | null): void {
    if (kinds === null) return
    const { stoppable, isExact, others, toCancel } = kinds
    if (stoppable === 0) {
      toasts.say({ tone: 'quiet', text: NOTHING_CHANGED, hint: null })
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
