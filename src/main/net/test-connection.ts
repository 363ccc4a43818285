/**
 * One question to a service that every run asks, by the settings as they are: does the way out work, and
 * which way is it? It has a net of its own, so that neither rates nor breakers of a run count.
 */
import { isSheafError } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import type { ConnectionTest } from '../../contract/settings-views'
import type { Host } from '../platform/host'
import { makeNet } from './make-net'
import { proxyFor } from './proxy'

/** OpenAlex's root: it costs nothing there. */
const ASKED = 'https://api.openalex.org/'
const TIMEOUT_MS = 15_000

/** Every failure is an answer; throws only when the signal ends it. */
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
