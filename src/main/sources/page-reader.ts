/**
 * Parses landing pages in a child process, which may die: for a page that takes too much time or memory, the
 * process ends and the answer is the reason. The result is validated and limited in size.
 */
import { z } from 'zod'
import { ERROR_CODES } from '../../contract/errors'
import { MOST_AUTHORS, MOST_CHARS, cutTo } from '../../contract/limits'
import { ARTICLE_VERSIONS, FORMATS } from '../../contract/words'
import { makeChildPool } from '../platform/child-pool'
import type { Host } from '../platform/host'
import { PAGE_KINDS, type PageAddress, type PageFinding } from './landing/page'
import modulePath from './page-child?child'

export type ReadPage =
  | { readonly kind: 'read'; readonly finding: PageFinding }
  /** one clause: why it could not be read */
  | { readonly kind: 'unread'; readonly because: string }

export interface PageReader {
  /** Rejects only with the signal's reason. */
  read(text: string, address: PageAddress, signal: AbortSignal): Promise<ReadPage>
  close(): void
}

const LEAST_MEMORY = { processes: 1, cpuMs: 5_000, wallMs: 20_000 }

const text = (kind: Parameters<typeof cutTo>[1]) => z.string().transform((whole) => cutTo(whole, kind))

const findingSchema = z.object({
  pageKind: z.enum(PAGE_KINDS),
  blocker: z.enum(ERROR_CODES).nullable(),
  links: z
    .array(
      z.object({
        url: z.string(),
        format: z.enum(FORMATS),
        rank: z.number(),
        evidence: text('reason'),
        version: z.enum(ARTICLE_VERSIONS).optional()
      })
    )
    .transform((links) => links.filter((link) => link.url.length <= MOST_CHARS.url)),
  doi: z.string().max(MOST_CHARS.identifier).optional().catch(undefined),
  title: text('title').optional(),
  authors: z
    .array(text('author'))
    .transform((names) => names.slice(0, MOST_AUTHORS))
    .optional(),
  year: z.number().optional(),
  venue: text('venue').optional(),
  refresh: z.string().max(MOST_CHARS.url).optional().catch(undefined)
})

export function parseFinding(value: unknown): PageFinding {
  const { pageKind, blocker, links, doi, title, authors, year, venue, refresh } = findingSchema.parse(value)
  return {
    pageKind,
    blocker,
    links: links.map(({ version, ...link }) => ({ ...link, ...(version === undefined ? {} : { version }) })),
    ...(doi === undefined ? {} : { doi }),
    ...(title === undefined ? {} : { title }),
    ...(authors === undefined ? {} : { authors }),
    ...(year === undefined ? {} : { year }),
    ...(venue === undefined ? {} : { venue }),
    ...(refresh === undefined ? {} : { refresh })
  }
}

export function makePageReader(host: Pick<Host, 'clock' | 'log' | 'startChild'>): PageReader {
  const pool = makeChildPool(host, modulePath, LEAST_MEMORY)
  return {
    async read(text, address, signal) {
      const asked = await pool.ask('page', { text, address }, signal)
      if (asked.kind === 'answer') return { kind: 'read', finding: parseFinding(asked.value) }
      host.log.warn('A page could not be read', { url: address.url, because: asked.because })
      return { kind: 'unread', because: asked.because }
    },
    close: () => {
      pool.close()
    }
  }
}
