/**
 * One PDF in the reader: opened, drawn by pdf.js's viewer, searched, closed. The toolbar's state is here;
 * pdf.js owns the drawing. `end` releases everything.
 */
import type { PDFDocumentProxy } from 'pdfjs-dist'
import type { EventBus, PDFLinkService, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs'
import type { Problem } from '../../text/reader'
import { outlineOf, type OutlineEntry } from './pdf/outline'
import {
  loadPdfViewer,
  openPdf,
  openWorkshop,
  type OpenPdf,
  type PdfViewerJs,
  type PdfWorkshop
} from './pdf/pdf-js'
import { problemOf } from './pdf/problem'

export const FIT_WIDTH = 'page-width'
export const FIT_PAGE = 'page-fit'
const NAMED_ZOOMS: readonly string[] = [FIT_WIDTH, FIT_PAGE, 'page-actual', 'auto']
const SMALLEST_ZOOM = 0.1
const LARGEST_ZOOM = 8

export interface Beginning {
  readonly readAt: string
  readonly page: number
  readonly zoom: string
  /** words to find and mark on opening */
  readonly find: readonly string[]
}

export interface FindState {
  readonly state: 'idle' | 'searching' | 'found' | 'none'
  readonly current: number
  readonly total: number
}
const NOT_SEARCHED: FindState = { state: 'idle', current: 0, total: 0 }

interface Count {
  readonly current: number
  readonly total: number
}
/** The events of pdf.js's viewer that are used. */
interface BusEvents {
  readonly pagesinit: unknown
  readonly pagechanging: { readonly pageNumber: number }
  readonly scalechanging: { readonly scale: number; readonly presetValue?: string }
  readonly updatefindmatchescount: { readonly matchesCount: Count }
  /** 0 found, 1 not found, 2 wrapped around, 3 still searching */
  readonly updatefindcontrolstate: { readonly state: number; readonly matchesCount: Count }
}

/** pdf.js's viewer lets go of its document for null; its types leave that out. */
interface Emptied {
  setDocument(document: PDFDocumentProxy | null): void
}

export class Reading {
  #status = $state<'opening' | 'asking' | 'ready' | 'failed'>('opening')
  #problem = $state.raw<Problem | null>(null)
  #wrongPassword = $state(false)
  #page = $state(1)
  #pages = $state(0)
  #scale = $state(1)
  #zoom = $state(FIT_WIDTH)
  #outline = $state.raw<readonly OutlineEntry[] | null>(null)
  #find = $state.raw<FindState>(NOT_SEARCHED)
  #document = $state.raw<PDFDocumentProxy | null>(null)

  readonly #closing = new AbortController()
  readonly #beginning: Beginning
  #give: ((password: string) => void) | null = null
  #workshop: PdfWorkshop | null = null
  #pdf: OpenPdf | null = null
  #bus: EventBus | null = null
  #links: PDFLinkService | null = null
  #viewer: PDFViewer | null = null
  #lastQuery: { readonly words: string | readonly string[]; readonly matchCase: boolean } | null = null

  constructor(beginning: Beginning) {
    this.#beginning = beginning
  }

  get status(): 'opening' | 'asking' | 'ready' | 'failed' {
    return this.#status
  }
  get problem(): Problem | null {
    return this.#problem
  }
  get wrongPassword(): boolean {
    return this.#wrongPassword
  }
  get page(): number {
    return this.#page
  }
  get pages(): number {
    return this.#pages
  }
  get scale(): number {
    return this.#scale
  }
  /** `page-width`, `page-fit`, or a number: 1 is the actual size */
  get zoom(): string {
    return this.#zoom
  }
  /** null until known */
  get outline(): readonly OutlineEntry[] | null {
    return this.#outline
  }
  get find(): FindState {
    return this.#find
  }
  get document(): PDFDocumentProxy | null {
    return this.#document
  }

  // ─── Opening and closing ───────────────────────────────────────────────────────────────────────

  /** Opens the file and draws it into `container`, whose first child holds the pages. */
  async begin(container: HTMLDivElement): Promise<void> {
    const { signal } = this.#closing
    try {
      const [workshop, viewerJs] = await Promise.all([openWorkshop(), loadPdfViewer()])
      this.#workshop = workshop
      if (signal.aborted) {
        workshop.end()
        return
      }
      const pdf = await openPdf(workshop, {
        readAt: this.#beginning.readAt,
        signal,
        whole: true,
        onpassword: (again) => this.#askPassword(again)
      })
      this.#pdf = pdf
      this.#status = 'ready'
      this.#draw(workshop, viewerJs, container, pdf.document)
      const outline = await outlineOf(pdf.document).catch(() => [])
      this.#outline = outline
    } catch (error) {
      if (signal.aborted) return
      this.#problem = problemOf(error)
      this.#status = 'failed'
    }
  }

  end(): void {
    this.#closing.abort()
    const viewer: Emptied | null = this.#viewer
    viewer?.setDocument(null)
    this.#links?.setDocument(null)
    void this.#pdf?.close().catch(() => undefined)
    this.#workshop?.end()
    this.#workshop = null
    this.#viewer = null
    this.#document = null
  }

  #askPassword(again: boolean): Promise<string> {
    this.#wrongPassword = again
    this.#status = 'asking'
    return new Promise((resolve) => {
      this.#give = resolve
    })
  }

  unlock(password: string): void {
    this.#status = 'opening'
    this.#give?.(password)
    this.#give = null
  }

  #draw({ js }: PdfWorkshop, viewerJs: PdfViewerJs, container: HTMLDivElement, pdf: PDFDocumentProxy): void {
    const bus = new viewerJs.EventBus()
    const links = new viewerJs.PDFLinkService({ eventBus: bus })
    const wiring = { linkService: links, eventBus: bus }
    const finder = new viewerJs.PDFFindController(wiring)
    const options = {
      container,
      eventBus: bus,
      linkService: links,
      findController: finder,
      annotationMode: js.AnnotationMode.ENABLE,
      annotationEditorMode: js.AnnotationEditorType.DISABLE,
      // Automatic links are added late to pages that are redrawn, which causes errors.
      enableAutoLinking: false,
      abortSignal: this.#closing.signal
    }
    const viewer = new viewerJs.PDFViewer(options)
    this.#bus = bus
    this.#links = links
    this.#viewer = viewer
    links.setViewer(viewer)
    this.#watchSize(container)
    this.#hear(bus)
    this.#pages = pdf.numPages
    this.#document = pdf
    viewer.setDocument(pdf)
    links.setDocument(pdf)
  }

  /** Pages fitted to the width are fitted again when a panel opens or the window changes. */
  #watchSize(container: HTMLDivElement): void {
    let width = container.clientWidth
    let height = container.clientHeight
    const observer = new ResizeObserver(() => {
      if (container.clientWidth === width && container.clientHeight === height) return
      width = container.clientWidth
      height = container.clientHeight
      if (NAMED_ZOOMS.includes(this.#zoom) && width > 0) this.setZoom(this.#zoom)
      this.#viewer?.update()
    })
    observer.observe(container)
    this.#closing.signal.addEventListener('abort', () => {
      observer.disconnect()
    })
  }

  #hear(bus: EventBus): void {
    const { page, zoom, find } = this.#beginning
    const { signal } = this.#closing
    const on = <N extends keyof BusEvents>(name: N, listener: (event: BusEvents[N]) => void): void => {
      bus.on(name, listener, { signal })
    }
    on('pagesinit', () => {
      this.setZoom(zoom)
      this.goTo(page)
      if (find.length > 0) this.search(find, false)
    })
    on('pagechanging', ({ pageNumber }) => {
      this.#page = pageNumber
    })
    on('scalechanging', (event) => {
      this.#scale = event.scale
      this.#zoom = event.presetValue ?? String(Math.round(event.scale * 1_000) / 1_000)
    })
    on('updatefindmatchescount', ({ matchesCount }) => {
      this.#find = { ...this.#find, current: matchesCount.current, total: matchesCount.total }
    })
    on('updatefindcontrolstate', (event) => {
      const { current, total } = event.matchesCount
      const state = event.state === 3 ? 'searching' : event.state === 1 ? 'none' : 'found'
      this.#find = { state, current, total }
    })
  }

  // ─── Navigation ────────────────────────────────────────────────────────────────────────────────

  goTo(page: number): void {
    if (this.#viewer === null || !Number.isInteger(page)) return
    this.#viewer.currentPageNumber = Math.min(this.#pages, Math.max(1, page))
  }

  previousPage(): void {
    this.#viewer?.previousPage()
  }
  nextPage(): void {
    this.#viewer?.nextPage()
  }

  async follow(entry: OutlineEntry): Promise<void> {
    if (entry.dest !== null) await this.#links?.goToDestination(entry.dest)
  }

  setZoom(zoom: string): void {
    if (this.#viewer === null) return
    const scale = Number(zoom)
    if (NAMED_ZOOMS.includes(zoom)) this.#viewer.currentScaleValue = zoom
    else if (scale >= SMALLEST_ZOOM && scale <= LARGEST_ZOOM) this.#viewer.currentScale = scale
    else this.#viewer.currentScaleValue = FIT_WIDTH
  }

  zoomIn(): void {
    this.#viewer?.increaseScale()
  }
  zoomOut(): void {
    this.#viewer?.decreaseScale()
  }
  rotate(): void {
    if (this.#viewer !== null) this.#viewer.pagesRotation = (this.#viewer.pagesRotation + 90) % 360
  }

  // ─── Finding ───────────────────────────────────────────────────────────────────────────────────

  /** Words as typed, or the words of a library search, any of which matches. */
  search(words: string | readonly string[], matchCase: boolean): void {
    this.#lastQuery = { words, matchCase }
    if (words.length === 0) {
      this.stopSearch()
      return
    }
    this.#ask('')
  }

  again(backwards: boolean): void {
    if (this.#lastQuery !== null && this.#lastQuery.words.length > 0) this.#ask('again', backwards)
  }

  stopSearch(): void {
    this.#lastQuery = null
    this.#find = NOT_SEARCHED
    this.#bus?.dispatch('findbarclose', { source: this })
  }

  #ask(type: '' | 'again', backwards = false): void {
    if (this.#bus === null || this.#lastQuery === null) return
    const { words, matchCase } = this.#lastQuery
    this.#bus.dispatch('find', {
      source: this,
      type,
      query: typeof words === 'string' ? words : [...words],
      caseSensitive: matchCase,
      entireWord: false,
      highlightAll: true,
      findPrevious: backwards,
      matchDiacritics: false
    })
  }
}
