/**
 * Which file does a landing page name? Of the pages whose PDF is known: how often it is proposed first,
 * found at all, or another file stands first; of those without a file for the reader: how many propose
 * one. Recorded pages (tests/fixtures/recorded/landing) and invented ones of many platforms.
 *
 *   npm run bench -- landing [--misses]
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { findPdfLinks } from '../../src/main/sources/landing/find-pdf-links'
import { urlKey } from '../../src/main/sources/web-text'
import { PLATFORM_PAGES, type PlatformPage } from '../kit/platform-pages'

const RECORDED = join(import.meta.dirname, '../fixtures/recorded')
const indexSchema = z.array(
  z.object({
    id: z.string(),
    source: z.string(),
    file: z.string(),
    request_url: z.string().nullable(),
    expected: z.object({
      pdf_url: z.string().nullish(),
      must_not_extract_pdf: z.boolean().optional()
    })
  })
)

function recorded(): PlatformPage[] {
  const entries = JSON.parse(readFileSync(join(RECORDED, 'INDEX.json'), 'utf8')) as unknown
  const landing = z.array(z.looseObject({ source: z.string() })).parse(entries)
  return indexSchema
    .parse(landing.filter((entry) => entry.source === 'landing'))
    .filter(
      (entry) => typeof entry.expected.pdf_url === 'string' || entry.expected.must_not_extract_pdf === true
    )
    .map((entry) => ({
      name: entry.id,
      url: entry.request_url ?? 'http://unknown.invalid/page',
      html: readFileSync(join(RECORDED, entry.file), 'utf8'),
      right: entry.expected.pdf_url ?? null
    }))
}

function measure(label: string, pages: readonly PlatformPage[]): void {
  const known = pages.filter((page) => page.right !== null)
  const none = pages.filter((page) => page.right === null)
  const counts = { first: 0, found: 0, wrongFirst: 0, proposed: 0 }
  const misses: string[] = []
  const began = performance.now()
  for (const page of pages) {
    const found = findPdfLinks(page.html, { url: page.url })
      .links.filter((link) => link.format === 'pdf')
      .map((link) => link.url)
    const right = [page.right ?? [], page.also ?? []].flat().map(urlKey)
    const isFirst = found[0] !== undefined && right.includes(urlKey(found[0]))
    if (page.right === null) counts.proposed += found.length > 0 ? 1 : 0
    else {
      counts.first += isFirst ? 1 : 0
      counts.found += found.some((url) => right.includes(urlKey(url))) ? 1 : 0
      counts.wrongFirst += found.length > 0 && !isFirst ? 1 : 0
    }
    if (page.right === null ? found.length > 0 : !isFirst)
      misses.push(`  ${page.name}: wanted ${page.right ?? 'none'}, got ${found.join(' ') || 'none'}`)
  }
  const spent = performance.now() - began
  const share = known.length === 0 ? '–' : `${((100 * counts.first) / known.length).toFixed(1)} %`
  console.log(
    `${label.padEnd(16)} ${String(known.length).padStart(4)} with a PDF   first ${String(counts.first).padStart(4)} ${share}   found ${String(counts.found)}   another first ${String(counts.wrongFirst)}   |   ${String(none.length)} without   proposed ${String(counts.proposed)}   |   ${(spent / Math.max(1, pages.length)).toFixed(1)} ms a page`
  )
  if (process.argv.includes('--misses')) for (const miss of misses) console.log(miss)
}

measure('recorded pages', recorded())
measure('platforms', PLATFORM_PAGES)
