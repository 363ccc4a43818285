/**
 * Tests the connection with one request to a service that every run queries, with the current settings: is it
 * reachable, and by which route? It uses a net of its own, so that rates and breakers of a run are not
 * affected.
 */
import { isSheafError } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import type { ConnectionTest } from '../../contract/settings-views'
import type { Host } from '../platform/host'
import { makeNet } from './make-net'
import { proxyFor } from './proxy'

/** OpenAlex's root: free of charge. */
const ASKED = 'https://api.openalex.org/'
const TIMEOUT_MS = 15_000

/** Every failure is a result; throws only when aborted by the signal. */
export async function testConnection(
  host: Host,
  settings: Settings,
  { version, signal }: { readonly version: string; readonly signal: AbortSignal }
): Promise<ConnectionTest> {
  const url = new URL(ASKED)
  const net = makeNet(host, settings, { state: null, version })
  const beganMs = host.clock.monotonicMs()
  let proxy: string | null = null
  const said = (answer: Pick<ConnectionTest, 'status' | 'error'>): ConnectionTest => ({
    host: url.host,
    proxy,
    elapsedMs: Math.round(host.clock.monotonicMs() - beganMs),
    ...answer
  })
  try {
    const found = await proxyFor(url, settings['network.proxy'], host)
    // Without the user's name and password.
    proxy = found === null ? null : new URL(found).host
    const answer = await net.open({
      url: url.href,
      purpose: 'api',
      method: 'HEAD',
      signal,
      timeoutMs: TIMEOUT_MS
    })
    answer.discard()
    return said({ status: answer.status, error: null })
  } catch (error) {
    signal.throwIfAborted()
    if (!isSheafError(error)) throw error
    return said({ status: null, error: error.toData() })
  } finally {
    await net.close()
  }
}
