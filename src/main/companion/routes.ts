/**
 * The routes of the loopback API: validates the input with the contract's schemas, calls Sheaf, shapes the
 * answer.
 */
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import {
  COMPANION_LIMITS,
  COMPANION_PATH,
  filePlaceSchema,
  idempotencyKeySchema,
  knownQuerySchema,
  sentPapersSchema,
  type StatusAnswer
} from '../../contract/companion'
import type { WorkDraft } from '../../contract/work'
import type { Sheaf } from '../sheaf-api'
import { Refused, refusal, type Answer } from './answers'
import { bytesOfChunk } from '../platform/chunks'

export interface CompanionParts {
  readonly sheaf: Pick<Sheaf, 'companion' | 'options' | 'queueTotals' | 'handOffList'>
  readonly version: string
  /** Plans the drafts and makes sure that a run works on them; durable on return. */
  readonly plan: (
    drafts: readonly WorkDraft[],
    list: string | undefined,
    signal: AbortSignal
  ) => Promise<unknown>
  /** a file arrived: the screens should reload jobs */
  readonly onFile: () => void
}

type Route = (parts: CompanionParts, request: IncomingMessage, asked: Asked) => Promise<Answer> | Answer
interface Asked {
  readonly query: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  [`${COMPANION_PATH}/status`]: { GET: status },
  [`${COMPANION_PATH}/papers`]: { GET: known, POST: papers },
  [`${COMPANION_PATH}/pdf`]: { POST: pdf }
}

/** Throws Refused, and the SheafErrors of the calls it makes. */
export async function answerRequest(
  parts: CompanionParts,
  request: IncomingMessage,
  signal: AbortSignal
): Promise<Answer> {
  const target = request.url ?? ''
  // The form of a proxy request (`GET http://…`) names another server.
  if (!target.startsWith('/') || target.startsWith('//')) throw new Refused('NO_SUCH_ADDRESS')
  const { pathname, searchParams } = new URL(target, 'http://127.0.0.1')
  const methods = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : undefined
  if (methods === undefined) throw new Refused('NO_SUCH_ADDRESS')
  const method = request.method ?? ''
  const route = Object.hasOwn(methods, method) ? methods[method] : undefined
  if (route === undefined) throw new Refused('METHOD_REFUSED')
  const query = Object.fromEntries(searchParams)
  if (Object.keys(query).length !== searchParams.size)
    throw new Refused('BODY_REFUSED', 'A name is given twice.')
  return route(parts, request, { query, signal })
}

function status({ sheaf, version }: CompanionParts): Answer {
  const body: StatusAnswer = {
    name: 'Sheaf',
    version,
    remembers: remembers(sheaf),
    waiting: sheaf.queueTotals().waiting,
    needs_you: sheaf.handOffList({ offset: 0, limit: 1 }).total
  }
  return { status: 200, body }
}

function known({ sheaf }: CompanionParts, _request: IncomingMessage, { query }: Asked): Answer {
  const { doi, url } = checked(knownQuerySchema, query)
  const names = [doi, url].filter((name) => name !== undefined)
  return { status: 200, body: { paper: sheaf.companion.known(names) } }
}

async function papers(parts: CompanionParts, request: IncomingMessage, { signal }: Asked): Promise<Answer> {
  const key = keyOf(request)
  if (!isType(request, 'application/json')) throw new Refused('TYPE_REFUSED', 'It takes application/json.')
  assertRemembers(parts)
  const sent = checked(sentPapersSchema, parsed(await readText(request)))
  const { answer, replayed } = await parts.sheaf.companion.plan(sent, {
    key,
    plan: (drafts, list) => parts.plan(drafts, list, signal),
    signal
  })
  if ('code' in answer) return refusal(answer)
  return { status: 200, body: answer, headers: replayedHeader(replayed) }
}

async function pdf(
  parts: CompanionParts,
  request: IncomingMessage,
  { query, signal }: Asked
): Promise<Answer> {
  const key = keyOf(request)
  if (!isType(request, 'application/pdf')) throw new Refused('TYPE_REFUSED', 'It takes application/pdf.')
  assertRemembers(parts)
  const place = checked(filePlaceSchema, query)
  const most = parts.sheaf.options.settings['files.maxBytes']
  if (announced(request) > most) throw new Refused('BODY_TOO_LARGE', `The limit is ${String(most)} bytes.`)
  const { answer, replayed } = await parts.sheaf.companion.receive(pieces(request), { key, place, signal })
  parts.onFile()
  const headers = replayedHeader(replayed)
  if ('code' in answer) return { ...refusal(answer), headers }
  return { status: answer.outcome === 'asked' ? 202 : 200, body: answer, headers }
}

const replayedHeader = (replayed: boolean): Record<string, string> =>
  replayed ? { 'idempotency-replayed': 'true' } : {}

const remembers = (sheaf: CompanionParts['sheaf']): boolean =>
  sheaf.options.settings['safety.switch'] !== 'off'

function assertRemembers({ sheaf }: CompanionParts): void {
  if (!remembers(sheaf)) throw new Refused('NOT_REMEMBERED')
}

function keyOf(request: IncomingMessage): string {
  const key = idempotencyKeySchema.safeParse(request.headers['idempotency-key'])
  if (!key.success) throw new Refused('KEY_MISSING')
  return key.data
}

function isType({ headers }: IncomingMessage, type: string): boolean {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === type
}

const announced = ({ headers }: IncomingMessage): number => Number(headers['content-length'] ?? 0)

async function readText(request: IncomingMessage): Promise<string> {
  if (announced(request) > COMPANION_LIMITS.json) throw new Refused('BODY_TOO_LARGE')
  const read: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces(request)) {
    bytes += piece.length
    if (bytes > COMPANION_LIMITS.json) throw new Refused('BODY_TOO_LARGE')
    read.push(piece)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(read))
  } catch {
    throw new Refused('BODY_REFUSED', 'It is not UTF-8.')
  }
}

/** The body as it arrives. Ending it early leaves the connection open for the answer. */
async function* pieces(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  request.setTimeout(COMPANION_LIMITS.idleMs, () => request.destroy(new Refused('TIMED_OUT')))
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) yield bytesOfChunk(piece)
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('BODY_INCOMPLETE')
  } finally {
    request.setTimeout(0)
  }
  if (!request.complete) throw new Refused('BODY_INCOMPLETE')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Refused('BODY_REFUSED', 'It is not JSON.')
  }
}

function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Refused(
    'BODY_REFUSED',
    `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim().slice(0, 300)
  )
}
