/**
 * The part of Unpaywall v2 that Sheaf uses. Source: https://unpaywall.org/products/api, and recorded
 * responses.
 */
import { json, type Responder } from './service-answers'
import type { PlacedWork } from './works'

export function unpaywall(url: URL, works: readonly PlacedWork[]): Responder {
  if (!/^[^@\s]+@[^@\s]+$/.test(url.searchParams.get('email') ?? '')) {
    const message = 'Please use your own email address in API calls. See http://unpaywall.org/products/api'
    return json({ HTTP_status_code: 422, error: true, message }, 422)
  }
  const doi = decodeURIComponent(url.pathname.replace(/^\/v2\//, '')).toLowerCase()
  const work = works.find((each) => each.doi?.toLowerCase() === doi)
  if (work === undefined) {
    return json({ HTTP_status_code: 404, error: true, message: `'${doi}' isn't in Unpaywall.` }, 404)
  }
  return json(unpaywallRecord(work))
}

export function unpaywallRecord(work: PlacedWork): unknown {
  const doiUrl = `https://doi.org/${work.doi ?? ''}`
  const locations = work.copies
    .filter((copy) => copy.via === 'unpaywall')
    .map((copy, index) => ({
      url: copy.url,
      url_for_pdf: copy.url,
      url_for_landing_page: index === 0 ? doiUrl : null,
      evidence: 'oa repository (via OAI-PMH doi match)',
      license: copy.license ?? 'cc-by',
      version: copy.version ?? 'publishedVersion',
      host_type: 'repository',
      is_best: index === 0,
      pmh_id: null,
      endpoint_id: null,
      repository_institution: 'Fixture Repository',
      oa_date: `${work.year}-01-01`,
      updated: '2024-01-02T03:04:05'
    }))
  return {
    doi: work.doi,
    doi_url: doiUrl,
    title: work.title,
    genre: 'journal-article',
    is_paratext: false,
    published_date: `${work.year}-01-01`,
    year: work.year,
    journal_name: 'Journal of Fixtures',
    journal_issns: '0000-0000',
    journal_issn_l: '0000-0000',
    journal_is_oa: false,
    journal_is_in_doaj: false,
    publisher: 'Fixture Press',
    is_oa: locations.length > 0,
    oa_status: locations.length > 0 ? 'green' : 'closed',
    has_repository_copy: locations.length > 0,
    best_oa_location: locations[0] ?? null,
    first_oa_location: locations[0] ?? null,
    oa_locations: locations,
    oa_locations_embargoed: [],
    data_standard: 2,
    updated: '2024-01-02T03:04:05',
    z_authors: work.authors.map((author) => {
      const [family = author, given = ''] = author.split(', ')
      return { family, given, sequence: 'additional' }
    })
  }
}
