/**
 * Adds the file to existing Zotero items, each once. That takes up to four requests to the local API of
 * Zotero 10. After a lost answer, and before any request is repeated, Zotero is queried for which of them it
 * carried out. Source: server_localAPI.js of Zotero 10.0.1.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { fail, isSheafError } from '../../../contract/errors'
import { attachesFiles } from '../../../contract/zotero'
import { LocalFailure, type LocalAnswer } from '../../net/local-client'
import {
  closed,
  contactZotero,
  saidBy,
  UPLOAD_TIMEOUT_MS,
  type ZoteroClient
} from '../../net/zotero/zotero-client'
import { isRetryableStatus } from '../../net/statuses'
import { childrenOf, type ZoteroChild } from '../../net/zotero/zotero-reading'
import type { Handover } from '../../ledger/handovers'
import { SeenWorks } from '../../works/works'
import { ApiWriter } from './api-writer'
import {
  bytesOf,
  HandoverLog,
  holdingsOf,
  idsOf,
  type ZoteroHow,
  type ZoteroOutcome,
  type ZoteroPaper,
  type ZoteroParts
} from './zotero-session'
import { inCollection } from './zotero-library'
import { jsonOrNull } from '../../../contract/unknown-values'

interface Attaching {
  readonly log: HandoverLog
  readonly writer: ApiWriter
  readonly client: ZoteroClient
  readonly parts: ZoteroParts
  readonly signal: AbortSignal
}

interface ItemAt {
  readonly library: string
  readonly key: string
}

/** Throws ZOTERO_CLOSED, NOT_ZOTERO, ZOTERO_API_OFF, ZOTERO_CANNOT, ZOTERO_DENIED, BAD_OPTION. */
export async function attachPapers(
  parts: ZoteroParts,
  request: { readonly origin: string; readonly papers: readonly ZoteroPaper[] },
  how: ZoteroHow
): Promise<void> {
  const client = await contactZotero(request.origin, parts.host.clock, how.signal)
  if (!attachesFiles(client.about)) {
    fail(
      'ZOTERO_CANNOT',
      `Zotero ${client.about.version ?? 'of this version'} gives programs no way to add a file to an item that exists; Zotero 10 does.`
    )
  }
  if (client.about.api === 'off') fail('ZOTERO_API_OFF')
  const holdings = await holdingsOf(client, parts, how)
  const items = inCollection(holdings?.all ?? [], how.collection)
  const byName = new SeenWorks<ZoteroPaper>()
  for (const paper of request.papers) byName.add(paper.ids, paper)
  const attaching: Attaching = {
    parts,
    client,
    log: new HandoverLog(parts, client),
    writer: new ApiWriter(parts, client, how),
    signal: how.signal
  }
  for (const item of items) {
    how.signal.throwIfAborted()
    const ids = idsOf(item)
    const paper = ids === null ? undefined : byName.find(ids)?.value
    if (paper === undefined) continue
    const { workId } = paper
    if (item.hasFile) how.tell({ workId, itemKey: item.key, action: 'existing', hasFile: true })
    else if (how.dryRun) how.tell({ workId, itemKey: item.key, action: 'would_attach', hasFile: false })
    else how.tell(await attachFileTo(attaching, paper, { library: item.library ?? 'users/0', key: item.key }))
  }
}

const TRIES = 3

/** Adds the file of a paper to a Zotero item, once: an existing file is found by a query. */
export async function attachFileTo(
  attaching: Attaching,
  paper: ZoteroPaper,
  item: ItemAt
): Promise<ZoteroOutcome> {
  const { log, parts, client, signal } = attaching
  const about = `${item.library}/${item.key}`
  const outcome = (more: Partial<ZoteroOutcome>): ZoteroOutcome => ({
    workId: paper.workId,
    itemKey: item.key,
    action: 'failed',
    hasFile: null,
    ...more
  })
  const bytes = await bytesOf(parts, paper)
  if (bytes === null)
    return outcome({ reason: 'FILE_UNREADABLE', because: `${paper.file} is not as it was recorded.` })
  const before = log.named(log.opKey(paper, 'FILE', about))
  const isOpen = before !== null && before.resultCode === null
  const row = isOpen
    ? before
    : await log.begin(paper, {
        kind: 'FILE',
        itemKey: item.key,
        sessionId: parts.host.random.hex(16),
        about
      })
  let because = ''
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      const end = await give(attaching, paper, { item, row: log.named(row.opKey) ?? row, bytes })
      await log.end(row, end === 'there' ? 'ADOPTED' : 'SUCCESS')
      const isOurs = end === 'given' || isOpen || tries > 1
      return outcome({ action: isOurs ? 'attached' : 'existing', hasFile: true })
    } catch (error) {
      if (error instanceof LocalFailure) {
        if (error.kind === 'refused') closed(client.origin, error)
        because = `Zotero gave no answer (${error.message}).`
      } else if (isSheafError(error, 'ZOTERO_REFUSED')) {
        because = error.message
        if (!isRetryableStatus(Number(error.facts['status']))) {
          await log.end(row, 'ZOTERO_REFUSED')
          break
        }
      } else throw error
    }
    if (tries < TRIES) await client.pause(tries * 1_000, signal)
  }
  // A row without an answer stays open: the next call queries what happened.
  return outcome({ reason: 'ZOTERO_REFUSED', because })
}

