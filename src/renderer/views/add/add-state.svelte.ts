/**
 * State of Add papers: text and files, parsed shortly after the last key, and a search beside them, each with
 * its preview. An answer about text that has changed meanwhile is dropped, and every preview no longer shown
 * is discarded in main.
 */
import { MOST_DROPPED_BYTES, MOST_FILES_AT_ONCE, MOST_PASTED_CHARS } from '../../../contract/limits'
import type { PlannedView } from '../../../contract/add-views'
import type { TopicSearchInput } from '../../../contract/requests'
import { ask, errorOf, type Failure } from '../../bridge'
import { app, attempt } from '../../state/app.svelte'
import { lists } from '../../state/lists.svelte'
import { Latest } from '../../state/live'
import { toasts } from '../../state/toasts.svelte'
import { ADD } from '../../text/add'
import { DROPS } from '../../text/drops'
import { openedPreview } from './opened-preview'
import { PreviewLookup, type Progress } from './preview-lookup.svelte'
import { PreviewRows } from './preview-rows.svelte'

export type Way = 'paste' | 'search'
export interface GivenFile {
  readonly key: number
  readonly file: File
}

const AFTER_LAST_KEY_MS = 200
const AFTER_LAST_KEY_OF_MUCH_MS = 600
const BEFORE_MATCHING_MS = 900
const MUCH_CHARS = 500_000
/**
 * The browser's text field needs time quadratic in the number of lines: longer text is kept beside it, as a
 * file.
 */
const MOST_LINES_IN_BOX = 2_000
const MOST_CHARS_IN_BOX = 400_000

export class AddState {
  #list = $state(lists.chosen ?? '')
  #way = $state<Way>('paste')
  #text = $state('')
  #files = $state.raw<readonly GivenFile[]>([])
  #previews = $state.raw<Readonly<Record<Way, PreviewRows | null>>>({ paste: null, search: null })
  #failures = $state.raw<Readonly<Record<Way, Failure | null>>>({ paste: null, search: null })
  #reading = $state(false)
  #searching = $state(false)
  #planning = $state(false)
  readonly #found = new Latest('searching')
  readonly #planned = new Latest('planning')
  readonly #titles = new PreviewLookup('matching', (view) => view.titles)
  readonly #copies = new PreviewLookup('expecting', (view) => view.unlooked)
  #timer: ReturnType<typeof setTimeout> | undefined
  #inFlight = false
  #again = false
  #turn = 0
  #searchTurn = 0
  #nextFile = 1
  #isStopped = false
  /** previews of files that were opened while another one is shown, in order */
  #waiting: string[] = []
  #closed = false

  /** the name of the target list as typed; initially the selected list */
  get list(): string {
    return this.#list
  }
  set list(name: string) {
    this.#list = name
  }
  /**
   * The trimmed name of that list; null: none. Lists are stored in the ledger: with the switch off there is
   * none.
   */
  get listName(): string | null {
    const name = this.#list.trim().replace(/\s+/g, ' ')
    return name === '' || app.view?.switch === 'off' ? null : name
  }
  /** Number of existing papers in the preview that would be added to the list. */
  get known(): number {
    const { preview } = this
    if (preview === null || this.listName === null) return 0
    return preview.countOf('planned') + preview.countOf('in_library') + preview.countOf('removed')
  }

  get way(): Way {
    return this.#way
  }
  set way(way: Way) {
    this.#way = way
  }
  get text(): string {
    return this.#text
  }
  get files(): readonly GivenFile[] {
    return this.#files
  }
  get preview(): PreviewRows | null {
    return this.#previews[this.#way]
  }
  get failure(): Failure | null {
    return this.#failures[this.#way]
  }
  get reading(): boolean {
    return this.#reading
  }
  get searching(): boolean {
    return this.#searching
  }
  get planning(): boolean {
    return this.#planning
  }
  get found(): { readonly found: number; readonly of: number | null } {
    return this.#found.value ?? { found: 0, of: null }
  }
  get planned(): { readonly planned: number; readonly of: number } {
    return this.#planned.value ?? { planned: 0, of: 0 }
  }
  /** Progress of the title look-up of the shown preview; null when there is none. */
  get matching(): Progress | null {
    return this.#titles.progressOf(this.preview)
  }
  /** Progress of the open-copy look-up of the shown preview; null when there is none. */
  get expecting(): Progress | null {
    return this.#copies.progressOf(this.preview)
  }
  /** The last planning was stopped by the user. */
  get stopped(): boolean {
    return this.#isStopped
  }
  /** The shown preview comes from chosen or opened files, not from the box. */
  get handed(): boolean {
    const from = this.#previews.paste?.from
    return this.#way === 'paste' && (from === 'files' || from === 'opened')
  }
  get busy(): boolean {
    return this.#way === 'paste' ? this.#reading : this.#searching
  }

