/** Displayed names of tiers, versions and licences; sources: `contract/source-names`. */
import type { CitationLocale, CitationStyle } from '../../contract/citation-styles'
import { lowerFirst } from './figures'

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

/** Inside a sentence: “accepted manuscript”. */
export function versionInSentence(version: string): string {
  const name = VERSIONS.get(version)
  return name === undefined ? version : lowerFirst(name)
}

/** `cc-by-nc` → `CC BY-NC` */
export function licenseName(license: string): string {
  const bare = license.toLowerCase()
  if (bare === 'cc0' || bare === 'public-domain' || bare === 'pd') return 'Public domain'
  if (bare.startsWith('cc-')) return `CC ${bare.slice(3).toUpperCase()}`
  return license
}

/** A map instead of an object, whose inherited `toString` would be found. */
function named(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(names))
}

export const STYLE_NAMES: Readonly<Record<CitationStyle, string>> = {
  apa: 'APA, 7th edition',
  vancouver: 'Vancouver',
  ieee: 'IEEE',
  'chicago-author-date': 'Chicago, 17th edition (author-date)',
  nature: 'Nature',
  'harvard-cite-them-right': 'Harvard (Cite Them Right, 12th edition)',
  'american-medical-association': 'American Medical Association (AMA), 11th edition',
  'modern-language-association': 'MLA, 9th edition'
}

export const LOCALE_NAMES: Readonly<Record<CitationLocale, string>> = {
  'en-US': 'English (US)',
  'en-GB': 'English (UK)',
  'de-DE': 'Deutsch',
  'es-ES': 'Español',
  'fr-FR': 'Français',
  'it-IT': 'Italiano',
  'ja-JP': '日本語',
  'pt-BR': 'Português (Brasil)',
  'zh-CN': '中文'
}
