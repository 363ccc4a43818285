/** The tab that is sent: read, and its PDF fetched, by functions of `page.js` that run in it. */
import { browserApi } from './browser.js'
import { fetchPdf, readPage, readPiece } from './page.js'

/** As large as Sheaf takes by default. */
const MOST_BYTES = 500_000_000
const PIECE_BYTES = 4_194_304

/** The tab in front, or the one that a context menu was opened in. Null: there is none. */
export async function tabOf(given) {
  if (given !== null) return browserApi.tabs.get(Number(given)).catch(() => null)
  const [tab] = await browserApi.tabs.query({ active: true, currentWindow: true })
  return tab ?? null
}

/** Null: the browser lets no extension read this page. */
export async function readTab(tab) {
  const read = await run(tab.id, readPage, [])
  if (read !== null) return read
  // A browser's own viewer of PDFs may take no script; the tab's address is known all the same.
  if (!/^https?:/.test(tab.url ?? '')) return null
  const isPdf = /\.pdf(?:$|[?#])/i.test(tab.url) || /\/pdf\//i.test(tab.url)
  const url = tab.url.split('#')[0]
  return { url, isPdf, identifiers: [], doi: null, title: '', pdfUrl: isPdf ? url : null, links: [] }
}

/** The bytes of the PDF, with the user's own session; `trouble` when the site gave none. */
export async function pdfOf(tab, url) {
  const fetched = (await run(tab.id, fetchPdf, [url, MOST_BYTES])) ?? (await fetchHere(url))
  if (fetched.trouble !== undefined || fetched.blob !== undefined) return fetched
  const pieces = []
  for (let from = 0; from < fetched.bytes; from += PIECE_BYTES) {
    const piece = await run(tab.id, readPiece, [from, from + PIECE_BYTES])
    if (piece === null) return { trouble: 'failed' }
    pieces.push(Uint8Array.from(atob(piece), (letter) => letter.charCodeAt(0)))
  }
  return { blob: new Blob(pieces, { type: 'application/pdf' }) }
}

/** Where no script may run in the tab: the press of the button lets the extension ask its site itself. */
async function fetchHere(url) {
  const fetched = await fetchPdf(url, MOST_BYTES)
  const blob = globalThis.sheafPdf
  delete globalThis.sheafPdf
  return fetched.trouble === undefined && blob !== undefined
    ? { blob }
    : { trouble: fetched.trouble ?? 'failed' }
}

async function run(tabId, func, args) {
  try {
    const [first] = await browserApi.scripting.executeScript({ target: { tabId }, func, args })
    return first?.result ?? null
  } catch {
    return null
  }
}