interface Giving {
  readonly item: ItemAt
  readonly row: Handover
  readonly bytes: Uint8Array
}

async function give(attaching: Attaching, paper: ZoteroPaper, giving: Giving): Promise<'there' | 'given'> {
  const { client, parts, signal } = attaching
  const { item, row } = giving
  const children = await childrenOf(client, item, { files: parts.host.files, signal })
  if (children === null) return fail('ZOTERO_REFUSED', `Zotero has no item ${item.key} any more.`)
  if (children.some((child) => child.isThere)) return 'there'
  const half = children.find((child) => isOurs(child, paper, row))
  const key = half?.key ?? (await createAttachment(attaching, paper, giving))
  if (row.fileKey !== key) await attaching.log.note(row, { fileKey: key })
  await upload(attaching, paper, { ...giving, key })
  return 'given'
}

/** An attachment without a file, created by an earlier attempt. */
const isOurs = (child: ZoteroChild, paper: ZoteroPaper, row: Handover): boolean =>
  child.linkMode === 'imported_file' && (child.key === row.fileKey || child.filename === paper.filename)

const createdSchema = z.looseObject({
  success: z.record(z.string(), z.string()).optional(),
  successful: z.record(z.string(), z.looseObject({ key: z.string() })).optional(),
  failed: z.record(z.string(), z.looseObject({ message: z.string().optional() })).optional()
})

async function createAttachment(
  { writer, client, parts, signal }: Attaching,
  paper: ZoteroPaper,
  { item, row }: Giving
): Promise<string> {
  const answer = await writer.write({
    path: `/api/${item.library}/items`,
    type: 'application/json',
    // Zotero refuses a known token: a repeated request creates no second attachment.
    headers: { 'Zotero-Write-Token': row.sessionId },
    // The order of the keys matters: Zotero refuses `filename` before `linkMode`.
    body: JSON.stringify([
      {
        itemType: 'attachment',
        linkMode: 'imported_file',
        parentItem: item.key,
        title: 'Full Text PDF',
        contentType: 'application/pdf',
        filename: paper.filename
      }
    ])
  })
  if (answer.status === 412) {
    const children = await childrenOf(client, item, { files: parts.host.files, signal })
    const made = children?.find((child) => isOurs(child, paper, row))
    if (made !== undefined) return made.key
  }
  const read = answer.status === 200 ? createdSchema.safeParse(jsonOrNull(answer.text)) : null
  const created = read?.success === true ? read.data : {}
  const key = created.success?.['0'] ?? created.successful?.['0']?.key
  return key ?? refused(answer, created.failed?.['0']?.message)
}

const uploadSchema = z.looseObject({
  exists: z.union([z.literal(1), z.literal(true)]).optional(),
  url: z.string().optional(),
  uploadKey: z.string().optional()
})

async function upload(
  { writer, client, parts, signal }: Attaching,
  paper: ZoteroPaper,
  { item, bytes, key }: Giving & { readonly key: string }
): Promise<void> {
  const path = `/api/${item.library}/items/${key}/file`
  const form = 'application/x-www-form-urlencoded'
  const headers = { 'If-None-Match': '*' }
  const asked = await writer.write({
    path,
    type: form,
    headers,
    body: formOf({
      md5: createHash('md5').update(bytes).digest('hex'),
      filename: paper.filename,
      filesize: String(bytes.length),
      mtime: String(Math.round(parts.host.clock.now() * 1_000))
    })
  })
  // It has a file already, from an earlier attempt.
  if (asked.status === 412) return
  const read = asked.status === 200 ? uploadSchema.safeParse(jsonOrNull(asked.text)) : null
  if (read?.success !== true) return refused(asked)
  const { exists, url, uploadKey } = read.data
  if (exists !== undefined) return
  if (url === undefined || uploadKey === undefined) return refused(asked)
  const sent = await client.send(
    {
      path: pathOn(client.origin, url),
      headers: { 'Content-Type': 'application/pdf' },
      body: bytes,
      timeoutMs: UPLOAD_TIMEOUT_MS
    },
    signal
  )
  if (sent.status !== 201 && sent.status !== 200 && sent.status !== 204) return refused(sent)
  const registered = await writer.write({ path, type: form, headers, body: formOf({ upload: uploadKey }) })
  if (registered.status !== 204 && registered.status !== 200 && registered.status !== 412) refused(registered)
}

/** Zotero does not read `+` as a space. */
const formOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

/** The file is uploaded to Zotero itself, whatever host the answer names. */
function pathOn(origin: string, url: string): string {
  if (!URL.canParse(url, origin)) return fail('ZOTERO_REFUSED', 'Zotero named no address for the file.')
  const { pathname, search } = new URL(url, origin)
  return `${pathname}${search}`
}

function refused(answer: LocalAnswer, because?: string): never {
  return fail('ZOTERO_REFUSED', saidBy(answer, because), { facts: { status: answer.status } })
}
