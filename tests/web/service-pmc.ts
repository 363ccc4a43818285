/**
 * PubMed Central: the id converter and the open-access service, which names files by ftp: addresses
 * that are also reachable by https. Source: https://www.ncbi.nlm.nih.gov/pmc/tools/developers/, and
 * recorded answers.
 */
import { escapeXml, json, xml, type Performance } from './service-answers'
import type { PlacedWork } from './works'

export function idConverter(url: URL, works: readonly PlacedWork[]): Performance {
  const ids = (url.searchParams.get('ids') ?? '').split(',').filter((id) => id !== '')
  const records = ids.map((id) => {
    const work = works.find((each) => {
      const names = [each.doi, each.pmid, each.pmcid, each.pmcid?.slice(3)]
      return names.some((name) => name?.toLowerCase() === id.toLowerCase())
    })
    if (work?.pmcid == null) {
      return { 'requested-id': id, status: 'error', errmsg: 'Identifier not found in PMC', live: 'false' }
    }
    return {
      pmcid: work.pmcid,
      ...(work.pmid === null ? {} : { pmid: work.pmid }),
      ...(work.doi === null ? {} : { doi: work.doi }),
      'requested-id': id
    }
  })
  return json({ status: 'ok', 'response-date': '2024-01-02 03:04:05', request: {}, records })
}

export function openAccessService(url: URL, works: readonly PlacedWork[]): Performance {
  const id = (url.searchParams.get('id') ?? '').toUpperCase()
  const work = works.find((each) => each.pmcid === id)
  const copy = work?.copies.find((each) => each.via === 'pmc')
  const begin = `<OA><responseDate>2024-01-02 03:04:05</responseDate><request id="${escapeXml(id)}">https://www.ncbi.nlm.nih.gov/pmc/utils/oa/oa.fcgi?id=${escapeXml(id)}</request>`
  if (copy === undefined) {
    const code = work === undefined ? 'idDoesNotExist' : 'idIsNotOpenAccess'
    return xml(`${begin}<error code="${code}">identifier '${escapeXml(id)}' is not Open Access</error></OA>`)
  }
  const href = copy.url.replace(/^https:/, 'ftp:')
  return xml(
    `${begin}<records returned-count="1" total-count="1"><record id="${id}" citation="J Fixtures. ${work?.year ?? ''}" license="CC BY" retracted="no">` +
      `<link format="tgz" updated="2024-01-02 03:04:05" href="ftp://ftp.ncbi.nlm.nih.gov/pub/pmc/oa_package/0a/b1/${id}.tar.gz"/>` +
      `<link format="pdf" updated="2024-01-02 03:04:05" href="${escapeXml(href)}"/></record></records></OA>`
  )
}
