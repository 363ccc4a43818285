/** The process in which this module parses web pages. */
import { serveJobs } from '../platform/child-side'
import type { PageAddress } from './landing/page'

serveJobs(
  {
    page: async ({ text, address }: { readonly text: string; readonly address: PageAddress }) =>
      (await import('./landing/find-pdf-links')).findPdfLinks(text, address)
  },
  import.meta.url
)
