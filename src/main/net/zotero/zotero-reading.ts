/**
 * Reads a running Zotero through its local API: every item of the user's library and groups that is not in
 * the trash, with its collections and whether it has a file. Nothing is written.
 */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { fail } from '../../../contract/errors'
import { addTo } from '../../platform/add-to'
import type { Files } from '../../platform/files'
import type { LocalAnswer } from '../local-client'
import type { ZoteroClient } from './zotero-client'
import { itemsOf, jsonOrNull } from '../../../contract/unknown-values'

/** One item, from the API or from a copy of the database. */
export interface ZoteroHolding {
  readonly key: string
  /** `users/0` or `groups/5`: its library in the API; null when read from the database */
  readonly library: string | null
  readonly type: string
  /** fields by Zotero's own names */
  readonly fields: Readonly<Record<string, string>>
  /** `Family, Given`, in order */
  readonly authors: readonly string[]
  readonly collections: readonly string[]
  /** a stored or linked PDF or EPUB that is on disk */
  readonly hasFile: boolean
}

export interface ZoteroChild {
  readonly key: string
  readonly filename: string
  /** a stored or linked file, or a link to the web */
  readonly linkMode: string
  readonly contentType: string
  readonly isThere: boolean
}

const itemSchema = z.object({
  key: z.string(),
  links: z.looseObject({ enclosure: z.looseObject({ length: z.number() }).partial().optional() }).optional(),
  data: z.looseObject({
    itemType: z.string(),
    parentItem: z.union([z.string(), z.boolean()]).optional(),
    linkMode: z.string().optional(),
    contentType: z.string().optional(),
    filename: z.string().optional(),
    path: z.string().optional(),
    md5: z.string().nullish(),
    collections: z.array(z.string()).optional(),
    creators: z
      .array(
        z.object({
          name: z.string().optional(),
          firstName: z.string().optional(),
          lastName: z.string().optional()
        })
      )
      .optional(),
    deleted: z.union([z.boolean(), z.number()]).optional()
  })
})
type ApiItem = z.infer<typeof itemSchema>

const collectionSchema = z.object({
  key: z.string(),
  data: z.object({ name: z.string(), parentCollection: z.union([z.string(), z.boolean()]).optional() })
})
const groupSchema = z.object({ id: z.number() })

/** A malformed item is left out; an answer that is no list is BAD_ANSWER. */
function listOf<T>(answer: LocalAnswer, schema: z.ZodType<T>, what: string): readonly T[] {
  const read = jsonOrNull(answer.text)
  if (answer.status !== 200 || !Array.isArray(read))
    fail('BAD_ANSWER', `Zotero answered ${String(answer.status)} when asked for ${what}.`)
  return itemsOf(read).flatMap((one) => {
    const parsed = schema.safeParse(one)
    return parsed.success ? [parsed.data] : []
  })
}

export async function readHoldings(
  client: ZoteroClient,
  files: Files,
  signal: AbortSignal
): Promise<readonly ZoteroHolding[]> {
  const groups = await client.read('/api/users/0/groups', signal)
  const ids = groups.status === 200 ? listOf(groups, groupSchema, 'its groups').map(({ id }) => id) : []
  const holdings: ZoteroHolding[] = []
  for (const library of ['users/0', ...ids.map((id) => `groups/${String(id)}`)])
    holdings.push(...(await holdingsOf(client, { library, files, signal })))
  return holdings
}

interface Where {
  readonly library: string
  readonly files: Files
  readonly signal: AbortSignal
}

async function holdingsOf(client: ZoteroClient, where: Where): Promise<readonly ZoteroHolding[]> {
  const { library, signal } = where
  const items = await allItems(client, library, signal)
  const collections = await collectionNames(client, library, signal)
  const children = new Map<string, ApiItem[]>()
  for (const item of items) {
    const parent = item.data.parentItem
    if (typeof parent === 'string') addTo(children, parent, item)
  }
  const holdings: ZoteroHolding[] = []
  for (const item of items) {
    if (NO_WORKS.has(item.data.itemType) || typeof item.data.parentItem === 'string') continue
    let hasFile = false
    for (const child of children.get(item.key) ?? [])
      hasFile ||= (await childOf(client, child, where))?.isThere === true
    holdings.push(holdingOf(item, { library, collections, hasFile }))
  }
  return holdings
}

const NO_WORKS = new Set(['attachment', 'note', 'annotation'])

function holdingOf(
  { key, data }: ApiItem,
  more: {
    readonly library: string
    readonly collections: ReadonlyMap<string, readonly string[]>
    readonly hasFile: boolean
  }
): ZoteroHolding {
  return {
    key,
    library: more.library,
    type: data.itemType,
    fields: Object.fromEntries(
      Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    ),
    authors: (data.creators ?? []).map(
      ({ name, firstName, lastName }) =>
        name ??
        (firstName === undefined || firstName === '' ? (lastName ?? '') : `${lastName ?? ''}, ${firstName}`)
    ),
    collections: (data.collections ?? []).flatMap((one) => more.collections.get(one) ?? []),
    hasFile: more.hasFile
  }
}

