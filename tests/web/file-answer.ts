/**
 * Answers requests for a file as RFC 9110 specifies (ranges, If-Range, conditions, HEAD), except where a
 * script overrides it. A misbehaviour is such a script; everything that it does not mention stays correct.
 */
import { gzipSync } from 'node:zlib'
import type { Asked, Exchange } from './exchange'

export interface ServedFile {
  readonly bytes: Buffer
  readonly contentType: string
  readonly etag: string | null
  readonly lastModified: string | null
}

/** The response to be sent, after ranges and conditions were evaluated. */
export interface Plan {
  readonly status: number
  /** offset in the representation of the first byte sent */
  readonly from: number
  readonly body: Buffer
  readonly total: number
}

export interface Script {
  /** replaces 200 or 206; ranges are then ignored */
  readonly status?: number
  /** null removes the header */
  readonly headers?: HeaderChanges | ((plan: Plan) => HeaderChanges)
  /** replaces the file's bytes */
  readonly content?: Buffer
  readonly contentType?: string
  readonly etag?: string | null
  readonly lastModified?: string | null
  /** false: ranges are ignored; `refused`: every range is answered 416 */
  readonly ranges?: boolean | 'refused'
  /** false: If-Range is ignored and the range is always served */
  readonly conditions?: boolean
  /** `none`: chunked; `until-close`: neither length nor chunks */
  readonly length?: number | 'none' | 'until-close'
  readonly gzip?: boolean
  /** number of body bytes of this response after which `then` happens: */
  readonly cutAfter?: number
  /** `spill`: the remaining bytes follow after a moment, beyond the announced length */
  readonly then?: 'reset' | 'close' | 'stall' | 'spill'
  readonly waitMs?: number
  readonly bytesPerSecond?: number
  /** used instead of any response */
  readonly noAnswer?: 'stall' | 'reset'
}
export type HeaderChanges = Readonly<Record<string, string | null>>

export async function answerFile(exchange: Exchange, file: ServedFile, script: Script = {}): Promise<void> {
  if (script.waitMs !== undefined) await exchange.wait(script.waitMs)
  if (script.noAnswer === 'stall') return exchange.stall()
  if (script.noAnswer === 'reset') return exchange.reset()

  const served: ServedFile = {
    bytes: script.content ?? file.bytes,
    contentType: script.contentType ?? file.contentType,
    etag: script.etag === undefined ? file.etag : script.etag,
    lastModified: script.lastModified === undefined ? file.lastModified : script.lastModified
  }
  const plan = planAnswer(exchange.asked, served, script)
  const body = script.gzip === true ? gzipSync(plan.body) : plan.body
  exchange.position = plan.from
  exchange.head(plan.status, headersFor(served, { ...plan, body }, script))
  if (exchange.asked.method === 'HEAD') return exchange.end()

  const cutAfter = script.cutAfter ?? body.length
  await exchange.send(body.subarray(0, cutAfter), script.bytesPerSecond ?? null)
  const nothingToCut = script.cutAfter !== undefined && cutAfter >= body.length
  if (script.then === undefined || nothingToCut) return exchange.end()
  if (script.then === 'reset') return exchange.reset()
  if (script.then === 'spill') {
    await exchange.wait(30)
    await exchange.send(body.subarray(cutAfter))
    return exchange.close()
  }
  if (script.then === 'close') return exchange.close()
  return exchange.stall()
}

function planAnswer(asked: Asked, file: ServedFile, script: Script): Plan {
  const total = file.bytes.length
  const whole: Plan = { status: script.status ?? 200, from: 0, body: file.bytes, total }
  if (script.status !== undefined) return whole
  const condition = script.conditions === false ? null : failedCondition(asked, file)
  if (condition !== null) return { status: condition, from: 0, body: Buffer.alloc(0), total }
  const range = asked.headers['range']
  if (range === undefined || script.ranges === false || asked.method === 'HEAD') return whole
  if (script.conditions !== false && !ifRangeHolds(asked.headers['if-range'], file)) return whole
  const wanted = parseRange(range, total)
  if (wanted === 'ignore') return whole
  if (wanted === 'unsatisfiable' || script.ranges === 'refused') {
    return { status: 416, from: 0, body: Buffer.alloc(0), total }
  }
  return { status: 206, from: wanted.from, body: file.bytes.subarray(wanted.from, wanted.to + 1), total }
}

