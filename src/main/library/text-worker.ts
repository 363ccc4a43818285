/**
 * The thread that reads the whole text of a PDF, page by page, for the search. As in the thread that
 * judges PDFs, a hostile file holds up nobody: only its own text is lost. Between pages it lets others
 * work. It reads files, writes none, runs no script of a document and asks no network.
 */
import { restorePush } from './pdf-globals'
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { readFile } from 'node:fs/promises'
import { setImmediate as breathe } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { readLayout } from './pdf-layout'
import type { PdfTextReading, TextAnswer, TextQuestion } from './text-messages'

restorePush()

parentPort?.on('message', (question: TextQuestion) => {
  void read(question).then((reading) => {
    parentPort?.postMessage({ id: question.id, reading } satisfies TextAnswer)
  })
})

async function read({ path, mostPages, mostChars }: TextQuestion): Promise<PdfTextReading> {
  try {
    const bytes = await readFile(path)
    const task = getDocument({
      data: new Uint8Array(bytes),
      verbosity: VerbosityLevel.ERRORS,
      isEvalSupported: false,
      enableXfa: false,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      useWasm: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      stopAtErrors: false
    })
    try {
      const document = await task.promise
      const pages: string[] = []
      let chars = 0
      while (pages.length < Math.min(document.numPages, mostPages) && chars < mostChars) {
        const text = await document
          .getPage(pages.length + 1)
          .then(async (page) => {
            const { text } = readLayout((await page.getTextContent()).items)
            page.cleanup()
            return text
          })
          .catch(() => '')
        pages.push(text)
        chars += text.length
        await breathe()
      }
      return { kind: 'text', pages, whole: pages.length === document.numPages }
    } finally {
      await task.destroy()
    }
  } catch (error) {
    return { kind: 'unreadable', because: error instanceof Error ? error.message : String(error) }
  }
}
