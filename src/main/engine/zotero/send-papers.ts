/**
 * Creates Zotero items with their file, each once, through the connector that every version has. The
 * connector detects no duplicates and cannot be queried for what it did, so each request has a session whose
 * id is recorded before it is sent: Zotero answers 409 when the session is known. Where the local API is on,
 * or a copy of the database can be read, Zotero is queried first. Unknown outcomes are not repeated but
 * reported.
 */
import { fail, SheafError, type ErrorCode } from '../../../contract/errors'
import { attachesFiles } from '../../../contract/zotero'
import { handedItemKeys, isHandedOver, type Handover } from '../../ledger/handovers'
import { LocalFailure, type LocalAnswer } from '../../net/local-client'
import { closed, contactZotero, saidBy, type ZoteroClient } from '../../net/zotero/zotero-client'
import { childrenOf, itemsFound, type ZoteroHolding } from '../../net/zotero/zotero-reading'
import { zoteroItemOf } from '../../works/works'
import { ApiWriter } from './api-writer'
import { attachFileTo } from './attach-papers'
import { saveAttachment, saveItem, selectedTarget, setCollection, type Target } from './connector'
import {
  bytesOf,
  HandoverLog,
  holdingsOf,
  namedBy,
  type Holdings,
  type ZoteroHow,
  type ZoteroOutcome,
  type ZoteroPaper,
  type ZoteroParts
} from './zotero-session'

interface Sending {
  readonly parts: ZoteroParts
  readonly client: ZoteroClient
  readonly log: HandoverLog
  readonly holdings: Holdings | null
  readonly target: Target
  readonly how: ZoteroHow
  readonly writer: ApiWriter
}

/** Throws ZOTERO_CLOSED, NOT_ZOTERO, ZOTERO_READ_ONLY, BAD_OPTION; failures of single papers are returned. */
export async function sendPapers(
  parts: ZoteroParts,
  request: { readonly origin: string; readonly papers: readonly ZoteroPaper[] },
  how: ZoteroHow
): Promise<void> {
  const client = await contactZotero(request.origin, parts.host.clock, how.signal)
  const holdings = await holdingsOf(client, parts, how)
  if (holdings === null) how.notice('blind')
  const sending: Sending = {
    parts,
    client,
    log: new HandoverLog(parts, client),
    holdings,
    target: await selectedTarget(client, how),
    how,
    writer: new ApiWriter(parts, client, how)
  }
  for (const paper of request.papers) {
    how.signal.throwIfAborted()
    how.tell(await sendOne(sending, paper))
  }
}

/** Size: a sequence of checks of what is known about one paper, each of which may be the last. */
async function sendOne(sending: Sending, paper: ZoteroPaper): Promise<ZoteroOutcome> {
  const { holdings, log, how } = sending
  const row = log.itemOf(paper)
  // An item that Sheaf created is recognised by its key even when the user corrects its DOI.
  const ours = row?.itemKey === undefined || row.itemKey === null ? null : holdings?.byKey.get(row.itemKey)
  const there = ours ?? holdings?.byName.find(paper.ids)?.value ?? null
  const isKnown = isHandedOver(row)
  const isOpen = row !== null && row.resultCode === null
  if (there !== null && !isKnown && !isOpen)
    return outcome(paper, 'existing', { itemKey: there.key, hasFile: there.hasFile })
  if (isKnown && row !== null && there === null && holdings !== null && !how.again) {
    if (await wasRemoved(sending, row, holdings))
      return outcome(paper, 'removed', { itemKey: row.itemKey, hasFile: null })
  }
  const isThere = there !== null || (isKnown && holdings === null)
  if (how.dryRun) return outcome(paper, isThere ? 'existing' : 'would_send', keyAndFile(there))
  if (row !== null && isThere) {
    if (isOpen) {
      await placeInCollection(sending, row)
      await log.end(row, 'ADOPTED')
    }
    if (there !== null && row.itemKey !== there.key) await log.note(row, { itemKey: there.key })
    return sendFile(sending, paper, { row, there, isNew: isOpen })
  }
  return createItem(sending, paper, isOpen ? row : null)
}

const keyAndFile = (
  there: ZoteroHolding | null
): { readonly itemKey: string | null; readonly hasFile: boolean | null } => ({
  itemKey: there?.key ?? null,
  hasFile: there?.hasFile ?? null
})

/**
 * The item was handed over and is missing. In the trash, it was removed. If it is gone for good, it was
 * removed when other items of ours exist; else this is another Zotero library.
 */
async function wasRemoved(sending: Sending, row: Handover, holdings: Holdings): Promise<boolean> {
  const { client, how, parts } = sending
  if (row.itemKey === null) return true
  if (client.about.api === 'on') {
    const answer = await client.read(`/api/users/0/items/${row.itemKey}`, how.signal)
    if (answer.status === 200) return true
  }
  return parts.ledger.read(handedItemKeys).some((key) => holdings.byKey.has(key))
}

