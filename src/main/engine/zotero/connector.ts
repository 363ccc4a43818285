/**
 * Zotero's connector API, which browsers use to save pages: items and files are saved in a session. On by
 * default in every version. Source: server_connector.js and saveSession.js of Zotero 7.0.32 to 10.0.1.
 */
import { z } from 'zod'
import { fail } from '../../../contract/errors'
import { jsonOrNull } from '../../../contract/unknown-values'
import { LocalFailure, type LocalAnswer } from '../../net/local-client'
import { closed, UPLOAD_TIMEOUT_MS, type ZoteroClient } from '../../net/zotero/zotero-client'
import { locatorOf, type ZoteroItemData } from '../../works/works'
import type { ZoteroPaper } from './zotero-session'

const JSON_HEADERS = { 'Content-Type': 'application/json', 'X-Zotero-Connector-API-Version': '3' }

/** 201 created; 409 the session is known; 500 not saved, and the session id may be reused. */
export function saveItem(
  client: ZoteroClient,
  what: { readonly sessionId: string; readonly item: ZoteroItemData },
  signal: AbortSignal
): Promise<LocalAnswer> {
  const body = JSON.stringify({
    sessionID: what.sessionId,
    uri: what.item['url'] ?? '',
    items: [what.item]
  })
  return client.send({ path: '/connector/saveItems', headers: JSON_HEADERS, body }, signal)
}

/**
 * 201 saved; 200 with a sentence is a refusal; 400 names what is missing. A repetition creates a second file.
 */
export function saveAttachment(
  client: ZoteroClient,
  what: { readonly sessionId: string; readonly paper: ZoteroPaper; readonly bytes: Uint8Array },
  signal: AbortSignal
): Promise<LocalAnswer> {
  const { sessionId, paper, bytes } = what
  const metadata = {
    sessionID: sessionId,
    parentItemID: `${sessionId}-1`,
    title: 'Full Text PDF',
    // Zotero refuses an empty address.
    url: paper.url ?? locatorOf(paper.ids)
  }
  return client.send(
    {
      path: `/connector/saveAttachment?sessionID=${sessionId}`,
      headers: { 'Content-Type': 'application/pdf', 'X-Metadata': ascii(JSON.stringify(metadata)) },
      body: bytes,
      timeoutMs: UPLOAD_TIMEOUT_MS
    },
    signal
  )
}

/** Before 7.0.22, headers are read as Latin-1: other characters are escaped. */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

export interface Target {
  /** `C12`: the requested collection; null: what is selected in Zotero */
  readonly collection: string | null
  /** items go to My Library, as far as is known */
  readonly isOwnLibrary: boolean
}

const selectedSchema = z.looseObject({
  libraryID: z.number().optional(),
  libraryName: z.string().optional(),
  libraryEditable: z.boolean().optional(),
  filesEditable: z.boolean().optional(),
  targets: z
    .array(z.looseObject({ id: z.string(), name: z.string() }))
    .optional()
    .catch(undefined)
})

/**
 * The target of new items. ZOTERO_READ_ONLY when it takes none; BAD_OPTION when there is no such collection.
 */
export async function selectedTarget(
  client: ZoteroClient,
  ask: { readonly collection: string | null; readonly signal: AbortSignal }
): Promise<Target> {
  const { collection } = ask
  const selected = await selection(client, ask.signal)
  if (collection === null) {
    if (selected?.libraryEditable === false || selected?.filesEditable === false) {
      fail(
        'ZOTERO_READ_ONLY',
        `“${selected.libraryName ?? 'The library'}” is selected in Zotero, and you may not add ${selected.libraryEditable === false ? 'items' : 'files'} to it.`
      )
    }
    return { collection: null, isOwnLibrary: selected?.libraryID === undefined || selected.libraryID === 1 }
  }
  const targets = (selected?.targets ?? []).filter(({ id }) => id.startsWith('C'))
  const named = targets.filter(({ name }) => name === collection)
  const [first] = named
  if (first === undefined) {
    const names = targets.slice(0, 10).map(({ name }) => `“${name}”`)
    return fail(
      'BAD_OPTION',
      `--collection cannot be “${collection}”: Zotero has no collection of that name${names.length === 0 ? '' : `; it has ${names.join(', ')}`}.`
    )
  }
  if (named.length > 1)
    fail('BAD_OPTION', `--collection cannot be “${collection}”: Zotero has several collections of that name.`)
  return { collection: first.id, isOwnLibrary: false }
}

async function selection(
  client: ZoteroClient,
  signal: AbortSignal
): Promise<z.infer<typeof selectedSchema> | null> {
  try {
    const answer = await client.send(
      { path: '/connector/getSelectedCollection', headers: JSON_HEADERS, body: '{}', timeoutMs: 15_000 },
      signal
    )
    if (answer.status !== 200) return null
    const read = selectedSchema.safeParse(jsonOrNull(answer.text))
    return read.success ? read.data : null
  } catch (error) {
    if (error instanceof LocalFailure && error.kind === 'refused') closed(client.origin, error)
    signal.throwIfAborted()
    return null
  }
}

/** Moves a session's items into a collection. When Zotero refuses, they stay where they are. */
export async function setCollection(
  client: ZoteroClient,
  what: { readonly sessionId: string; readonly id: string },
  signal: AbortSignal
): Promise<boolean> {
  try {
    const body = JSON.stringify({ sessionID: what.sessionId, target: what.id })
    const answer = await client.send(
      { path: '/connector/updateSession', headers: JSON_HEADERS, body },
      signal
    )
    return answer.status === 200
  } catch (error) {
    if (error instanceof LocalFailure) return false
    throw error
  }
}
