/**
 * A running Zotero on loopback: the connector of every version, the local API for reading (off by default),
 * and for version 10 its writing with confirmations, one-time keys, write tokens and uploads. Written from
 * Zotero's source (server.js, server_connector.js, saveSession.js, server_localAPI.js of 7.0.32, 9.0.6 and
 * 10.0.1), including its weak points: no check for duplicates, sessions that end with the process, answers
 * without a length. Answers can be lost, late, or refusals, at any request.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface PlayedItem {
  readonly key: string
  readonly data: Record<string, unknown>
  bytes: Buffer | null
  deleted: boolean
}

/** What happens once, at the next request whose path begins with this. */
export interface Mishap {
  readonly path: string
  /** whether the request is carried out before that */
  readonly isDone: boolean
  /** closes the connection without an answer, answers with this status, or answers late */
  readonly then: 'lost' | number | { readonly lateMs: number }
  /** called before the answer (or its loss) */
  readonly meanwhile?: () => void
}

export interface ZoteroLoopback {
  readonly origin: string
  readonly items: Map<string, PlayedItem>
  readonly requests: string[]
  readonly mishaps: Mishap[]
  api: boolean
  version: string
  selected: { libraryID: number; libraryName: string; libraryEditable: boolean; filesEditable: boolean }
  readonly collections: { id: string; key: string; name: string }[]
  /** how the user answers a request to write */
  confirm: 'remember' | 'once' | 'deny'
  asked: number
  /** regular items that are not in the trash */
  papers(): PlayedItem[]
  filesOf(key: string): PlayedItem[]
  add(data: Record<string, unknown>, bytes?: Buffer): PlayedItem
  /** sessions end, the database stays */
  restart(): void
  close(): Promise<void>
}

const newKey = (): string => randomBytes(6).toString('hex').toUpperCase().slice(0, 8)
const SERVER_ID = 'a3f5b1c2'

interface Answer {
  readonly status: number
  readonly body?: unknown
}

