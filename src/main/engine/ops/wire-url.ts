/** The address that goes on the wire: the candidate's own, or behind the library's proxy prefix. */
import type { Settings } from '../../../contract/settings'
import type { Candidate } from '../../../contract/work'
import { withProxyPrefix } from '../../net/proxy'

/** Only publishers stand behind a library's proxy; open repositories are asked directly. */
const PUBLISHER_SOURCES: readonly string[] = ['doi_redirect', 'landing_scrape', 'given']

export function wireUrl(candidate: Candidate, settings: Settings): string {
  const prefix = settings['network.proxyPrefix']
  return prefix !== '' && PUBLISHER_SOURCES.includes(candidate.source)
    ? withProxyPrefix(candidate.url, prefix)
    : candidate.url
}