  /** Input would be lost on closing. */
  get holds(): boolean {
    return (
      this.#text.trim() !== '' ||
      this.#files.length > 0 ||
      Object.values(this.#previews).some((preview) => preview !== null && preview.view.counts.new > 0)
    )
  }

  write(text: string): void {
    this.#text = text
    this.#leaveHanded()
    this.#readSoon(text.length > MUCH_CHARS ? AFTER_LAST_KEY_OF_MUCH_MS : AFTER_LAST_KEY_MS)
  }

  /** Takes pasted text that is too long for the box, as a file of its own; false when the box can take it. */
  pasteBeside(text: string): boolean {
    if (fitsBox(text)) return false
    void this.drop([new File([text], ADD.pastedFile, { type: 'text/plain' })])
    return true
  }

  /** Takes dropped files; dropped text goes into the box, where it can be edited. */
  async drop(files: readonly File[]): Promise<void> {
    this.#way = 'paste'
    this.#leaveHanded()
    const given: GivenFile[] = []
    for (const file of files) {
      if (file.name === DROPS.textName) {
        const text = await file.text()
        if (fitsBox(text)) this.#text = this.#text.trim() === '' ? text : `${this.#text.trimEnd()}\n${text}`
        else given.push({ key: this.#nextFile++, file })
      } else if (file.size > MOST_DROPPED_BYTES) {
        leftOut(ADD.tooLarge(file.name, MOST_DROPPED_BYTES))
      } else given.push({ key: this.#nextFile++, file })
    }
    // Files over the limit do not affect the others.
    const all = [...this.#files, ...given]
    this.#files = all.slice(0, MOST_FILES_AT_ONCE)
    if (all.length > MOST_FILES_AT_ONCE) leftOut(ADD.tooMany(all.length - MOST_FILES_AT_ONCE))
    this.#readSoon(0)
  }

  withoutFile(key: number): void {
    this.#files = this.#files.filter((one) => one.key !== key)
    this.#readSoon(0)
  }

  async chooseFiles(): Promise<void> {
    const turn = ++this.#turn
    clearTimeout(this.#timer)
    this.#reading = true
    try {
      const view = await ask('plan.chooseFiles', {})
      if (view !== null && (turn !== this.#turn || this.#closed)) discard(view.previewId)
      else if (view !== null) this.#show('paste', new PreviewRows(view, 'files'))
    } catch (error) {
      if (turn === this.#turn) this.#fail('paste', errorOf(error))
    } finally {
      if (turn === this.#turn) this.#reading = false
    }
  }

  /** Takes a preview read from files opened with Sheaf; it waits until the current one is planned. */
  async open(previewId: string): Promise<void> {
    const shown = this.#previews.paste
    if (shown !== null && shown.from === 'opened' && shown.toPlan > 0) {
      this.#waiting.push(previewId)
      leftOut(ADD.waits)
      return
    }
    const turn = ++this.#turn
    this.#reading = true
    try {
      const view = await openedPreview(previewId)
      if (turn !== this.#turn) return
      this.#show('paste', new PreviewRows(view, 'opened'))
    } catch (error) {
      if (turn === this.#turn) this.#fail('paste', errorOf(error))
    } finally {
      if (turn === this.#turn) this.#reading = false
    }
  }

  /** Back to the box, with its text. */
  pasteInstead(): void {
    this.#leaveHanded()
    this.#readSoon(0)
  }

  readAgain(): void {
    this.#readSoon(0)
  }

  async search(input: TopicSearchInput): Promise<void> {
    const turn = ++this.#searchTurn
    this.#searching = true
    this.#failures = { ...this.#failures, search: null }
    this.#found.prime({ found: 0, of: null })
    try {
      const view = await ask('plan.search', input)
      if (turn !== this.#searchTurn || this.#closed) discard(view.previewId)
      else this.#show('search', new PreviewRows(view, 'search'))
    } catch (error) {
      if (turn === this.#searchTurn) this.#fail('search', errorOf(error))
    } finally {
      if (turn === this.#searchTurn) this.#searching = false
    }
  }

  async stopSearch(): Promise<void> {
    await attempt(() => ask('plan.stopSearch', {}))
  }

  /** Looks up where each new paper of the shown preview would come from. */
  async expect(): Promise<void> {
    const { preview } = this
    if (preview === null || this.#copies.running !== null) return
    const isKept = (): boolean => Object.values(this.#previews).includes(preview)
    try {
      const view = await this.#copies.track(
        preview,
        ask('plan.expect', { previewId: preview.view.previewId })
      )
      if (isKept()) preview.renew(view)
    } catch (error) {
      const { message, hint } = errorOf(error)
      // A preview discarded meanwhile is no failure.
      if (isKept()) toasts.say({ tone: 'attention', text: message, hint })
    }
  }

  /** Shows the next opened preview; false when there is none. */
  showNext(): boolean {
    const next = this.#waiting.shift()
    if (next !== undefined) void this.open(next)
    return next !== undefined
  }

  /** Plans the new rows of the shown preview; null when that failed. */
  async plan(): Promise<PlannedView | null> {
    const preview = this.preview
    const list = this.listName
    if (preview === null || preview.toPlan + this.known === 0 || this.busy || this.#planning) return null
    this.#planning = true
    this.#isStopped = false
    this.#planned.prime({ planned: 0, of: 0 })
    try {
      const leaveOut = [...preview.leftOut]
      const confirmed = [...preview.confirmed]
      const planned = await ask('plan.commit', {
        previewId: preview.view.previewId,
        ...(leaveOut.length > 0 ? { leaveOut } : {}),
        ...(confirmed.length > 0 ? { confirmed } : {}),
        ...(list === null ? {} : { list })
      })
      this.#previews = { ...this.#previews, [this.#way]: null }
      return planned
    } catch (error) {
      this.#fail(this.#way, errorOf(error))
      return null
    } finally {
      this.#planning = false
    }
  }

  /** Planned papers stay planned. */
  async stopPlanning(): Promise<void> {
    this.#isStopped = true
    await attempt(() => ask('plan.stop', {}))
  }

  /** The dialog was closed. */
  close(): void {
    this.#closed = true
    this.#turn += 1
    clearTimeout(this.#timer)
    if (this.#searching) void this.stopSearch()
    for (const preview of Object.values(this.#previews)) {
      // A preview being planned belongs to main until planning ends.
      if (preview !== null && !this.#planning) discard(preview.view.previewId)
    }
    for (const previewId of this.#waiting) discard(previewId)
  }

  #readSoon(afterMs: number): void {
    this.#turn += 1
    this.#failures = { ...this.#failures, paste: null }
    clearTimeout(this.#timer)
    if (this.#text.trim() === '' && this.#files.length === 0) {
      this.#reading = false
      this.#show('paste', null)
      return
    }
    this.#reading = true
    this.#timer = setTimeout(() => void this.#read(), afterMs)
  }

  /** One request at a time: during one, the next waits and then uses the text of that time. */
  async #read(): Promise<void> {
    if (this.#inFlight) {
      this.#again = true
      return
    }
    const turn = this.#turn
    const text = this.#text
    if (text.length > MOST_PASTED_CHARS) {
      this.#fail('paste', { message: ADD.tooLong, hint: '' })
      this.#reading = false
      return
    }
    this.#inFlight = true
    try {
      const files = await Promise.all(
        this.#files.map(async ({ file }) => ({
          name: file.name,
          bytes: new Uint8Array(await file.arrayBuffer())
        }))
      )
      const view = await ask('plan.read', {
        ...(text.trim() === '' ? {} : { text }),
        ...(files.length > 0 ? { files } : {})
      })
      if (turn === this.#turn && !this.#closed) this.#show('paste', new PreviewRows(view, 'given'))
      else discard(view.previewId)
    } catch (error) {
      if (turn === this.#turn) this.#fail('paste', errorOf(error))
    } finally {
      this.#inFlight = false
      if (turn === this.#turn) this.#reading = false
      if (this.#again) {
        this.#again = false
        void this.#read()
      }
    }
  }

  #show(way: Way, preview: PreviewRows | null): void {
    const before = this.#previews[way]
    if (before !== null) discard(before.view.previewId)
    this.#previews = { ...this.#previews, [way]: preview }
    this.#failures = { ...this.#failures, [way]: null }
    if (preview !== null && preview.view.titles > 0) this.#matchSoon(preview)
  }

  /** Typed input waits a moment longer, so that half an entry is not looked up. */
  #matchSoon(preview: PreviewRows): void {
    setTimeout(
      () => {
        if (!this.#closed && this.#previews.paste === preview) void this.#match(preview)
      },
      preview.from === 'given' && this.#files.length === 0 ? BEFORE_MATCHING_MS : 0
    )
  }

  async #match(preview: PreviewRows): Promise<void> {
    try {
      const view = await this.#titles.track(preview, ask('plan.match', { previewId: preview.view.previewId }))
      if (this.#previews.paste === preview) preview.renew(view)
    } catch {
      // The preview is gone, or the look-up was stopped: its rows show that.
    }
  }

  #fail(way: Way, failure: Failure): void {
    this.#show(way, null)
    this.#failures = { ...this.#failures, [way]: failure }
  }

  #leaveHanded(): void {
    if (this.handed) this.#show('paste', null)
  }
}

function fitsBox(text: string): boolean {
  if (text.length > MOST_CHARS_IN_BOX) return false
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines <= MOST_LINES_IN_BOX
}

function leftOut(text: string): void {
  toasts.warn(text)
}

function discard(previewId: string): void {
  // Main drops old previews itself as well; a failure here needs no message.
  ask('plan.discard', { previewId }).catch(() => undefined)
}
