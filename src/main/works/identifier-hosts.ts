/**
 * Addresses whose path is an identifier: doi.org, arXiv, PubMed, PMC, Europe PMC, OpenAlex and their mirrors
 * and proxies. Only a service's own ids are read as identifiers; every other address stays a location. No
 * network is used.
 */
import { unescaped } from '../../contract/addresses'
import { arxivOfDoi, doiOfArxiv } from '../../contract/doi'
import type { Identifiers } from '../../contract/work'
import { parseArxivId } from './arxiv-id'
import { doiOf } from './doi-text'

export interface IdsFound {
  readonly ids: Identifiers
  readonly arxivVersion?: string
}

type Read = (url: URL) => IdsFound | null

const HOSTS: Readonly<Record<string, Read>> = {
  'doi.org': doiPath,
  'dx.doi.org': doiPath,
  'oadoi.org': doiPath,
  'doai.io': doiPath,
  'doi.acm.org': doiPath,
  'doi.wiley.com': doiPath,
  'doi.apa.org': doiPath,
  'doi.aip.org': doiPath,
  'doi.ieeecomputersociety.org': doiPath,
  'doi.pangaea.de': doiPath,
  'shortdoi.org': doiPath,
  'sci-hub.se': doiPath,
  'sci-hub.st': doiPath,
  'sci-hub.ru': doiPath,
  'data.crossref.org': doiPath,
  'data.datacite.org': (url) => doiAfter(url, /^\/(?:[\w.+-]+\/[\w.+-]+\/)?(?=10\.)/),
  'api.datacite.org': (url) => doiAfter(url, /^\/(?:dois|works)\//),
  'unpaywall.org': doiPath,
  'libkey.io': doiPath,
  'hdl.handle.net': doiPath,
  'api.crossref.org': (url) => doiAfter(url, /^\/works\//),
  'api.unpaywall.org': (url) => doiAfter(url, /^\/v2\//),
  'api.openalex.org': openalexPath,
  'openalex.org': openalexPath,
  'explore.openalex.org': openalexPath,
  'arxiv.org': arxivPath,
  'export.arxiv.org': arxivPath,
  'browse.arxiv.org': arxivPath,
  'alphaxiv.org': arxivPath,
  'arxiv-vanity.com': arxivPath,
  'huggingface.co': arxivPath,
  'ar5iv.org': arxivPath,
  'xxx.lanl.gov': arxivPath,
  'arxiv.lanl.gov': arxivPath,
  'eprints.lanl.gov': arxivPath,
  'xxx.arxiv.cornell.edu': arxivPath,
  'xxx.itp.ac.cn': arxivPath,
  'babbage.sissa.it': arxivPath,
  'front.math.ucdavis.edu': (url) => idsOfArxiv(unescaped(url.pathname.slice(1))),
  'scirate.com': (url) => idsOfArxiv(unescaped(url.pathname.replace(/^\/(?:arxiv\/)?/, ''))),
  'api.semanticscholar.org': semanticScholarPath,
  'semanticscholar.org': semanticScholarPath,
  'inspirehep.net': (url) =>
    idsOfArxiv(/^\/(?:api\/)?arxiv\/(.+)$/i.exec(unescaped(url.pathname))?.[1] ?? ''),
  'ui.adsabs.harvard.edu': adsPath,
  'adsabs.harvard.edu': adsPath,
  'dblp.org': dblpPath,
  'dblp.uni-trier.de': dblpPath,
  'ar5iv.labs.arxiv.org': arxivPath,
  'pubmed.ncbi.nlm.nih.gov': pubmedPath,
  'm.pubmed.ncbi.nlm.nih.gov': pubmedPath,
  'view.ncbi.nlm.nih.gov': ncbiPath,
  'hubmed.org': (url) => {
    const id = onlyDigits(url.searchParams.get('uids') ?? url.searchParams.get('uid'))
    return id === null ? null : idsOfPmid(id)
  },
  'ncbi.nlm.nih.gov': ncbiPath,
  'pubmedcentral.nih.gov': ncbiPath,
  'pubmedcentral.gov': ncbiPath,
  'pubmedcentral.com': ncbiPath,
  'eutils.ncbi.nlm.nih.gov': ncbiPath,
  'pmc.ncbi.nlm.nih.gov': ncbiPath,
  'europepmc.org': europePmcPath,
  'ukpmc.ac.uk': europePmcPath
}

export const IDENTIFIER_HOSTS = Object.keys(HOSTS)

/**
 * The identifiers in the address, when its host is one of those above (or a proxy's name for it), else null.
 */
export function idsOfUrl(url: URL): IdsFound | null {
  const host = knownHost(url.hostname)
  return host === null ? null : (HOSTS[host]?.(url) ?? null)
}

/** An address of doi.org without a DOI resolves to nothing. */
export function isDoiHost(url: URL): boolean {
  const host = knownHost(url.hostname)
  return host === 'doi.org' || host === 'dx.doi.org'
}

/**
 * A library's proxy writes `doi-org.proxy.lib.edu` or `doi.org.proxy.lib.edu` for `doi.org`.
 * Source: EZproxy, “HttpsHyphens” and proxying by host name.
 */
function knownHost(hostname: string): string | null {
  const host = hostname.replace(/^www[.-]/, '').replace(/\.$/, '')
  if (Object.hasOwn(HOSTS, host)) return host
  // arXiv's mirrors: `de.arxiv.org`, `lanl.arxiv.org`, `xxx.uni-augsburg.de`.
  if (/^[a-z]{2,5}\.arxiv\.org$/.test(host) || /^xxx\.[a-z0-9-]+\.[a-z.]+$/.test(host)) return 'arxiv.org'
  for (const [known, dotted, hyphened] of PROXIED) {
    if (host.startsWith(dotted) || host.startsWith(hyphened)) return known
  }
  return null
}

const PROXIED = IDENTIFIER_HOSTS.map(
  (known) => [known, `${known}.`, `${known.replaceAll('-', '--').replaceAll('.', '-')}.`] as const
)

/** The target of a proxy's or search engine's address (`…/login?url=https://…`), or null. */
export function wrappedUrl(url: URL): string | null {
  return urlInQuery(url) ?? unproxied(url)
}

/** `www-nature-com.proxy.lib.edu`, `www.nature.com.ezproxy.lib.edu`: the host behind a library's proxy. */
function unproxied(url: URL): string | null {
  const own =
    /^(.+?)\.(?:(?:[a-z0-9-]*-)?(?:ez|lib|web)?proxy[a-z0-9-]*|ezp[a-z0-9-]*|idm\.oclc|remotexs)\./i.exec(
      url.hostname
    )?.[1]
  if (own === undefined) return null
  const host = own.includes('.') ? own : own.replace(/--|-/g, (dash) => (dash === '-' ? '.' : '-'))
  return /^(?:[a-z0-9-]+\.)+[a-z]{2,8}$/i.test(host) ? `https://${host}${url.pathname}${url.search}` : null
}

function urlInQuery(url: URL): string | null {
  const wraps =
    /(?:\/login|\/scholar_url|\/redirect)\/?$/i.test(url.pathname) ||
    /proxy/i.test(url.hostname) ||
    (/(?:^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === '/url')
  if (!wraps) return null
  const behind = /[?&](?:q?url|q)=(.+)$/i.exec(url.href)?.[1] ?? ''
  // EZproxy uses all text after `url=` when it is not encoded.
  if (/^https?:\/\//i.test(behind) && !/google\./.test(url.hostname)) return behind
  const value = unescaped(behind.split('&', 1)[0] ?? '')
  return /^https?:\/\//i.test(value) ? value : null
}

/** A DOI of arXiv names an arXiv paper too; versions have no DOI, so a suffix after it is a version. */
export function idsOfDoi(doi: string): IdsFound {
  const arxiv = arxivOfDoi(doi)
  const id = arxiv === null ? null : parseArxivId(arxiv)
  if (id === null) return { ids: { doi } }
  const ids = { doi: doiOfArxiv(id.id), arxiv: id.id }
  return id.version === undefined ? { ids } : { ids, arxivVersion: id.version }
}

export function idsOfArxiv(text: string): IdsFound | null {
  const id = parseArxivId(text)
  if (id === null) return null
  const ids = { arxiv: id.id }
  return id.version === undefined ? { ids } : { ids, arxivVersion: id.version }
}

/** `PMC0123.2` is `PMC123`; the version is not part of the name. */
export function idsOfPmcid(digits: string): IdsFound {
  return { ids: { pmcid: `PMC${withoutZeros(digits)}` } }
}

export function idsOfPmid(digits: string): IdsFound {
  return { ids: { pmid: withoutZeros(digits) } }
}

export function idsOfOpenalex(digits: string): IdsFound {
  return { ids: { openalex: `W${withoutZeros(digits)}` } }
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

function doiPath(url: URL): IdsFound | null {
  const path = unescaped(url.pathname.replace(/^\/+(?:doi\/)?/i, ''))
  // An address contains no spaces: the text after an encoded one is a remark (`…%20(accessed%202020)`).
  const doi = doiOf(path) ?? doiOf(path.trim().split(/\s/, 1)[0] ?? '')
  return doi === null ? null : idsOfDoi(doi)
}

function doiAfter(url: URL, path: RegExp): IdsFound | null {
  if (!path.test(url.pathname)) return null
  const doi = doiOf(unescaped(url.pathname.replace(path, '')))
  return doi === null ? null : idsOfDoi(doi)
}

function openalexPath(url: URL): IdsFound | null {
  const path = unescaped(url.pathname)
  const id = /^\/(?:works\/)?(?:https?:\/\/openalex\.org\/)?W(\d+)\/?$/i.exec(path)?.[1]
  if (id !== undefined) return idsOfOpenalex(id)
  const other = /^\/works\/(?:(pmid|pmcid):(?:PMC)?(\d+)|(.+))$/i.exec(path)
  if (other === null) return null
  if (other[2] !== undefined)
    return /pmcid/i.test(other[1] ?? '') ? idsOfPmcid(other[2]) : idsOfPmid(other[2])
  const doi = doiOf(other[3] ?? '')
  return doi === null ? null : idsOfDoi(doi)
}

function arxivPath(url: URL): IdsFound | null {
  const path = unescaped(url.pathname)
  const id =
    /^\/(?:abs|pdf|html|format|ps|e-print|src|overview|papers|resources|ftp\/arxiv\/papers\/\d{4})\/(?:arxiv:)?(.+?)(?:\.pdf|\.html?)?\/?$/i.exec(
      path
    )
  return id === null ? null : idsOfArxiv(id[1] ?? '')
}

function pubmedPath(url: URL): IdsFound | null {
  const id = /^\/(\d{1,9})(?:\/|$)/.exec(url.pathname)?.[1] ?? onlyDigits(url.searchParams.get('term'))
  return id === null ? null : idsOfPmid(id)
}

function ncbiPath(url: URL): IdsFound | null {
  const pmid = /^(?:\/m)?\/(?:pubmed|pmc\/articles\/pmid|articles\/pmid)\/(\d{1,9})(?:\/|$)/i.exec(
    url.pathname
  )?.[1]
  if (pmid !== undefined) return idsOfPmid(pmid)
  const pmcid = /^(?:\/labs)?(?:\/pmc)?\/articles\/(?:PMC(?=\d)|(?=\d{3}))(\d{1,9})(?:\.\d+)?(?:\/|$)/i.exec(
    url.pathname
  )?.[1]
  if (pmcid !== undefined) return idsOfPmcid(pmcid)
  return oldEntrez(url)
}

/** `…/entrez/query.fcgi?db=pubmed&list_uids=12000001`, `articlerender.fcgi?artid=3000001`: older than 2010. */
function oldEntrez(url: URL): IdsFound | null {
  const asked = new Map(Array.from(url.searchParams, ([name, value]) => [name.toLowerCase(), value] as const))
  const article = /(?:article|pic|page)render\.fcgi$|\/pmc\/?$|\/utils\/oa\/oa\.fcgi$/i.test(url.pathname)
    ? /^(?:PMC)?(\d{1,9})$/i.exec(asked.get('artid') ?? asked.get('accid') ?? asked.get('id') ?? '')?.[1]
    : undefined
  if (article !== undefined) return idsOfPmcid(article)
  const database = asked.get('db') ?? (/^\/pubmed\/?$/i.test(url.pathname) ? 'pubmed' : '')
  if (!/^(?:pubmed|pmc)$/i.test(database)) return null
  const uid =
    onlyDigits(asked.get('list_uids') ?? null) ??
    onlyDigits(asked.get('uid') ?? null) ??
    onlyDigits(asked.get('id') ?? null) ??
    onlyDigits(asked.get('term') ?? asked.get('termtosearch') ?? null)
  if (uid === null) return null
  return /^pmc$/i.test(database) ? idsOfPmcid(uid) : idsOfPmid(uid)
}

/** `/abs/arXiv:1602.00001`, `/abs/2016arXiv160200001X`, `/link_gateway/…/doi:10.1000/a`. */
function adsPath(url: URL): IdsFound | null {
  const path = unescaped(url.pathname)
  const doi = /\/doi:(10\..+)$/i.exec(path)?.[1] ?? /^\/abs\/(10\.\d{4,9}\/[^/]+)/.exec(path)?.[1]
  if (doi !== undefined) {
    const named = doiOf(doi)
    if (named !== null) return idsOfDoi(named)
  }
  const [, id] = /^\/abs\/arxiv:([^/]+(?:\/\d{7})?)/i.exec(path) ?? []
  if (id !== undefined) return idsOfArxiv(id)
  const [, year, digits = ''] = /\/(\d{4})arxiv(\d{8,9})[A-Z](?:\/|$)/i.exec(path) ?? []
  return year === undefined ? null : idsOfArxiv(`${digits.slice(0, 4)}.${digits.slice(4)}`)
}

/** `/rec/journals/corr/abs-1706-03762`. */
function dblpPath(url: URL): IdsFound | null {
  const [, month, number] =
    /\/rec\/(?:\w+\/)?journals\/corr\/abs-(\d{4})-(\d{4,5})(?:\.\w+)?$/i.exec(url.pathname) ?? []
  return month === undefined || number === undefined ? null : idsOfArxiv(`${month}.${number}`)
}

/** `/arXiv:1706.03762`, `/arxiv/1706.03762`; the site's own page of a paper is an ordinary location. */
function semanticScholarPath(url: URL): IdsFound | null {
  const id = /^\/(?:graph\/v1\/paper\/)?arxiv[:/](.+)$/i.exec(unescaped(url.pathname))?.[1]
  return id === undefined ? null : idsOfArxiv(id)
}

/** Addresses that name people, funders, licences, vocabularies: they can never be a paper. */
const NEVER_PAPERS: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/(?:www\.)?orcid\.org\//i, 'an ORCID iD, which names a person'],
  [/^https?:\/\/(?:www\.)?(?:ror\.org|grid\.ac|isni\.org)\//i, 'the name of an organisation'],
  [
    /^https?:\/\/(?:www\.)?(?:researcherid\.com|viaf\.org|publons\.com\/(?:researcher|author))/i,
    'a person’s page'
  ],
  [
    /^https?:\/\/(?:www\.)?(?:linkedin\.com\/in\/|(?:twitter|x|facebook)\.com\/\w+\/?$|researchgate\.net\/profile\/)/i,
    'a person’s page'
  ],
  [/^https?:\/\/(?:www\.)?wikidata\.org\/(?:wiki|entity)\/[QP]\d+/i, 'an entry of Wikidata'],
  [/^https?:\/\/(?:www\.)?creativecommons\.org\/(?:licen[cs]es|publicdomain|ns)\b/i, 'a licence'],
  [/^https?:\/\/(?:www\.)?(?:opensource|gnu|apache)\.org\/licen[cs]es?\b/i, 'a licence'],
  [/^https?:\/\/(?:www\.)?w3\.org\/(?:\d{4}|XML|TR\/(?:html|xhtml|REC)|ns)\b/i, 'an XML namespace'],
  [
    /^https?:\/\/(?:www\.)?(?:schema\.org|purl\.org\/(?:dc|rss|net\/biblio)|xmlns\.com|ns\.adobe\.com|loc\.gov\/(?:mods|MARC21|standards)|prismstandard\.org|jats\.nlm\.nih\.gov|schemas\.(?:microsoft|openxmlformats)\.\w+|datacite\.org\/schema|crossref\.org\/schema|schema\.datacite\.org|openarchives\.org\/OAI)/i,
    'a vocabulary'
  ],
  [/^https?:\/\/(?:www\.)?doi\.org\/10\.13039\//i, 'an entry of the Funder Registry'],
  [
    /^https?:\/\/(?:www\.)?(?:scopus\.com\/(?:inward|record)|app\.dimensions\.ai\/details|webofscience\.com\/(?:wos|api)|webofknowledge\.com|gateway\.(?:isiknowledge|webofknowledge)\.com|ovidsp\.[\w.]+\/(?:ovidweb|athens))/i,
    'a database’s page about a paper, which only its subscribers see'
  ],
  [
    /^https?:\/\/(?:www\.)?(?:scopus\.com\/authid|researchgate\.net\/(?:lab|institution)|academia\.edu\/?$|semanticscholar\.org\/author)/i,
    'a person’s page'
  ],
  [/^https?:\/\/scholar\.google\.[a-z.]+\/(?:scholar\?|citations)/i, 'a search at Google Scholar']
]

/** The kind of an address that can never be a paper, or null. */
export function neverPaper(url: URL): string | null {
  return NEVER_PAPERS.find(([pattern]) => pattern.test(url.href))?.[1] ?? null
}

function europePmcPath(url: URL): IdsFound | null {
  const pmcid =
    /^\/(?:backend\/ptpmcrender\.fcgi|articles?(?:\/pmc)?|abstract\/pmc|api\/fulltextRepo)\/(?:PMC(?=\d)|(?=\d{3}))(\d{1,9})(?:\/|$)/i
  const found =
    pmcid.exec(url.pathname)?.[1] ?? /^PMC(\d{1,9})$/i.exec(url.searchParams.get('accid') ?? '')?.[1]
  if (found !== undefined) return idsOfPmcid(found)
  const pmid = /^\/(?:article|abstract)\/med\/(\d{1,9})(?:\/|$)/i.exec(url.pathname)?.[1]
  return pmid === undefined ? null : idsOfPmid(pmid)
}

function onlyDigits(text: string | null): string | null {
  const digits =
    text
      ?.trim()
      .replace(/\[(?:pmid|uid)\]$/i, '')
      .trim() ?? ''
  return /^\d{1,9}$/.test(digits) ? digits : null
}