export async function startZotero(version = '9.0.6'): Promise<ZoteroLoopback> {
  const sessions = new Map<string, { ids: Map<string, string>; keys: string[] }>()
  const oneTime = new Set<string>()
  const kept = new Set<string>()
  const tokens = new Set<string>()
  const uploads = new Map<string, { key: string; bytes: Buffer | null }>()
  const played: ZoteroLoopback = {
    origin: '',
    items: new Map(),
    requests: [],
    mishaps: [],
    api: false,
    version,
    selected: { libraryID: 1, libraryName: 'My Library', libraryEditable: true, filesEditable: true },
    collections: [],
    confirm: 'remember',
    asked: 0,
    papers: () =>
      [...played.items.values()].filter(({ data, deleted }) => !deleted && data['itemType'] !== 'attachment'),
    filesOf: (key) =>
      [...played.items.values()].filter(({ data, deleted }) => !deleted && data['parentItem'] === key),
    add(data, bytes) {
      const item = { key: newKey(), data, bytes: bytes ?? null, deleted: false }
      played.items.set(item.key, item)
      return item
    },
    restart() {
      sessions.clear()
      tokens.clear()
      oneTime.clear()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }

  const major = (): number => Number.parseInt(played.version, 10)

  function shown(item: PlayedItem): unknown {
    const isFile = item.data['itemType'] === 'attachment'
    const md5 = item.bytes === null ? null : createHash('md5').update(item.bytes).digest('hex')
    return {
      key: item.key,
      version: 0,
      library: { type: 'user', id: 1, name: 'My Library' },
      links:
        isFile && item.bytes !== null
          ? { enclosure: { type: 'application/pdf', length: item.bytes.length } }
          : {},
      meta: {},
      data: {
        key: item.key,
        ...item.data,
        ...(isFile && major() >= 10 ? { md5 } : {}),
        ...(item.deleted ? { deleted: true } : {})
      }
    }
  }

  function connector(
    path: string,
    body: Buffer,
    headers: IncomingMessage['headers'],
    query: URLSearchParams
  ): Answer {
    if (path === 'ping') return { status: 200, body: '<!DOCTYPE html><html>Zotero is running</html>' }
    if (path === 'getSelectedCollection') {
      const targets = [
        { id: 'L1', name: 'My Library', level: 0 },
        ...played.collections.map(({ id, name }) => ({ id, name, level: 1 }))
      ]
      return {
        status: 200,
        body: { ...played.selected, id: null, name: played.selected.libraryName, targets }
      }
    }
    if (path === 'saveItems') {
      if (headers['content-type'] !== 'application/json' || headers['content-length'] === undefined)
        return { status: 400, body: 'no length' }
      const { sessionID, items } = JSON.parse(body.toString('utf8')) as {
        sessionID?: string
        items: (Record<string, unknown> & { id: string })[]
      }
      if (sessionID === undefined) return { status: 400, body: { error: 'SESSION_ID_NOT_PROVIDED' } }
      if (sessions.has(sessionID)) return { status: 409, body: { error: 'SESSION_EXISTS' } }
      if (!played.selected.libraryEditable) return { status: 500, body: { libraryEditable: false } }
      const session = { ids: new Map<string, string>(), keys: [] as string[] }
      for (const item of items) {
        if (typeof item['itemType'] !== 'string') return { status: 500 }
        const { id, ...data } = item
        delete data['attachments']
        delete data['notes']
        const made = played.add({ ...data, collections: [] })
        session.ids.set(id, made.key)
        session.keys.push(made.key)
      }
      sessions.set(sessionID, session)
      return { status: 201 }
    }
    if (path === 'saveAttachment') {
      const metadata = headers['x-metadata']
      if (typeof metadata !== 'string') return { status: 400, body: { error: 'METADATA_NOT_PROVIDED' } }
      if (/[^\x20-\x7e]/.test(metadata)) return { status: 400, body: { error: 'not ASCII' } }
      const { sessionID, parentItemID, title, url } = JSON.parse(metadata) as Record<string, string>
      const session = sessions.get(sessionID ?? query.get('sessionID') ?? '')
      if (session === undefined) return { status: 400, body: { error: 'SESSION_NOT_FOUND' } }
      const parentItem = session.ids.get(parentItemID ?? '')
      if (parentItem === undefined || (url ?? '') === '') return { status: 500 }
      if (!played.selected.filesEditable) return { status: 200, body: 'Library files are not editable.' }
      const contentType = headers['content-type'] ?? ''
      const linkMode = 'imported_url'
      played.add(
        { itemType: 'attachment', parentItem, title, contentType, linkMode, filename: 'x.pdf' },
        body
      )
      return { status: 201 }
    }
    if (path === 'updateSession') {
      const { sessionID, target } = JSON.parse(body.toString('utf8')) as Record<string, string>
      const session = sessions.get(sessionID ?? '')
      if (session === undefined) return { status: 400, body: { error: 'SESSION_NOT_FOUND' } }
      const collection = played.collections.find(({ id }) => id === target)
      for (const key of session.keys) played.items.get(key)!.data['collections'] = [collection?.key]
      return { status: 200, body: {} }
    }
    return { status: 404, body: 'No endpoint found' }
  }

  function readApi(path: string, query: URLSearchParams): Answer {
    const live = [...played.items.values()].filter((item) => {
      const parent = item.data['parentItem']
      return !item.deleted && (typeof parent !== 'string' || played.items.get(parent)?.deleted !== true)
    })
    if (path === 'groups') return { status: 200, body: [] }
    if (path === 'collections')
      return {
        status: 200,
        body: played.collections.map(({ key, name }) => ({
          key,
          data: { key, name, parentCollection: false }
        }))
      }
    const one = /^items\/([A-Z0-9]{8})(\/children)?$/.exec(path)
    if (one !== null) {
      const item = played.items.get(one[1] ?? '')
      if (item === undefined) return { status: 404, body: 'Not found' }
      if (one[2] === undefined) return { status: 200, body: shown(item) }
      return { status: 200, body: live.filter(({ data }) => data['parentItem'] === item.key).map(shown) }
    }
    if (path !== 'items' && path !== 'items/top') return { status: 404 }
    const q = query.get('q')
    const words = (item: PlayedItem): string => JSON.stringify(item.data)
    // Without qmode=everything, title, creator and year are searched, but no DOI.
    const found = live.filter(
      (item) =>
        (path === 'items' || item.data['parentItem'] === undefined) &&
        (query.get('itemType') !== '-attachment' || item.data['itemType'] !== 'attachment') &&
        (q === null || (query.get('qmode') === 'everything' && words(item).includes(q)))
    )
    const start = Number(query.get('start') ?? 0)
    const limit = Number(query.get('limit') ?? found.length)
    const sorted = query.get('direction') === 'desc' ? found.reverse() : found
    return { status: 200, body: sorted.slice(start, start + limit).map(shown) }
  }

  function authorize(): Answer {
    played.asked += 1
    if (played.confirm === 'deny') return { status: 403, body: { denied: true } }
    const key = randomBytes(12).toString('hex')
    ;(played.confirm === 'once' ? oneTime : kept).add(key)
    return { status: 200, body: { key, remember: played.confirm === 'remember' } }
  }

  function writeApi(path: string, body: Buffer, headers: IncomingMessage['headers']): Answer {
    if (major() < 10) return { status: 400, body: 'Endpoint does not support method' }
    if (headers['zotero-server-id'] === undefined) return { status: 428 }
    if (headers['zotero-server-id'] !== SERVER_ID) return { status: 412 }
    const key = String(headers['zotero-api-key'])
    if (!kept.has(key) && !oneTime.delete(key)) return { status: 401 }
    if (path === 'items') return created(body, headers)
    const child = /^items\/([A-Z0-9]{8})\/file$/.exec(path)?.[1]
    const item = child === undefined ? undefined : played.items.get(child)
    if (item === undefined) return { status: 404 }
    const text = body.toString('utf8')
    if (text.includes('+')) return { status: 400, body: 'plus' }
    const form = new URLSearchParams(text)
    const upload = form.get('upload')
    if (headers['if-none-match'] !== '*') return { status: 428 }
    if (upload === null) {
      if (item.bytes !== null) return { status: 412 }
      const uploadKey = randomBytes(6).toString('hex')
      uploads.set(uploadKey, { key: item.key, bytes: null })
      item.data['filename'] = form.get('filename')
      return { status: 200, body: { url: `${played.origin}/api/local/upload/${uploadKey}`, uploadKey } }
    }
    const waiting = uploads.get(upload)
    if (waiting?.bytes == null) return { status: 400 }
    item.bytes = waiting.bytes
    return { status: 204 }
  }

  function created(body: Buffer, headers: IncomingMessage['headers']): Answer {
    const token = headers['zotero-write-token']
    if (typeof token === 'string') {
      if (token.length < 5 || token.length > 32) return { status: 400 }
      if (tokens.has(token)) return { status: 412 }
      tokens.add(token)
    }
    const list = JSON.parse(body.toString('utf8')) as Record<string, unknown>[]
    const success: Record<string, string> = {}
    const failed: Record<string, unknown> = {}
    for (const [at, data] of list.entries()) {
      const names = Object.keys(data)
      if (names.indexOf('filename') < names.indexOf('linkMode'))
        failed[at] = { code: 400, message: 'filename before linkMode' }
      else success[at] = played.add({ ...data }).key
    }
    return { status: 200, body: { success, successful: {}, unchanged: {}, failed } }
  }

  function answerTo(request: IncomingMessage, body: Buffer): Answer {
    const url = new URL(request.url ?? '', 'http://localhost')
    const [, area = '', ...rest] = url.pathname.split('/')
    if (area === 'connector') return connector(rest.join('/'), body, request.headers, url.searchParams)
    if (area !== 'api') return { status: 404 }
    if (!played.api) return { status: 403, body: 'Local API is not enabled' }
    if (rest.join('/') === 'local/authorize') return major() < 10 ? { status: 404 } : authorize()
    if (rest[1] === 'upload') {
      const waiting = uploads.get(rest[2] ?? '')
      if (waiting === undefined) return { status: 404 }
      waiting.bytes = body
      return { status: 201 }
    }
    const path = rest.slice(2).join('/')
    return request.method === 'GET' ? readApi(path, url.searchParams) : writeApi(path, body, request.headers)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const path = request.url ?? ''
    played.requests.push(`${request.method ?? ''} ${path}`)
    const at = played.mishaps.findIndex((mishap) => path.startsWith(mishap.path))
    const [mishap] = at < 0 ? [] : played.mishaps.splice(at, 1)
    const answer =
      mishap?.isDone === false && typeof mishap.then !== 'object'
        ? { status: typeof mishap.then === 'number' ? mishap.then : 500 }
        : answerTo(request, Buffer.concat(chunks))
    mishap?.meanwhile?.()
    if (mishap?.then === 'lost') {
      request.socket.destroy()
      return
    }
    if (typeof mishap?.then === 'object') await wait(mishap.then.lateMs)
    const { body = '' } = answer
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(typeof mishap?.then === 'number' ? mishap.then : answer.status, {
      'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json',
      'X-Zotero-Version': played.version,
      'X-Zotero-Connector-API-Version': '3',
      ...(major() >= 10 ? { 'Zotero-Server-ID': SERVER_ID } : {}),
      Connection: 'close'
    })
    response.end(text)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  // As Zotero: no chunks and no length; the answer ends with the connection.
  server.on('request', (_, response) => {
    response.useChunkedEncodingByDefault = false
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return Object.assign(played, { origin: `http://127.0.0.1:${String(port)}` })
}