const PAGE = 1_000

/** Page by page; a server without paging returns everything at once. */
async function allItems(
  client: ZoteroClient,
  library: string,
  signal: AbortSignal
): Promise<readonly ApiItem[]> {
  const items = new Map<string, ApiItem>()
  for (let start = 0; ; start += PAGE) {
    const path = `/api/${library}/items?sort=dateAdded&direction=asc&start=${String(start)}&limit=${String(PAGE)}`
    const page = listOf(await client.read(path, signal), itemSchema, 'its items')
    const before = items.size
    for (const item of page) if (!isDeleted(item)) items.set(item.key, item)
    if (page.length !== PAGE || items.size === before) return [...items.values()]
  }
}

const isDeleted = ({ data }: ApiItem): boolean => data.deleted === true || data.deleted === 1

/** By key: the names of a collection and of its parents. */
async function collectionNames(
  client: ZoteroClient,
  library: string,
  signal: AbortSignal
): Promise<ReadonlyMap<string, readonly string[]>> {
  const answer = await client.read(`/api/${library}/collections`, signal)
  const all = answer.status === 200 ? listOf(answer, collectionSchema, 'its collections') : []
  const byKey = new Map(all.map((one) => [one.key, one.data]))
  return new Map(
    all.map(({ key }) => {
      const names: string[] = []
      const seen = new Set<string>()
      let at: unknown = key
      while (typeof at === 'string' && !seen.has(at)) {
        seen.add(at)
        const here = byKey.get(at)
        if (here !== undefined) names.push(here.name)
        at = here?.parentCollection
      }
      return [key, names] as const
    })
  )
}

/** Content types of attachments that are papers. */
export const PAPER_TYPE = /^application\/(?:pdf|epub\+zip)$/

/** Null: not a paper, or only a link. */
async function childOf(
  client: ZoteroClient,
  { key, data, links }: ApiItem,
  { library, files, signal }: Where
): Promise<ZoteroChild | null> {
  const { linkMode = '', contentType = '' } = data
  if (data.itemType !== 'attachment' || !PAPER_TYPE.test(contentType)) return null
  const child = { key, linkMode, contentType, filename: data.filename ?? '' }
  if (linkMode === 'imported_file' || linkMode === 'imported_url') {
    const isThere =
      links?.enclosure?.length !== undefined || (typeof data.md5 === 'string' && data.md5 !== '')
    return { ...child, isThere }
  }
  if (linkMode !== 'linked_file') return null
  const path = await linkedPath(client, `/api/${library}/items/${key}/file/view/url`, signal)
  return { ...child, isThere: path !== null && (await files.stat(path))?.isFile === true }
}

async function linkedPath(client: ZoteroClient, path: string, signal: AbortSignal): Promise<string | null> {
  const answer = await client.read(path, signal)
  try {
    return answer.status === 200 ? fileURLToPath(answer.text.trim()) : null
  } catch {
    return null
  }
}

/** The attachments of one item that are papers; null when the item does not exist or is in the trash. */
export async function childrenOf(
  client: ZoteroClient,
  item: { readonly library: string; readonly key: string },
  how: { readonly files: Files; readonly signal: AbortSignal }
): Promise<readonly ZoteroChild[] | null> {
  const answer = await client.read(`/api/${item.library}/items/${item.key}/children`, how.signal)
  if (answer.status === 404) return null
  const found: ZoteroChild[] = []
  for (const one of listOf(answer, itemSchema, 'the attachments of an item')) {
    const child = isDeleted(one) ? null : await childOf(client, one, { library: item.library, ...how })
    if (child !== null) found.push(child)
  }
  return found
}

/** Items that match a text (in every field), and the most recently added ones. */
export async function itemsFound(
  client: ZoteroClient,
  ask: { readonly library: string; readonly text: string },
  signal: AbortSignal
): Promise<readonly ZoteroHolding[]> {
  const { library, text } = ask
  const paths = [
    `/api/${library}/items?q=${encodeURIComponent(text)}&qmode=everything&itemType=-attachment`,
    `/api/${library}/items/top?sort=dateAdded&direction=desc&limit=25`
  ]
  const found: ZoteroHolding[] = []
  for (const path of paths) {
    const answer = await client.read(path, signal)
    if (answer.status !== 200) continue
    for (const item of listOf(answer, itemSchema, 'its items'))
      if (!NO_WORKS.has(item.data.itemType) && !isDeleted(item))
        found.push(holdingOf(item, { library, collections: new Map(), hasFile: false }))
  }
  return found
}
