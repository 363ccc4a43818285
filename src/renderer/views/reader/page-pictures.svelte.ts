/** Small pictures of the pages of one document, drawn one at a time while visible. */
import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist'
import { SvelteMap } from 'svelte/reactivity'

/** px: twice the displayed size, for sharp screens */
const WIDTH = 240
const MOST_KEPT = 200

export class PagePictures {
  readonly #document: PDFDocumentProxy
  readonly #drawn = new SvelteMap<number, string>()
  #wanted: readonly number[] = []
  #drawing: { readonly page: number; task: RenderTask | null } | null = null
  #over = false

  constructor(document: PDFDocumentProxy) {
    this.#document = document
  }

  /** The address of a page's picture, once drawn. */
  of(page: number): string | undefined {
    return this.#drawn.get(page)
  }

  /** The page's place became visible; returns what to call when it no longer is. */
  want(page: number): () => void {
    if (this.#drawn.has(page)) return () => undefined
    this.#wanted = [...this.#wanted, page]
    void this.#next()
    return () => {
      this.#forget(page)
      if (this.#drawing?.page === page) this.#drawing.task?.cancel()
    }
  }

  end(): void {
    this.#over = true
    this.#wanted = []
    this.#drawing?.task?.cancel()
    for (const address of this.#drawn.values()) URL.revokeObjectURL(address)
  }

  async #next(): Promise<void> {
    if (this.#drawing !== null) return
    const [number] = this.#wanted
    if (number === undefined || this.#over) return
    this.#drawing = { page: number, task: null }
    try {
      const page = await this.#document.getPage(number)
      const { width } = page.getViewport({ scale: 1 })
      const viewport = page.getViewport({ scale: WIDTH / width })
      const canvas = document.createElement('canvas')
      canvas.width = WIDTH
      canvas.height = Math.max(1, Math.min(Math.round(viewport.height), 3 * WIDTH))
      this.#drawing.task = page.render({ canvas, viewport, background: '#ffffff' })
      if (!this.#wanted.includes(number)) this.#drawing.task.cancel()
      await this.#drawing.task.promise
      const blob = await new Promise<Blob | null>((resolve) => {
        canvas.toBlob(resolve, 'image/webp', 0.8)
      })
      if (blob !== null && !this.#isOver()) this.#keep(number, URL.createObjectURL(blob))
    } catch {
      // Scrolled away, or a page that cannot be drawn: its place shows only the number.
    } finally {
      this.#forget(number)
      this.#drawing = null
      void this.#next()
    }
  }

  #forget(page: number): void {
    this.#wanted = this.#wanted.filter((one) => one !== page)
  }

  #isOver(): boolean {
    return this.#over
  }

  #keep(page: number, address: string): void {
    this.#drawn.set(page, address)
    if (this.#drawn.size <= MOST_KEPT) return
    const [oldest] = this.#drawn
    if (oldest === undefined) return
    URL.revokeObjectURL(oldest[1])
    this.#drawn.delete(oldest[0])
  }
}
