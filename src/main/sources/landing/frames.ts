/**
 * Pages that are only a frame around their file: viewers, iframes, embeds, objects, flip-books, and scripts
 * or refreshes that open it at once. The content of the frame is the file, whatever its address looks like; a
 * long page with many links is not such a page. Pure.
 */
import { looksLikeFile } from '../../platform/file-address'
import { decodeEntities, webUrl } from '../web-text'
import type { ParsedPage } from './page'
import { isRefused } from './refused'

/** A longer page is searched for links, not for frames. */
const LONGEST_PAGE = 60_000
const FRAMES =
  'iframe, embed, object, frame, [data-pdf], [data-pdf-url], [data-pdf-src], [data-file], [data-src$=".pdf"], [source$=".pdf"], [data-viewer-url]'
const ATTRIBUTES = [
  'src',
  'data',
  'data-src',
  'data-pdf',
  'data-pdf-url',
  'data-pdf-src',
  'data-file',
  'data-viewer-url',
  'source'
]

export function filesInFrames(page: ParsedPage): readonly string[] {
  if (page.html.length > LONGEST_PAGE) return []
  const { $ } = page
  const framed = $(FRAMES)
    .toArray()
    .slice(0, 40)
    .flatMap((element) => {
      const isPdf = /^application\/(?:x-)?pdf/i.test(element.attribs['type'] ?? '')
      return ATTRIBUTES.flatMap((name) => {
        const value = element.attribs[name]
        if (value === undefined || value.trim() === '') return []
        const file = fileIn(value, page)
        return file === null || !(isPdf || file.carried || looksLikeFile(file.url)) ? [] : [file.url]
      })
    })
  const files = [...new Set([...framed, ...openedByScript(page)])].filter((url) => !isRefused('', url, ''))
  return files.length <= 2 ? files : []
}

/** A viewer has the address of its file in its own: `viewer.html?file=…`, `docs.google.com/viewer?url=…`. */
function fileIn(value: string, page: ParsedPage): { readonly url: string; readonly carried: boolean } | null {
  const plain = webUrl(decodeEntities(value), page.base)
  if (plain === null) return null
  const carried = new URL(plain).searchParams
  for (const name of ['file', 'url', 'pdf', 'src', 'pdfurl', 'doc', 'document']) {
    const inside = carried.get(name)
    if (inside === null || !/viewer|embed|pdfjs|reader|flip|gview|docs\.google|officeapps/i.test(plain))
      continue
    const url = webUrl(inside, page.base)
    if (url !== null) return { url, carried: true }
  }
  return { url: plain, carried: false }
}

const LOCATION =
  /\b(?:(?:window|document|self|top|parent)\s?\.\s?)?location(?:\s?\.\s?(?:href|assign|replace))?\s?(?:=|\()\s?(["'])([^"'\s<>]{1,600})\1/g

/** `location.href = "/files/12.pdf"` in a page without other content. */
function openedByScript(page: ParsedPage): readonly string[] {
  const { $ } = page
  const scripts = $('script:not([src])')
    .toArray()
    .map((element) => $(element).text())
    .join('\n')
    .slice(0, LONGEST_PAGE)
  return [...scripts.matchAll(LOCATION)].flatMap((found) => {
    const url = webUrl((found[2] ?? '').replaceAll('\\/', '/'), page.base)
    return url !== null && looksLikeFile(url) ? [url] : []
  })
}
