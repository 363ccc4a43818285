/**
 * PubMed Central as of August 2026: the open-data bucket (listing, metadata, files) and the id converter at
 * its new URL. The former open-access service and converter no longer exist. Source: docs/services.md, and
 * the responses in tests/fixtures/services.
 */
import { createHash } from 'node:crypto'
import { escapeXml, html, json, redirect, xml, type Responder } from './service-answers'
import type { PlacedCopy, PlacedWork } from './works'

const CONVERTER = '/tools/idconv/api/v1/articles/'
const MOST_IDS = 200

/** NCBI's own hosts: programs may only use the converter. */
export function ncbi(url: URL, works: readonly PlacedWork[]): Responder | null {
  if (url.pathname.endsWith('/oa.fcgi')) return html('<html>WWW Error 404 Diagnostic</html>', 404)
  if (/\/pmc\/utils\/idconv/.test(url.pathname))
    return redirect(`https://pmc.ncbi.nlm.nih.gov${CONVERTER}${url.search}`, 301)
  if (url.host === 'pmc.ncbi.nlm.nih.gov' && url.pathname.startsWith(CONVERTER.slice(0, -1)))
    return idConverter(url, works)
  if (/\/articles\//.test(url.pathname))
    return html('<html><title>Preparing to download ...</title><p>Preparing to download ...</p></html>')
  return null
}

function idConverter(url: URL, works: readonly PlacedWork[]): Responder {
  const ids = (url.searchParams.get('ids') ?? '').split(',').filter((id) => id !== '')
  const type = url.searchParams.get('idtype') ?? kindOf(ids[0] ?? '')
  const refusal = refusedIds(ids, type)
  if (refusal !== null) {
    const errors = [refusal]
    return json({ status: 'error', http_status: '400', http_status_reason: 'Bad Request', errors }, 400)
  }
  const records = ids.map((id) => {
    const work = works.find((each) => nameOf(each, type)?.toLowerCase() === id.toLowerCase())
    if (work?.pmcid == null)
      return { 'requested-id': id, status: 'error', errmsg: 'Identifier not found in PMC' }
    return {
      ...(work.doi === null ? {} : { doi: work.doi }),
      pmcid: work.pmcid,
      ...(work.pmid === null ? {} : { pmid: Number(work.pmid) }),
      'requested-id': id
    }
  })
  return json({ status: 'ok', records })
}

function kindOf(id: string): string {
  if (/^10\./.test(id)) return 'doi'
  return /^pmc/i.test(id) ? 'pmcid' : 'pmid'
}

function refusedIds(ids: readonly string[], type: string): { message: string; code: string } | null {
  if (ids.length === 0 || ids.length > MOST_IDS)
    return { message: `Give 1 to ${String(MOST_IDS)} ids.`, code: 'invalid_ids' }
  if (ids.every((id) => kindOf(id) === type)) return null
  return type === 'pmid'
    ? {
        message: 'All values of query param `ids` must be PubMed IDs (Positive Integers).',
        code: 'invalid_pmids'
      }
    : { message: `All values of query param \`ids\` must be of type ${type}.`, code: 'invalid_ids' }
}

function nameOf(work: PlacedWork, type: string): string | null {
  if (type === 'doi') return work.doi
  return type === 'pmcid' ? work.pmcid : work.pmid
}

/** The bucket's listing and metadata. The files are copies of the world. */
export function openDataBucket(url: URL, works: readonly PlacedWork[]): Responder {
  if (url.pathname === '/') return listing(url, works)
  const asked = /^\/metadata\/(PMC\d+)\.(\d+)\.json$/.exec(url.pathname)
  const copies = asked === null ? [] : copiesOf(works, asked[1] ?? '')
  const copy = copies[Number(asked?.[2]) - 1]
  if (copy === undefined) {
    const key = escapeXml(url.pathname.slice(1))
    return xml(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>${key}</Key></Error>`,
      404
    )
  }
  return json(metadata(copy))
}

interface BucketCopy {
  readonly work: PlacedWork
  readonly copy: PlacedCopy
  readonly version: number
}

function copiesOf(works: readonly PlacedWork[], pmcid: string): BucketCopy[] {
  const work = works.find((each) => each.pmcid === pmcid)
  const copies = work?.copies.filter((copy) => copy.via === 'pmc') ?? []
  return work === undefined ? [] : copies.map((copy, index) => ({ work, copy, version: index + 1 }))
}

function listing(url: URL, works: readonly PlacedWork[]): Responder {
  const prefix = url.searchParams.get('prefix') ?? ''
  const pmcid = /^(PMC\d+)\.$/.exec(prefix)?.[1] ?? ''
  const folders = copiesOf(works, pmcid).map(
    ({ version }) => `<CommonPrefixes><Prefix>${pmcid}.${String(version)}/</Prefix></CommonPrefixes>`
  )
  return xml(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>pmc-oa-opendata</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${String(folders.length)}</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><IsTruncated>false</IsTruncated>${folders.join('')}</ListBucketResult>`
  )
}

function metadata({ work, copy, version }: BucketCopy): unknown {
  const pmcid = work.pmcid ?? ''
  const key = `${pmcid}.${String(version)}/${pmcid}.${String(version)}`
  const md5 = createHash('md5').update(copy.file.bytes).digest('hex')
  return {
    pmcid,
    version,
    ...(work.pmid === null ? {} : { pmid: Number(work.pmid) }),
    ...(work.doi === null ? {} : { doi: work.doi }),
    title: work.title,
    citation: `J Fixtures. ${String(work.year)} Jan 1;1(1):1-9.`,
    is_pmc_openaccess: true,
    is_manuscript: copy.version === 'acceptedVersion',
    is_historical_ocr: false,
    is_retracted: false,
    license_code: copy.license ?? 'CC BY',
    xml_url: `s3://pmc-oa-opendata/${key}.xml?md5=${md5}`,
    text_url: `s3://pmc-oa-opendata/${key}.txt?md5=${md5}`,
    pdf_url: `s3://pmc-oa-opendata/${key}.pdf?md5=${md5}`
  }
}
