/** Europe PMC's REST search. Source: https://europepmc.org/RestfulWebService, and recorded responses. */
import { json, type Responder } from './service-answers'
import type { PlacedWork } from './works'

export function europePmcSearch(asked: URLSearchParams, works: readonly PlacedWork[]): Responder {
  const query = asked.get('query') ?? ''
  const pageSize = Number(asked.get('pageSize') ?? 25)
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1_000)
    return json({ errCode: 404, errMsg: 'Invalid page size provided. Valid size is between 1 and 1000' })
  const found = works.filter((work) => work.pmcid !== null && isAskedFor(work, query))
  return json({
    version: '6.9',
    hitCount: found.length,
    request: {
      queryString: query,
      resultType: asked.get('resultType') ?? 'lite',
      cursorMark: '*'
    },
    resultList: { result: found.map(record) }
  })
}

function isAskedFor(work: PlacedWork, query: string): boolean {
  const values = [...query.matchAll(/(?:DOI|EXT_ID|PMCID|PMID)\s*:\s*(?:"([^"]+)"|([^\s")]+))/gi)].map(
    (match) => (match[1] ?? match[2])?.toLowerCase()
  )
  const names = [work.doi, work.pmid, work.pmcid].map((name) => name?.toLowerCase())
  return values.some((value) => value !== undefined && names.includes(value))
}

function record(work: PlacedWork): unknown {
  const urls = work.copies
    .filter((copy) => copy.via === 'europe_pmc')
    .map((copy) => ({
      availability: 'Open access',
      availabilityCode: 'OA',
      documentStyle: 'pdf',
      site: 'Europe_PMC',
      url: copy.url
    }))
  const doi = {
    availability: 'Subscription required',
    availabilityCode: 'S',
    documentStyle: 'doi',
    site: 'DOI'
  }
  const open = urls.length > 0 ? 'Y' : 'N'
  return {
    id: work.pmid ?? work.pmcid,
    source: work.pmid === null ? 'PMC' : 'MED',
    ...(work.pmid === null ? {} : { pmid: work.pmid }),
    pmcid: work.pmcid,
    ...(work.doi === null ? {} : { doi: work.doi }),
    title: work.title,
    authorString: work.authors.map((author) => author.replace(/, (.).*$/, ' $1')).join(', '),
    authorList: { author: work.authors.map((author) => ({ fullName: author.replace(',', '') })) },
    journalInfo: { journal: { title: 'Journal of Fixtures' }, yearOfPublication: work.year },
    pubYear: String(work.year),
    fullTextUrlList: {
      fullTextUrl: [...(work.doi === null ? [] : [{ ...doi, url: `https://doi.org/${work.doi}` }]), ...urls]
    },
    isOpenAccess: open,
    inEPMC: open,
    inPMC: open,
    hasPDF: open
  }
}
