/**
 * Names of sources, shared by app, command line and reports. The records are complete by type, so that a new
 * source without a name does not compile. A name may come from a foreign ledger: use the functions below,
 * which do not find inherited properties.
 */
import type { Provider } from './words'

/** For headings and tables. */
const NAMES: Readonly<Record<Provider, string>> = {
  unpaywall: 'Unpaywall',
  openalex: 'OpenAlex',
  arxiv: 'arXiv',
  pmc: 'PubMed Central',
  doi_redirect: 'DOI redirect',
  landing_scrape: 'Landing page',
  europe_pmc: 'Europe PMC',
  wayback: 'Wayback Machine',
  crossref: 'Crossref',
  semantic_scholar: 'Semantic Scholar',
  core: 'CORE',
  doaj: 'DOAJ',
  hal: 'HAL',
  zenodo: 'Zenodo',
  osf: 'OSF',
  figshare: 'Figshare',
  openaire: 'OpenAIRE',
  datacite: 'DataCite',
  biorxiv: 'bioRxiv',
  openalex_content: 'OpenAlex (paid copy)',
  given: 'Given address',
  manual: 'Added by you'
}

/** Inside a sentence, where it differs: “asked the landing page”. */
const IN_A_SENTENCE: Readonly<Partial<Record<Provider, string>>> = {
  doi_redirect: 'the DOI’s own page',
  landing_scrape: 'the landing page',
  wayback: 'the Wayback Machine',
  given: 'the address you gave',
  manual: 'your own file'
}

/** In a review's report, where it differs. */
const IN_A_REPORT: Readonly<Partial<Record<Provider, string>>> = {
  doi_redirect: 'Publisher (through the DOI)',
  landing_scrape: 'Publisher or repository page',
  wayback: 'Internet Archive',
  given: 'Address given by the reviewer',
  manual: 'Supplied by the reviewer'
}

export function sourceName(source: string): string {
  return isProvider(source) ? NAMES[source] : source
}

export function sourceInSentence(source: string): string {
  return isProvider(source) ? (IN_A_SENTENCE[source] ?? NAMES[source]) : source
}

export function sourceInReport(source: string): string {
  return isProvider(source) ? (IN_A_REPORT[source] ?? NAMES[source]) : source
}

function isProvider(source: string): source is Provider {
  return Object.hasOwn(NAMES, source)
}
