/**
 * The connection to each source: one small request per host, all at once, with short time limits. Any answer
 * counts, even a refusal: the host is reachable.
 */
import type { Settings } from '../../../contract/settings'
import type { SourceName } from '../../../contract/words'
import { makeNet } from '../../net/make-net'
import type { Net } from '../../net/net'
import { errorDataOf } from '../exit-status'
import type { CommandContext } from '../command-context'
import { durationInWords } from '../wording'
import type { Check } from './doctor-checks'

const TIMEOUT_MS = 6_000

/** The host of each source; landing pages may be anywhere. */
const ENDPOINTS: Readonly<Record<SourceName, string | null>> = {
  unpaywall: 'https://api.unpaywall.org/',
  openalex: 'https://api.openalex.org/',
  arxiv: 'https://export.arxiv.org/',
  pmc: 'https://pmc.ncbi.nlm.nih.gov/',
  doi_redirect: 'https://doi.org/',
  landing_scrape: null,
  europe_pmc: 'https://www.ebi.ac.uk/',
  wayback: 'https://web.archive.org/',
  crossref: 'https://api.crossref.org/',
  semantic_scholar: 'https://api.semanticscholar.org/',
  core: 'https://api.core.ac.uk/',
  doaj: 'https://doaj.org/',
  hal: 'https://api.archives-ouvertes.fr/',
  zenodo: 'https://zenodo.org/',
  osf: 'https://osf.io/',
  figshare: 'https://api.figshare.com/',
  openaire: 'https://api.openaire.eu/',
  datacite: 'https://api.datacite.org/',
  biorxiv: 'https://api.biorxiv.org/',
  // A request there may cost money.
  openalex_content: null
}

export async function checkSources(context: CommandContext, settings: Settings): Promise<Check[]> {
  const plan = settings['sources.plan']
  const asked = plan.tiers.flatMap((tier) => tier.sources).filter((name) => plan.policies[name].enabled)
  const endpoints = asked.flatMap((name) =>
    ENDPOINTS[name] === null ? [] : [{ name, url: ENDPOINTS[name] }]
  )
  if (endpoints.length === 0)
    return [
      {
        name: 'sources',
        verdict: 'warn',
        found: 'none is enabled',
        hint: 'See sheaf settings get sources.plan.'
      }
    ]
  // The doctor's own requests ignore the rates and do not use them up.
  const net = makeNet(context.host, settings, { state: null, version: context.version })
  try {
    const checks = await Promise.all(endpoints.map((endpoint) => look(context, net, endpoint)))
    if (checks.some((check) => check.verdict === 'ok')) return checks
    // The hint is shown once for all failures with the same cause.
    return checks.map(({ hint, ...check }, at) => ({
      ...check,
      verdict: 'fail' as const,
      ...(at === checks.length - 1 && hint !== undefined ? { hint } : {})
    }))
  } finally {
    await net.close()
  }
}

async function look(
  context: CommandContext,
  net: Net,
  endpoint: { readonly name: string; readonly url: string }
): Promise<Check> {
  const began = context.host.clock.monotonicMs()
  const { host } = new URL(endpoint.url)
  try {
    const answer = await net.open({
      url: endpoint.url,
      purpose: 'api',
      method: 'HEAD',
      signal: context.signal,
      timeoutMs: TIMEOUT_MS
    })
    answer.discard()
    const took = durationInWords(context.host.clock.monotonicMs() - began)
    return { name: endpoint.name, verdict: 'ok', found: `${host} answers (${answer.status}, ${took})` }
  } catch (error) {
    context.signal.throwIfAborted()
    const { message } = errorDataOf(error)
    return {
      name: endpoint.name,
      verdict: 'warn',
      found: `${host} cannot be reached: ${message}`,
      hint: 'Check the network, the proxy (network.proxy) and the firewall; other sources are asked meanwhile.'
    }
  }
}