/** `open`: the row of an earlier request with an unknown answer; repeated under its own session. */
async function createItem(
  sending: Sending,
  paper: ZoteroPaper,
  open: Handover | null
): Promise<ZoteroOutcome> {
  const { client, log, how, parts } = sending
  const sessionId = open?.sessionId ?? parts.host.random.hex(16)
  const row = open ?? (await log.begin(paper, { kind: 'ITEM', itemKey: null, sessionId }))
  const item = zoteroItemOf(paper, `${sessionId}-1`)
  let mayHaveArrived = open !== null
  for (let tries = 1; ; tries += 1) {
    let answer: LocalAnswer
    try {
      answer = await saveItem(client, { sessionId, item }, how.signal)
    } catch (error) {
      if (!(error instanceof LocalFailure)) throw error
      if (error.kind === 'refused') {
        if (!mayHaveArrived) await log.end(row, 'ZOTERO_CLOSED')
        closed(client.origin, error)
      }
      mayHaveArrived = true
      const found = await findItem(sending, paper)
      if (found !== null) return arrived(sending, paper, { row, code: 'ADOPTED', found })
      if (tries < TRIES) continue
      return unknown(paper, `Zotero gave no answer (${error.message}).`)
    }
    const { status } = answer
    if (status === 201 || status === 200 || status === 409) {
      const code = status === 409 ? 'ADOPTED' : 'SUCCESS'
      return arrived(sending, paper, { row, code, found: null })
    }
    if (isPassing(status) && tries < TRIES) {
      await client.pause(tries * PAUSE_MS, how.signal)
      continue
    }
    if (/libraryEditable"?\s*:\s*false/.test(answer.text)) {
      await log.end(row, 'ZOTERO_READ_ONLY')
      fail('ZOTERO_READ_ONLY')
    }
    // Zotero frees the session of an item that it could not save, but may have saved it all the same.
    const found = await findItem(sending, paper)
    if (found !== null) return arrived(sending, paper, { row, code: 'ADOPTED', found })
    if (isPassing(status) && mayHaveArrived) return unknown(paper, saidBy(answer))
    await log.end(row, 'ZOTERO_REFUSED')
    return failed(paper, 'ZOTERO_REFUSED', { because: saidBy(answer) })
  }
}

const TRIES = 3
const PAUSE_MS = 1_000
/** Not 500: Zotero may have saved the item before it failed. */
/** Not 500: the connector answers so when it could not save, and a repetition may save twice. */
const isPassing = (status: number): boolean => [429, 502, 503, 504].includes(status)

async function arrived(
  sending: Sending,
  paper: ZoteroPaper,
  how: { readonly row: Handover; readonly code: 'SUCCESS' | 'ADOPTED'; readonly found: ZoteroHolding | null }
): Promise<ZoteroOutcome> {
  const { log, holdings } = sending
  // Before the end is recorded: otherwise a crash would leave the item outside of the collection for good.
  await placeInCollection(sending, how.row)
  await log.end(how.row, how.code)
  const found = how.found ?? (await findItem(sending, paper))
  if (found !== null) {
    holdings?.byName.add(paper.ids, found)
    await log.note(how.row, { itemKey: found.key })
  }
  const row = log.named(how.row.opKey) ?? how.row
  return sendFile(sending, paper, { row, there: how.code === 'SUCCESS' ? null : found, isNew: true })
}

async function placeInCollection({ client, target, how }: Sending, row: Handover): Promise<void> {
  if (target.collection === null) return
  await setCollection(client, { sessionId: row.sessionId, id: target.collection }, how.signal)
}

/** The item of a paper as the local API has it now; null when it has none, or is off. */
async function findItem(sending: Sending, paper: ZoteroPaper): Promise<ZoteroHolding | null> {
  const { client, holdings, target, how } = sending
  if (client.about.api !== 'on') return null
  const groups = new Set((holdings?.all ?? []).map(({ library }) => library ?? 'users/0'))
  const libraries = target.isOwnLibrary ? ['users/0'] : ['users/0', ...groups]
  const text = paper.ids.doi ?? paper.facts.title ?? paper.ids.arxiv ?? paper.ids.url ?? ''
  for (let tries = 1; ; tries += 1) {
    for (const library of new Set(libraries)) {
      const found = namedBy(await itemsFound(client, { library, text }, how.signal)).find(paper.ids)
      if (found !== null) return found.value
    }
    if (tries === 3) return null
    await client.pause(tries * 200, how.signal)
  }
}

interface ItemThere {
  readonly row: Handover
  /** as Zotero has it; null: just created, or nothing is readable */
  readonly there: ZoteroHolding | null
  /** this call created it, or found that the last one did */
  readonly isNew: boolean
}