/** RFC 9110 §13.2.2: 412 or 304, or null when the request is processed normally. */
function failedCondition(asked: Asked, file: ServedFile): 304 | 412 | null {
  const { headers } = asked
  const match = headers['if-match']
  const noneMatch = headers['if-none-match']
  const unmodified = headers['if-unmodified-since']
  const modified = headers['if-modified-since']
  if (match !== undefined) {
    if (!tags(match).some((tag) => tag === '*' || (tag === file.etag && !tag.startsWith('W/')))) return 412
  } else if (unmodified !== undefined && file.lastModified !== null) {
    if (Date.parse(file.lastModified) > Date.parse(unmodified)) return 412
  }
  if (noneMatch !== undefined) {
    const own = file.etag?.replace(/^W\//, '')
    return tags(noneMatch).some((tag) => tag === '*' || tag.replace(/^W\//, '') === own) ? 304 : null
  }
  if (modified !== undefined && file.lastModified !== null) {
    return Date.parse(file.lastModified) <= Date.parse(modified) ? 304 : null
  }
  return null
}

const tags = (header: string): string[] => header.split(',').map((tag) => tag.trim())

/** RFC 9110 §13.1.5: our strong ETag, or our date to the second. */
function ifRangeHolds(header: string | undefined, file: ServedFile): boolean {
  if (header === undefined) return true
  if (header.startsWith('"') || header.startsWith('W/')) return header === file.etag && header.startsWith('"')
  return header === file.lastModified
}

function parseRange(
  header: string,
  total: number
): { from: number; to: number } | 'ignore' | 'unsatisfiable' {
  const found = /^bytes=(\d*)-(\d*)$/i.exec(header.trim())
  const [, first, last] = found ?? []
  // Multiple ranges, other units and invalid values may be ignored (RFC 9110 §14.2).
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'ignore'
  if (first === '') {
    const length = Math.min(Number(last), total)
    return length === 0 ? 'unsatisfiable' : { from: total - length, to: total - 1 }
  }
  const from = Number(first)
  const to = last === '' ? total - 1 : Math.min(Number(last), total - 1)
  if (last !== '' && Number(last) < from) return 'ignore'
  return from >= total ? 'unsatisfiable' : { from, to }
}

function headersFor(file: ServedFile, plan: Plan, script: Script): Record<string, string> {
  const headers: Record<string, string> = { Date: new Date().toUTCString() }
  if (plan.status !== 304) headers['Content-Type'] = file.contentType
  if (file.etag !== null) headers['ETag'] = file.etag
  if (file.lastModified !== null) headers['Last-Modified'] = file.lastModified
  headers['Accept-Ranges'] = script.ranges === false ? 'none' : 'bytes'
  if (plan.status === 206) {
    headers['Content-Range'] = `bytes ${plan.from}-${plan.from + plan.body.length - 1}/${plan.total}`
  }
  if (plan.status === 416) headers['Content-Range'] = `bytes */${plan.total}`
  if (script.gzip === true) headers['Content-Encoding'] = 'gzip'
  if (script.length === undefined) headers['Content-Length'] = String(plan.body.length)
  else if (typeof script.length === 'number') headers['Content-Length'] = String(script.length)
  else if (script.length === 'until-close') headers['Connection'] = 'close'
  const changes = typeof script.headers === 'function' ? script.headers(plan) : (script.headers ?? {})
  const kept = Object.entries({ ...headers, ...changes }).filter((entry): entry is [string, string] => {
    return entry[1] !== null
  })
  return Object.fromEntries(kept)
}
