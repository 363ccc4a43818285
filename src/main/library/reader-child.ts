/** The process in which this module reads external files: PDFs, pages, articles. */
import { serveJobs } from '../platform/child-side'
import type { ExpectedHead } from './judge-head'
import type { ArticleQuestion } from './judge-text'
import type { PdfQuestion } from './pdf-facts'
import type { TextQuestion } from './text-messages'

serveJobs(
  {
    // Each library is loaded with the first question that needs it: the thread that monitors limits needs
    // none.
    prepare: async () => {
      await (await import('./pdfium')).loadPdfium()
    },
    quickPdf: async (question: PdfQuestion) => (await import('./quick-read')).readQuickly(question),
    pdf: async (question: PdfQuestion) => (await import('./read-pdf')).readPdf(question),
    quickText: async (question: TextQuestion, step) =>
      (await import('./quick-text')).readTextQuickly(question, step),
    text: async (question: TextQuestion, step) => (await import('./read-text')).readText(question, step),
    head: async (question: { readonly head: Uint8Array; readonly expected: ExpectedHead }) =>
      (await import('./judge-head')).judgeHead(question.head, question.expected),
    article: async (question: ArticleQuestion) => (await import('./judge-text')).judgeArticle(question)
  },
  import.meta.url
)
