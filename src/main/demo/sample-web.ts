/**
 * The sample web: a loopback server that simulates all services and publishers for the sample library,
 * including the faults that the samples show. The engine connects to it with `--connect-to '*=<origin>'`; no
 * request leaves the machine. It runs in the demonstration's parent process, which survives the killed
 * engine.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock } from '../platform/host'
import { nodeClock } from '../platform/node-host'
import { sampleAnswer } from './sample-services'
import {
  otherPaper,
  samplePdf,
  SAMPLE_WORKS,
  SLOW_BYTES,
  SLOW_BYTES_PER_SECOND,
  SLOW_WORK,
  type SampleCopy,
  type SampleWork
} from './sample-works'
import { urlMeant } from './url-meant'
import { portOf } from '../platform/port-of'
import { sha256Hex } from '../platform/sha256'

export interface SampleWeb {
  readonly origin: string
  /** resolves once more than half of the slow file has been sent, while the rest is pending */
  readonly slowFileHalfSent: Promise<void>
  /** body bytes of files sent (papers and their replacements) */
  fileBytesSent(): number
  /** requests for files, in order: address, range asked for, bytes sent */
  fileRequests(): readonly FileRequest[]
  close(): Promise<void>
}

export interface FileRequest {
  readonly url: string
  readonly method: string
  readonly range: string | null
  readonly status: number
  readonly bytes: number
}

export async function startSampleWeb(clock: Clock = nodeClock): Promise<SampleWeb> {
  const files = new Map<string, { readonly work: SampleWork; readonly copy: SampleCopy }>()
  for (const work of SAMPLE_WORKS) for (const copy of work.copies) files.set(copy.url, { work, copy })
  const log: { -readonly [K in keyof FileRequest]: FileRequest[K] }[] = []
  let halfSent = (): void => undefined
  const slowFileHalfSent = new Promise<void>((resolve) => {
    halfSent = resolve
  })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = urlMeant(request)
    const file = files.get(fileAddress(address))
    if (file === undefined) {
      const found = sampleAnswer(address) ?? NOWHERE
      response.writeHead(found.status, { ...found.headers, 'Content-Length': Buffer.byteLength(found.body) })
      response.end(found.body)
      return
    }
    const method = request.method ?? 'GET'
    const entry = { url: address, method, range: request.headers.range ?? null, status: 0, bytes: 0 }
    log.push(entry)
    const earlier = log.filter((each) => each.url === address && each.method === method).length - 1
    const reply = fileReply(file.work, file.copy, request, earlier)
    entry.status = reply.status
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': reply.body.length })
    if (method === 'HEAD') {
      response.end()
      return
    }
    const slow = file.copy.gives === 'paper-slowly'
    const step = slow ? SLOW_BYTES_PER_SECOND / 20 : reply.body.length
    for (let at = 0; at < reply.body.length && !response.destroyed; at += step) {
      const piece = reply.body.subarray(at, at + step)
      response.write(piece)
      entry.bytes += piece.length
      if (slow && file.work === SLOW_WORK && reply.from + entry.bytes > SLOW_BYTES * 0.55) halfSent()
      if (slow) await clock.sleep(50)
    }
    response.end()
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${String(portOf(server))}`,
    slowFileHalfSent,
    fileBytesSent: () => log.reduce((sum, each) => sum + each.bytes, 0),
    fileRequests: () => [...log],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      })
  }
}

const NOWHERE = {
  status: 404,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>404 Not Found</title><h1>Not Found</h1>'
}

/** arXiv and Europe PMC serve one file under several addresses. */
function fileAddress(address: string): string {
  const arxiv = /^https?:\/\/(?:export\.)?arxiv\.org\/pdf\/(.+?)(?:v\d+)?(?:\.pdf)?$/.exec(address)
  if (arxiv !== null) return `https://arxiv.org/pdf/${arxiv[1] ?? ''}`
  const pmc =
    /^https?:\/\/europepmc\.org\/[^?]{0,200}(PMC\d{1,9})(?:\D.{0,200})?(?:pdf=render|blobtype=pdf)/.exec(
      address
    )
  return pmc === null ? address : `https://europepmc.org/articles/${pmc[1] ?? ''}?pdf=render`
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** offset of the body in the file */
  readonly from: number
}

function fileReply(work: SampleWork, copy: SampleCopy, request: IncomingMessage, earlier: number): Reply {
  const page = (status: number, html: string, headers: Record<string, string> = {}): Reply => ({
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers },
    body: Buffer.from(html),
    from: 0
  })
  switch (copy.gives) {
    case 'sign-in-page':
      return page(200, SIGN_IN)
    case 'paper-after-503':
      return earlier === 0
        ? page(503, '<!doctype html><title>Busy</title><h1>Busy, please come back</h1>', {
            'Retry-After': '1'
          })
        : pdf(samplePdf(work), request)
    case 'other-paper':
      return pdf(otherPaper(), request)
    case 'paper':
    case 'paper-slowly':
      return pdf(samplePdf(work), request)
  }
}

/** A whole PDF, or its end when the client has the start of the same version. */
function pdf(bytes: Uint8Array, request: IncomingMessage): Reply {
  const etag = `"${sha256Hex(bytes).slice(0, 16)}"`
  const headers = {
    'Content-Type': 'application/pdf',
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Last-Modified': 'Tue, 02 Jan 2024 03:04:05 GMT'
  }
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN)
  const condition = request.headers['if-range']
  const sameVersion = condition === undefined || condition === etag || condition === headers['Last-Modified']
  if (Number.isNaN(from) || !sameVersion) return { status: 200, headers, body: bytes, from: 0 }
  if (from >= bytes.length) {
    const range = `bytes */${String(bytes.length)}`
    return { status: 416, headers: { ...headers, 'Content-Range': range }, body: new Uint8Array(), from: 0 }
  }
  const range = `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}`
  return { status: 206, headers: { ...headers, 'Content-Range': range }, body: bytes.subarray(from), from }
}

const SIGN_IN =
  '<!doctype html><html lang="en"><head><title>Sign in | Members Only Press</title></head><body><h1>Sign in</h1>' +
  '<p>Access to this article is for members and subscribing institutions.</p><form method="post" action="/login">' +
  '<label>Email <input type="email" name="login"></label><label>Password <input type="password" name="password"></label>' +
  `<button>Sign in</button></form>${'<p>Forgotten your password? Ask your library.</p>'.repeat(20)}</body></html>`
