/** Every source by its name. The plan decides which of them are queried, and when. */
import type { SourceName } from '../../contract/words'
import { arxiv } from './arxiv'
import { biorxiv } from './biorxiv'
import { core } from './core'
import { crossref } from './crossref'
import { datacite } from './datacite'
import { doaj } from './doaj'
import { doiRedirect } from './doi-redirect'
import { europePmc } from './europe-pmc'
import { figshare } from './figshare'
import { hal } from './hal'
import { landingScrape } from './landing-scrape'
import { openaire } from './openaire'
import { openalex } from './openalex'
import { openalexContent } from './openalex-content'
import { osf } from './osf'
import { pmc } from './pmc'
import { semanticScholar } from './semantic-scholar'
import { unpaywall } from './unpaywall'
import { wayback } from './wayback'
import { zenodo } from './zenodo'
import type { Source } from './sources'

export const ALL_SOURCES: Readonly<Record<SourceName, Source>> = {
  unpaywall,
  openalex,
  arxiv,
  pmc,
  doi_redirect: doiRedirect,
  landing_scrape: landingScrape,
  europe_pmc: europePmc,
  wayback,
  crossref,
  semantic_scholar: semanticScholar,
  core,
  doaj,
  hal,
  zenodo,
  osf,
  figshare,
  openaire,
  datacite,
  biorxiv,
  openalex_content: openalexContent
}
