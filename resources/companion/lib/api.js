/**
 * Sheaf's loopback API. Every answer is an object with `kind`: `ok` with what was answered, `refused` with a code and
 * a sentence, `no_token`, `wrong_token`, or `not_connected`. Nothing here throws for what a server says.
 */
const ANSWER_MS = 15_000
/** a check of a PDF may ask a service */
const PDF_ANSWER_MS = 180_000

export function makeApi({ port, token }, fetchWith = globalThis.fetch.bind(globalThis)) {
  const origin = `http://127.0.0.1:${port}`
  /** one key for one request, also when it is sent again because no answer came */
  const keys = new Map()
  const keyOf = (name) => {
    if (!keys.has(name)) keys.set(name, crypto.randomUUID())
    return keys.get(name)
  }

  async function ask(path, { method = 'GET', headers = {}, body, waitMs = ANSWER_MS } = {}) {
    if (token === '') return { kind: 'no_token' }
    let response
    try {
      response = await fetchWith(`${origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        body,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(waitMs)
      })
    } catch {
      return { kind: 'not_connected' }
    }
    const answer = await response.json().catch(() => null)
    if (response.status === 401) return { kind: 'wrong_token' }
    // Another program may have this port.
    if (answer === null || typeof answer !== 'object') return { kind: 'not_connected' }
    if (response.ok) return { kind: 'ok', answer }
    return { kind: 'refused', code: String(answer.code), message: String(answer.message) }
  }

  /** What was decided is over: the same thing sent again later is a new request. */
  async function write(name, path, options) {
    const answer = await ask(path, {
      ...options,
      method: 'POST',
      headers: { ...options.headers, 'idempotency-key': keyOf(name) }
    })
    if (answer.kind === 'ok' || answer.kind === 'refused') keys.delete(name)
    return answer
  }

  return {
    status: () => ask('/v1/status'),
    known({ doi, url }) {
      const query = new URLSearchParams()
      if (doi) query.set('doi', doi)
      if (url) query.set('url', url)
      return ask(`/v1/papers?${query}`)
    },
    sendPapers(papers) {
      const body = JSON.stringify({ papers })
      return write(body, '/v1/papers', { headers: { 'content-type': 'application/json' }, body })
    },
    sendPdf({ job, url, blob }) {
      const query = new URLSearchParams()
      if (job) query.set('job', job)
      else if (url) query.set('url', url)
      return write(`pdf ${query} ${blob.size}`, `/v1/pdf?${query}`, {
        headers: { 'content-type': 'application/pdf' },
        body: blob,
        waitMs: PDF_ANSWER_MS
      })
    }
  }
}
