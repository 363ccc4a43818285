/**
 * First pages as small pictures, drawn once: in the background, one at a time, when the browser is idle, and
 * only while the requesting card is visible. A drawn picture is shown at once and stored by main. A file that
 * cannot be drawn is not tried again.
 */
import { SvelteMap } from 'svelte/reactivity'
import type { PaperView } from '../../../contract/library-views'
import { ask } from '../../bridge'
import { openBackgroundWorkshop, openPdf, type PdfWorkshop } from '../reader/pdf/pdf-js'

/** px: twice the width of a card, for sharp screens. */
const WIDTH = 400
const MOST_ASPECT = 1.5
/** Maximum number of pictures kept in the page; main stores all of them. */
const MOST_KEPT = 300
/** Idle time after which the worker is ended. */
const REST_MS = 20_000
const TIMEOUT_MS = 15_000

type Drawn = { readonly kind: 'picture'; readonly address: string } | { readonly kind: 'damaged' }

class Thumbnails {
  readonly #drawn = new SvelteMap<string, Drawn>()
  readonly #wanted = new Map<string, PaperView>()
  #drawing: { readonly sha256: string; readonly controller: AbortController } | null = null
  #workshop: PdfWorkshop | null = null
  #rest: ReturnType<typeof setTimeout> | undefined

  of(sha256: string): Drawn | undefined {
    return this.#drawn.get(sha256)
  }

  /** A card became visible; returns what to call when it no longer is. */
  want(paper: PaperView): () => void {
    const { sha256 } = paper
    if (paper.thumbnailAt !== null || paper.readAt === null || this.#drawn.has(sha256)) return () => undefined
    this.#wanted.set(sha256, paper)
    this.#later()
    return () => {
      this.#wanted.delete(sha256)
      if (this.#drawing?.sha256 === sha256) this.#drawing.controller.abort()
    }
  }

  #later(): void {
    clearTimeout(this.#rest)
    requestIdleCallback(() => void this.#next(), { timeout: 1_000 })
  }

  async #next(): Promise<void> {
    if (this.#drawing !== null) return
    const [entry] = this.#wanted
    if (entry === undefined) {
      this.#rest = setTimeout(() => {
        this.#workshop?.end()
        this.#workshop = null
      }, REST_MS)
      return
    }
    const [sha256, paper] = entry
    const controller = new AbortController()
    this.#drawing = { sha256, controller }
    const workshop = await this.#open().catch(() => null)
    try {
      if (workshop === null || !this.#wanted.has(sha256)) return
      const picture = await drawInTime(workshop, paper.readAt ?? '', controller)
      this.#keep(sha256, { kind: 'picture', address: URL.createObjectURL(picture) })
      this.#wanted.delete(sha256)
      const bytes = new Uint8Array(await picture.arrayBuffer())
      // A picture that could not be stored is drawn again next time; no message is needed.
      await ask('library.keepThumbnail', { sha256, bytes }).catch(() => undefined)
    } catch {
      // Scrolled away, or a reader was opened: this is no failure of the file.
      const { signal } = controller
      const ofTheFile = !signal.aborted || signal.reason instanceof TooLong
      if (ofTheFile && workshop?.signal.aborted === false) {
        this.#wanted.delete(sha256)
        this.#keep(sha256, { kind: 'damaged' })
      }
    } finally {
      this.#drawing = null
      if (workshop !== null) this.#later()
    }
  }

  async #open(): Promise<PdfWorkshop> {
    if (this.#workshop?.signal.aborted !== false) this.#workshop = await openBackgroundWorkshop()
    return this.#workshop
  }

  #keep(sha256: string, drawn: Drawn): void {
    this.#drawn.set(sha256, drawn)
    if (this.#drawn.size <= MOST_KEPT) return
    const [oldest] = this.#drawn
    if (oldest === undefined) return
    if (oldest[1].kind === 'picture') URL.revokeObjectURL(oldest[1].address)
    this.#drawn.delete(oldest[0])
  }
}

export const thumbnails = new Thumbnails()

class TooLong extends Error {}

/** Rejects after a time limit, when `controller` or the workshop aborts, or when the file cannot be drawn. */
async function drawInTime(workshop: PdfWorkshop, readAt: string, controller: AbortController): Promise<Blob> {
  const signal = AbortSignal.any([controller.signal, workshop.signal])
  const timer = setTimeout(() => {
    controller.abort(new TooLong())
  }, TIMEOUT_MS)
  try {
    return await Promise.race([
      drawFirstPage(workshop, readAt, signal),
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('It was not drawn to the end.'))
        })
      })
    ])
  } finally {
    clearTimeout(timer)
  }
}

async function drawFirstPage(workshop: PdfWorkshop, readAt: string, signal: AbortSignal): Promise<Blob> {
  const opened = await openPdf(workshop, { readAt, signal, whole: false })
  try {
    const page = await opened.document.getPage(1)
    const { width, height } = page.getViewport({ scale: 1 })
    const viewport = page.getViewport({ scale: WIDTH / width })
    const canvas = document.createElement('canvas')
    canvas.width = WIDTH
    // For very tall pages the upper part is enough.
    canvas.height = Math.round(Math.min(height / width, MOST_ASPECT) * WIDTH)
    const task = page.render({ canvas, viewport, background: '#ffffff' })
    const stop = (): void => {
      task.cancel()
    }
    signal.addEventListener('abort', stop, { once: true })
    await task.promise
    signal.throwIfAborted()
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob(
        (blob) => {
          if (blob === null) reject(new Error('No picture came of it.'))
          else resolve(blob)
        },
        'image/webp',
        0.82
      )
    })
  } finally {
    await opened.close().catch(() => undefined)
  }
}
