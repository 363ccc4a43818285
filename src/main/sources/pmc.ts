/**
 * PubMed Central: its open-access service says where an article's own PDF lies; where it has only a
 * package, Europe PMC renders the same article. PMC's guarded `/articles/PMC…/pdf/` page is never
 * asked, and an id is never `PMCPMC…`.
 */
import type { Identifiers, Work } from '../../contract/work'
import { sameDoi } from './facts'
import { europePmcRender, pmcidIn } from './file-urls'
import type { Interview } from './interview'
import { parseIdConverter, parseOaService, type ConvertedRecord, type OaRecord } from './pmc-answers'
import { isReading, readStatus, type Reading, type Failure } from './reading'
import type { Question, Source } from './sources'

/** The converter's long-standing address, and the one that is to replace it. */
const CONVERTERS = [
  'https://www.ncbi.nlm.nih.gov/pmc/utils/idconv/v1.0/',
  'https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/'
] as const

export const pmc: Source = {
  name: 'pmc',

  cannot(work: Work): string | null {
    const { pmcid, pmid, doi } = work.ids
    const known = pmcid ?? pmid ?? doi
    return known === undefined ? 'PMC is asked by PMCID, PMID or DOI, and none is known.' : null
  },

  async ask(question: Question, interview: Interview): Promise<void> {
    const { ids } = question.work
    const pmcid = ids.pmcid === undefined ? await convert(ids, interview) : pmcidIn(ids.pmcid)
    if (pmcid === null) return
    const url = `https://www.ncbi.nlm.nih.gov/pmc/utils/oa/oa.fcgi?id=${pmcid}`
    const record = await interview.ask(url, (answer) => readOa(answer.text, pmcid, readStatus(answer)))
    if (record === null) return
    propose(record, interview)
  }
}

/** The PMCID of a work known by another name, or null. Learns the other names on the way. */
async function convert(ids: Identifiers, interview: Interview): Promise<string | null> {
  const asked = ids.doi ?? ids.pmid
  if (asked === undefined) return null
  const type = ids.doi === undefined ? 'pmid' : 'doi'
  const { mailto } = interview.rooms
  const query = new URLSearchParams({ ids: asked, idtype: type, format: 'json', tool: 'sheaf' })
  if (mailto !== '') query.set('email', mailto)
  for (const address of CONVERTERS) {
    const heard = { understood: false }
    const record = await interview.ask(`${address}?${query.toString()}`, (answer) => {
      const reading = readConversion(answer.text, ids, readStatus(answer))
      heard.understood = reading.outcome === 'success' || reading.outcome === 'no_pdf'
      return reading
    })
    if (record !== null) {
      interview.learn(record.ids)
      return record.ids.pmcid ?? null
    }
    if (heard.understood) return null
  }
  return null
}

function readConversion(text: string, ids: Identifiers, trouble: Failure | null): Reading<ConvertedRecord> {
  const conversion = parseIdConverter(text)
  if (isReading(conversion)) return trouble ?? conversion
  if (conversion.error !== null) {
    return {
      outcome: 'nonretryable',
      reason: 'HTTP_REFUSED',
      detail: `PMC’s id converter says: ${conversion.error}.`
    }
  }
  const record = conversion.records.find((one) => isAbout(one.ids, ids))
  if (record === undefined)
    return trouble ?? { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: 'PMC does not know this work.' }
  if (record.ids.pmcid === undefined) {
    return {
      outcome: 'no_pdf',
      reason: 'NO_OPEN_COPY',
      detail: `Not in PMC (${record.error ?? 'no PMCID'}).`
    }
  }
  if (!record.isLive)
    return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail: `${record.ids.pmcid} is under embargo.` }
  return { outcome: 'success', value: record, detail: `It is ${record.ids.pmcid}.` }
}

function isAbout(found: Identifiers, wanted: Identifiers): boolean {
  if (wanted.doi !== undefined && found.doi !== undefined) return sameDoi(found.doi, wanted.doi)
  return wanted.pmid !== undefined && found.pmid === wanted.pmid
}

function readOa(text: string, pmcid: string, trouble: Failure | null): Reading<OaRecord> {
  const answer = parseOaService(text)
  if (isReading(answer)) return trouble ?? answer
  if (answer.error !== null) {
    const detail = `PMC’s open-access service says ${answer.error.code}: ${answer.error.message}.`
    return { outcome: 'no_pdf', reason: 'NO_OPEN_COPY', detail }
  }
  const record = answer.records.find((one) => one.pmcid === pmcid)
  if (record === undefined)
    return (
      trouble ?? {
        outcome: 'no_pdf',
        reason: 'NO_OPEN_COPY',
        detail: `PMC’s open-access service has no files of ${pmcid}.`
      }
    )
  const formats = record.links.map((link) => link.format).join(', ')
  return {
    outcome: 'success',
    value: record,
    detail: `${pmcid} is in the open-access subset (${formats || 'no files named'}).`
  }
}

function propose(record: OaRecord, interview: Interview): void {
  const { pmcid, retracted } = record
  const license = record.license === null ? {} : { license: record.license }
  const note = retracted ? ' The article was retracted.' : ''
  for (const link of record.links.filter((one) => one.format === 'pdf')) {
    interview.propose({
      url: link.url,
      format: 'pdf',
      rank: 0,
      version: /nihms|manuscript/i.test(link.url) ? 'acceptedVersion' : 'publishedVersion',
      evidence: `PMC’s open-access service names this file of ${pmcid}.${note}`,
      ...license
    })
  }
  const renders = [
    europePmcRender(pmcid),
    `https://europepmc.org/backend/ptpmcrender.fcgi?accid=${pmcid}&blobtype=pdf`
  ]
  renders.forEach((url, index) => {
    interview.propose({
      url,
      format: 'pdf',
      rank: 10 + index,
      version: 'publishedVersion',
      evidence: `${pmcid} is open access; Europe PMC renders it as a PDF.${note}`,
      ...license
    })
  })
  interview.propose({
    url: `https://www.ebi.ac.uk/europepmc/webservices/rest/${pmcid}/fullTextXML`,
    format: 'xml',
    rank: 0,
    version: 'publishedVersion',
    evidence: `${pmcid} is open access; Europe PMC gives its full text as XML.${note}`,
    ...license
  })
}
