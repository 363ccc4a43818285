/** The current location: a screen, what is open in it, and the overlay. */
import { PLACES, type Place } from '../../contract/events'
import type { JobQueryView } from '../../contract/insights-views'
import { remembered } from './remembered.svelte'
import { oneOf } from '../../contract/tables'

export type Screen = Exclude<Place, 'add'>
const isScreen = oneOf(PLACES.filter((place) => place !== 'add'))

class Route {
  #screen = $state<Screen>('queue')
  #jobId = $state<string | null>(null)
  #artifactId = $state<string | null>(null)
  #jobQuery = $state.raw<JobQueryView | null>(null)
  #adding = $state<{ readonly previewId: string | null } | null>(null)
  #palette = $state(false)
  #hasNavigated = false

  get screen(): Screen {
    return this.#screen
  }
  /** the job whose drawer is open */
  get jobId(): string | null {
    return this.#jobId
  }
  /** the paper that is open in the reader */
  get reading(): string | null {
    return this.#artifactId
  }
  /** a queue filter set by a link on a figure; the queue applies it once and clears it */
  get jobQuery(): JobQueryView | null {
    return this.#jobQuery
  }
  get adding(): { readonly previewId: string | null } | null {
    return this.#adding
  }
  get palette(): boolean {
    return this.#palette
  }

  /** Goes to the last screen, unless a navigation has already happened. */
  begin(): void {
    if (!this.#hasNavigated) this.#screen = remembered.get('place', isScreen, 'queue')
  }

  go(screen: Screen): void {
    this.#hasNavigated = true
    this.#screen = screen
    this.#artifactId = null
    this.#palette = false
    remembered.set('place', screen)
  }

  openJob(jobId: string): void {
    this.go('queue')
    this.#jobId = jobId
  }
  closeJob(): void {
    this.#jobId = null
  }
  /** The rows behind a figure. */
  showJobs(query: JobQueryView): void {
    this.go('queue')
    this.#jobQuery = query
  }
  takeJobQuery(): JobQueryView | null {
    const query = this.#jobQuery
    this.#jobQuery = null
    return query
  }

  read(artifactId: string): void {
    this.go('library')
    this.#artifactId = artifactId
  }
  closeReader(): void {
    this.#artifactId = null
  }

  openAdd(previewId: string | null = null): void {
    this.#adding = { previewId }
    this.#palette = false
  }
  closeAdd(): void {
    this.#adding = null
  }
  setPalette(open: boolean): void {
    this.#palette = open
  }
}

export const route = new Route()
