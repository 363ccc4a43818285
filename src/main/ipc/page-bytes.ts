/**
 * The bytes that the page may request, by address within its own origin: a paper's file, a file of the
 * quarantine, a picture of a first page. Invariant: an address contains an id and never a path, and whatever
 * a row or line contains, no byte from outside the library folder is served.
 */
import type { Files } from '../platform/files'
import type { Session } from '../session/session-api'
import { filesInside } from '../platform/inside-folder'
import { fileInside } from './library-file'

export interface PageBytes {
  readonly status: 200 | 206 | 404 | 416
  readonly headers: Readonly<Record<string, string>>
  /** null: no body */
  readonly body: ReadableStream<Uint8Array> | null
}

export interface BytesParts {
  readonly session: Pick<Session, 'sheaf' | 'library'>
  readonly host: { readonly files: Files }
}

const CHUNK_BYTES = 262_144
const MOST_ADDRESS_CHARS = 12_000

/** As used by the shell and the stand-in. */
export function makeBytes(parts: BytesParts): (address: string, range: string | null) => Promise<Response> {
  return async (address, range) => {
    const { status, headers, body } = await bytesFor(parts, address, range)
    return new Response(body, { status, headers: { ...headers } })
  }
}

/** `address` is the path part of `sheaf://app/…`; `range` the request's Range header. */
export async function bytesFor(parts: BytesParts, address: string, range: string | null): Promise<PageBytes> {
  const named = namedBy(address)
  const found = named === null ? null : await findFile(parts, named)
  if (found === null) return nothing
  const { files } = parts.host
  const path = await fileInside(files, parts.session.library.folder, found.path)
  const size = path === null ? null : ((await files.stat(path))?.bytes ?? null)
  if (path === null || size === null) return nothing
  const headers = {
    'Content-Type': found.type,
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': found.mayBeKept ? 'private, max-age=3600' : 'no-store'
  }
  const wanted = readRange(range, size)
  if (wanted === 'unsatisfiable') {
    return {
      status: 416,
      headers: { ...headers, 'Content-Range': `bytes */${String(size)}`, 'Content-Length': '0' },
      body: null
    }
  }
  const { from, to } = wanted ?? { from: 0, to: size - 1 }
  return {
    status: wanted === null ? 200 : 206,
    headers: {
      ...headers,
      'Content-Length': String(to - from + 1),
      ...(wanted === null ? {} : { 'Content-Range': `bytes ${String(from)}-${String(to)}/${String(size)}` })
    },
    body: streamOf(filesInside(files, parts.session.library.folder), path, from, to)
  }
}

const nothing: PageBytes = {
  status: 404,
  headers: { 'Content-Length': '0', 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' },
  body: null
}

interface Named {
  readonly kind: 'artifact' | 'quarantine' | 'thumbnail'
  readonly id: string
}

/** One of three words followed by one segment, and nothing else. */
function namedBy(address: string): Named | null {
  if (address.length > MOST_ADDRESS_CHARS) return null
  const [, kind, encoded] = /^\/(artifact|quarantine|thumbnail)\/([^/?#\\]+)(?:[?#].*)?$/s.exec(address) ?? []
  if (kind !== 'artifact' && kind !== 'quarantine' && kind !== 'thumbnail') return null
  try {
    return { kind, id: decodeURIComponent(encoded ?? '') }
  } catch {
    // Invalid escape.
    return null
  }
}

interface FoundFile {
  /** relative to the library */
  readonly path: string
  readonly type: string
  readonly mayBeKept: boolean
}

const TYPES = { pdf: 'application/pdf', xml: 'application/xml', html: 'text/plain; charset=utf-8' } as const

async function findFile({ session }: BytesParts, { kind, id }: Named): Promise<FoundFile | null> {
  const { sheaf } = session
  switch (kind) {
    case 'artifact': {
      const paper = await sheaf.catalog.paper(id)
      return paper === null ? null : { path: paper.path, type: TYPES[paper.format], mayBeKept: false }
    }
    case 'quarantine': {
      const file = (await sheaf.quarantineList()).find((one) => one.id === id)
      return file === undefined ? null : { path: file.path, type: TYPES.pdf, mayBeKept: false }
    }
    case 'thumbnail': {
      const path = await sheaf.thumbnails.pathOf(id)
      if (path === null) return null
      return { path, type: path.endsWith('.png') ? 'image/png' : 'image/webp', mayBeKept: true }
    }
  }
}

/**
 * A single range, or null for the whole file: invalid or multiple ranges may be ignored. Source: RFC 9110
 * §14.1.2, §14.2, §15.5.17.
 */
export function readRange(
  header: string | null,
  size: number
): { readonly from: number; readonly to: number } | 'unsatisfiable' | null {
  const [all, first = '', last = ''] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '') ?? []
  if (all === undefined || (first === '' && last === '')) return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { from: size - length, to: size - 1 }
  }
  const from = Number(first)
  if (last !== '' && Number(last) < from) return null
  if (from >= size) return 'unsatisfiable'
  return { from, to: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

/** The file is opened at the first read and closed after the last, or when the reader is gone. */
function streamOf(files: Files, path: string, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from
  let opened: ReturnType<Files['open']> | null = null
  const close = async (): Promise<void> => {
    const handle = await opened
    opened = null
    await handle?.close()
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          opened ??= files.open(path, 'read')
          const handle = await opened
          const bytes = at > to ? null : await handle.read(at, Math.min(CHUNK_BYTES, to - at + 1))
          if (bytes !== null && bytes.length === 0) throw new Error('The file is shorter than it was.')
          if (bytes !== null) {
            at += bytes.length
            controller.enqueue(bytes)
          }
          if (at > to) {
            await close()
            controller.close()
          }
        } catch (error) {
          await close().catch(() => undefined)
          controller.error(error)
        }
      },
      cancel: close
    },
    { highWaterMark: 0 }
  )
}
