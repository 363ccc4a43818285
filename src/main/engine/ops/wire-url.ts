/** The address that is requested: the candidate's own, or with the library's proxy prefix. */
import type { Settings } from '../../../contract/settings'
import type { Candidate } from '../../../contract/work'
import { withProxyPrefix } from '../../net/proxy'

/** Only publishers need the library's proxy; open repositories are requested directly. */
const PUBLISHER_SOURCES: readonly string[] = ['doi_redirect', 'landing_scrape', 'given']

/** Hosts on which every paper is open and a proxy would only interfere. */
const OPEN_HOSTS =
  /(?:^|\.)(?:arxiv\.org|ncbi\.nlm\.nih\.gov|europepmc\.org|biorxiv\.org|medrxiv\.org|zenodo\.org)$/

/** The address of a paper's page for the browser. */
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
