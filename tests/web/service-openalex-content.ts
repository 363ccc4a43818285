/**
 * OpenAlex's own copies, which cost money: 401 without a key, $0.01 for a file, a hundredth of that when the
 * file does not exist. Every request that arrives is billed, even if the client never receives the response.
 * Source: openalex-api-proxy, developers.openalex.org/download/full-text-pdfs.
 */
import type { Asked } from './exchange'
import { json, type Responder } from './service-answers'

export interface Bill {
  readonly url: string
  readonly usd: number
}

export const GOOD_KEY = 'a-key-of-openalex'

/** Bills the request. null: the file follows. */
export function billContent(asked: Asked, isThere: boolean, bills: Bill[]): Responder | null {
  if (asked.headers['authorization'] !== `Bearer ${GOOD_KEY}`)
    return json({ error: 'Invalid or missing API key' }, 401)
  const usd = isThere ? 0.01 : 0.0001
  bills.push({ url: asked.url, usd })
  if (isThere) return null
  return (exchange) => exchange.answer(404, { 'X-RateLimit-Cost-USD': String(usd) }, 'No such file.')
}
