/** The names of tiers, versions and licences as people know them; sources: `contract/source-names`. */
const TIERS: ReadonlyMap<string, string> = named({
  direct_oa: 'Open-access services',
  doi_follow: 'The DOI itself',
  landing_scrape: 'Landing pages',
  archive: 'Archives'
})
const VERSIONS: ReadonlyMap<string, string> = named({
  publishedVersion: 'Published version',
  acceptedVersion: 'Accepted manuscript',
  submittedVersion: 'Preprint'
})

export function tierName(tier: string): string {
  return TIERS.get(tier) ?? tier
}

export function versionName(version: string): string {
  return VERSIONS.get(version) ?? version
}

/** `cc-by-nc` → `CC BY-NC` */
export function licenseName(license: string): string {
  const bare = license.toLowerCase()
  if (bare === 'cc0' || bare === 'public-domain' || bare === 'pd') return 'Public domain'
  if (bare.startsWith('cc-')) return `CC ${bare.slice(3).toUpperCase()}`
  return license
}

/** A map, not an object: `toString` is the name of nothing. */
function named(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(names))
}
