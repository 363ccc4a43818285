/** Servers that refuse, are busy, or are in trouble. */
import type { Script } from './file-answer'
import { later, PAPER, rejected, type Misbehaviour, type Scene } from './misbehaviour'

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

/** Busy for the first `times` questions of either method, with the wait said in seconds or as a date. */
function busy(scene: Scene, status: number): Script {
  const times = scene.how.times ?? 1
  const asked = scene.asked.method === 'HEAD' ? scene.asked.nthHead : scene.asked.nth
  if (asked > times) return {}
  const seconds = scene.how.seconds ?? 1
  const at = new Date(Date.now() + seconds * 1000).toUTCString()
  return refusal(status, { 'Retry-After': scene.how.form === 'date' ? at : String(seconds) })
}

export const REFUSALS = {
  'status-429': {
    about: 'Busy (429) for `times` questions, with Retry-After of `seconds` in the `form` wished.',
    ends: PAPER,
    play: (scene) => busy(scene, 429)
  },
  'status-503': {
    about: 'Not available (503) for `times` questions, with Retry-After likewise.',
    ends: PAPER,
    play: (scene) => busy(scene, 503)
  },
  'status-503-once-bare': {
    about: 'Not available (503) once, without Retry-After.',
    ends: PAPER,
    play: (scene) => {
      const asked = scene.asked.method === 'HEAD' ? scene.asked.nthHead : scene.asked.nth
      return asked <= (scene.how.times ?? 1) ? refusal(503) : {}
    }
  },
  'status-429-always': {
    about: 'Busy for ever.',
    ends: later('RATE_LIMITED', 'BREAKER_OPEN'),
    play: ({ how }) => refusal(429, { 'Retry-After': String(how.seconds ?? 1) })
  },
  'status-500-always': {
    about: 'An error inside the server, every time.',
    ends: later('SERVER_ERROR', 'BREAKER_OPEN'),
    play: () => refusal(500)
  },
  'status-401': {
    about: 'Asks for a name and a password.',
    ends: rejected('FORBIDDEN', 'LOGIN_PAGE', 'HTTP_REFUSED'),
    play: () => refusal(401, { 'WWW-Authenticate': 'Basic realm="subscribers"' })
  },
  'status-403': { about: 'Forbidden.', ends: rejected('FORBIDDEN'), play: () => refusal(403) },
  'status-404': { about: 'Not there.', ends: rejected('NOT_FOUND'), play: () => refusal(404) },
  'status-410': {
    about: 'Not there any more.',
    ends: rejected('NOT_FOUND', 'HTTP_REFUSED'),
    play: () => refusal(410)
  }
} satisfies Record<string, Misbehaviour>