/** Size: one loop, in which each answer decides whether the file is sent again. */
async function sendFile(sending: Sending, paper: ZoteroPaper, item: ItemThere): Promise<ZoteroOutcome> {
  const { log, parts, client, how } = sending
  const itemKey = item.row.itemKey ?? item.there?.key ?? null
  const done = (isNew: boolean): ZoteroOutcome =>
    outcome(paper, isNew ? 'sent' : 'existing', { itemKey, hasFile: true })
  const before = log.fileOf(item.row)
  if (isHandedOver(before)) return done(item.isNew)
  const isOpen = before !== null && before.resultCode === null
  const has = await hasFile(sending, item)
  if (has === true) {
    const row = before ?? (await log.begin(paper, { kind: 'FILE', itemKey, sessionId: item.row.sessionId }))
    await log.end(row, 'ADOPTED')
    return done(item.isNew || isOpen)
  }
  if (has === null && isOpen)
    return unknown(paper, 'It is not known whether the file arrived with the item.', itemKey)
  const bytes = await bytesOf(parts, paper)
  if (bytes === null)
    return failed(paper, 'FILE_UNREADABLE', { itemKey, because: `${paper.file} is not as recorded.` })
  const row = await log.begin(paper, { kind: 'FILE', itemKey, sessionId: item.row.sessionId })
  for (let tries = 1; ; tries += 1) {
    let answer: LocalAnswer
    try {
      answer = await saveAttachment(client, { sessionId: row.sessionId, paper, bytes }, how.signal)
    } catch (error) {
      if (!(error instanceof LocalFailure)) throw error
      if (error.kind === 'refused') {
        if (tries === 1) await log.end(row, 'ZOTERO_CLOSED')
        closed(client.origin, error)
      }
      const isThere = await hasFile(sending, { ...item, row: { ...item.row, itemKey }, there: null })
      if (isThere === true) {
        await log.end(row, 'ADOPTED')
        return done(true)
      }
      if (isThere === false && tries < TRIES) continue
      return unknown(paper, `Zotero gave no answer for the file (${error.message}).`, itemKey)
    }
    if (answer.status === 201) {
      await log.end(row, 'SUCCESS')
      return done(true)
    }
    if (isPassing(answer.status) && tries < TRIES) {
      await client.pause(tries * PAUSE_MS, how.signal)
      continue
    }
    return fileRefused(sending, { paper, row, answer, itemKey, item })
  }
}

/** Null when unknown. A stored PDF counts even where the API gives no length. */
async function hasFile({ client, parts, holdings, how }: Sending, item: ItemThere): Promise<boolean | null> {
  const key = item.there?.key ?? item.row.itemKey
  if (client.about.api !== 'on') return item.there === null || holdings === null ? null : item.there.hasFile
  if (key === null) return null
  const library = item.there?.library ?? 'users/0'
  const children = await childrenOf(client, { library, key }, { files: parts.host.files, signal: how.signal })
  if (children === null) return null
  const isOld = !attachesFiles(client.about)
  return children.some((child) => child.isThere || (isOld && child.linkMode.startsWith('imported_')))
}

async function fileRefused(
  sending: Sending,
  refused: {
    readonly paper: ZoteroPaper
    readonly row: Handover
    readonly answer: LocalAnswer
    readonly itemKey: string | null
    readonly item: ItemThere
  }
): Promise<ZoteroOutcome> {
  const { log, client, writer } = sending
  const { paper, row, answer, itemKey, item } = refused
  const isSessionLost = answer.status === 400 && /SESSION/i.test(answer.text)
  // Where programs may write through the local API, a lost session does not matter.
  if (isSessionLost && itemKey !== null && client.about.api === 'on' && attachesFiles(client.about)) {
    const library = item.there?.library ?? 'users/0'
    const attached = await attachFileTo(
      { log, writer, client, parts: sending.parts, signal: sending.how.signal },
      paper,
      {
        library,
        key: itemKey
      }
    )
    await log.end(row, attached.action === 'failed' ? 'ZOTERO_SESSION_LOST' : 'ADOPTED')
    return attached
  }
  const code: ErrorCode = isSessionLost
    ? 'ZOTERO_SESSION_LOST'
    : answer.status === 200 || /not editable/i.test(answer.text)
      ? 'ZOTERO_READ_ONLY'
      : 'ZOTERO_REFUSED'
  await log.end(row, code)
  const because = isSessionLost
    ? `The item ${itemKey ?? paper.facts.title ?? paper.workId} has no file: Zotero was closed in between, and Zotero ${client.about.version ?? 'of this version'} takes a file only with its item. Drag ${paper.file} onto it.`
    : saidBy(answer)
  return failed(paper, code, { itemKey, because })
}

function outcome(
  paper: ZoteroPaper,
  action: ZoteroOutcome['action'],
  more: Omit<ZoteroOutcome, 'workId' | 'action'>
): ZoteroOutcome {
  return { workId: paper.workId, action, ...more }
}

export function failed(
  paper: ZoteroPaper,
  reason: ErrorCode,
  more: { readonly itemKey?: string | null; readonly because?: string } = {}
): ZoteroOutcome {
  return outcome(paper, 'failed', {
    itemKey: more.itemKey ?? null,
    hasFile: null,
    reason,
    because: more.because ?? new SheafError(reason).message
  })
}

function unknown(paper: ZoteroPaper, because: string, itemKey: string | null = null): ZoteroOutcome {
  return outcome(paper, 'unknown', { itemKey, hasFile: null, reason: 'ZOTERO_UNSURE', because })
}
