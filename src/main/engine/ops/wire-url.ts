/** The address that goes on the wire: the candidate's own, or behind the library's proxy prefix. */
import type { Settings } from '../../../contract/settings'
import type { Candidate } from '../../../contract/work'
import { withProxyPrefix } from '../../net/proxy'

/** Only publishers stand behind a library's proxy; open repositories are asked directly. */
const PUBLISHER_SOURCES: readonly string[] = ['doi_redirect', 'landing_scrape', 'given']

/** Hosts on which every paper is open: a proxy would only be in the way. */
const OPEN_HOSTS =
  /(?:^|\.)(?:arxiv\.org|ncbi\.nlm\.nih\.gov|europepmc\.org|biorxiv\.org|medrxiv\.org|zenodo\.org)$/

/** A paper's own page, as a browser opens it. */
export function landingAddress(url: string, prefix: string): string {
  if (prefix === '' || (URL.canParse(url) && OPEN_HOSTS.test(new URL(url).hostname))) return url
  return withProxyPrefix(url, prefix)
}

export function wireUrl(candidate: Candidate, settings: Settings): string {
  const prefix = settings['network.proxyPrefix']
  return prefix !== '' && PUBLISHER_SOURCES.includes(candidate.source)
    ? withProxyPrefix(candidate.url, prefix)
    : candidate.url
}
