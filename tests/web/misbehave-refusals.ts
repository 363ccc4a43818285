/** Servers that refuse, are rate limited, or fail. */
import type { Script } from './file-answer'
import { later, PAPER, rejected, type Misbehaviour, type MisbehaviourContext } from './misbehaviour'

const HTML = 'text/html; charset=utf-8'
const refusal = (status: number, headers: Record<string, string> = {}): Script => ({
  status,
  content: Buffer.from(
    `<!doctype html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`
  ),
  contentType: HTML,
  etag: null,
  lastModified: null,
  headers
})

/** Busy for the first `times` requests of either method; Retry-After in seconds or as a date. */
function busy(context: MisbehaviourContext, status: number): Script {
  const times = context.parameters.times ?? 1
  const asked = context.asked.method === 'HEAD' ? context.asked.nthHead : context.asked.nth
  if (asked > times) return {}
  const seconds = context.parameters.seconds ?? 1
  const at = new Date(Date.now() + seconds * 1000).toUTCString()
  return refusal(status, { 'Retry-After': context.parameters.form === 'date' ? at : String(seconds) })
}

export const REFUSALS = {
  'status-429': {
    about: 'Busy (429) for `times` requests, with Retry-After of `seconds` in the given `form`.',
    ends: PAPER,
    script: (context) => busy(context, 429)
  },
  'status-503': {
    about: 'Not available (503) for `times` requests, with Retry-After likewise.',
    ends: PAPER,
    script: (context) => busy(context, 503)
  },
  'status-503-once-bare': {
    about: 'Not available (503) once, without Retry-After.',
    ends: PAPER,
    script: (context) => {
      const asked = context.asked.method === 'HEAD' ? context.asked.nthHead : context.asked.nth
      return asked <= (context.parameters.times ?? 1) ? refusal(503) : {}
    }
  },
  'status-429-always': {
    about: 'Always busy.',
    ends: later('RATE_LIMITED', 'BREAKER_OPEN'),
    script: ({ parameters }) => refusal(429, { 'Retry-After': String(parameters.seconds ?? 1) })
  },
  'status-500-always': {
    about: 'An error inside the server, every time.',
    ends: later('SERVER_ERROR', 'BREAKER_OPEN'),
    script: () => refusal(500)
  },
  'status-401': {
    about: 'Requires HTTP authentication.',
    ends: rejected('FORBIDDEN', 'LOGIN_PAGE', 'HTTP_REFUSED'),
    script: () => refusal(401, { 'WWW-Authenticate': 'Basic realm="subscribers"' })
  },
  'status-403': { about: 'Forbidden.', ends: rejected('FORBIDDEN'), script: () => refusal(403) },
  'status-404': { about: 'Not found.', ends: rejected('NOT_FOUND'), script: () => refusal(404) },
  'status-410': {
    about: 'Gone.',
    ends: rejected('NOT_FOUND', 'HTTP_REFUSED'),
    script: () => refusal(410)
  }
} satisfies Record<string, Misbehaviour>
