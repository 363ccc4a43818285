/** The names of services, versions and licences as people know them. */
const SOURCES: Readonly<Record<string, string>> = {
  unpaywall: 'Unpaywall',
  openalex: 'OpenAlex',
  arxiv: 'arXiv',
  pmc: 'PubMed Central',
  doi_redirect: 'DOI redirect',
  landing_scrape: 'Landing page',
  europe_pmc: 'Europe PMC',
  wayback: 'Wayback Machine',
  given: 'Given address',
  manual: 'Attached by you'
}
const TIERS: Readonly<Record<string, string>> = {
  direct_oa: 'Open-access services',
  doi_follow: 'The DOI itself',
  landing_scrape: 'Landing pages',
  archive: 'Archives'
}
const VERSIONS: Readonly<Record<string, string>> = {
  publishedVersion: 'Published version',
  acceptedVersion: 'Accepted manuscript',
  submittedVersion: 'Preprint'
}

export function sourceName(source: string): string {
  return SOURCES[source] ?? source
}

export function tierName(tier: string): string {
  return TIERS[tier] ?? tier
}

export function versionName(version: string): string {
  return VERSIONS[version] ?? version
}

/** `cc-by-nc` → `CC BY-NC` */
export function licenseName(license: string): string {
  const bare = license.toLowerCase()
  if (bare === 'cc0' || bare === 'public-domain' || bare === 'pd') return 'Public domain'
  if (bare.startsWith('cc-')) return `CC ${bare.slice(3).toUpperCase()}`
  return license
}
