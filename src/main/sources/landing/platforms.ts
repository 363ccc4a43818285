/**
 * How the major platforms place a paper's file beside its page, for pages that do not name it in their head.
 * Every rule is about a platform, never about one page. Rules based on the address alone are limited to
 * platforms where every paper is open; elsewhere the page itself must show that the file is available.
 */
import { BIORXIV_REGISTRANTS } from '../../../contract/doi'
import { before } from '../../../contract/scan'
import type { Element } from 'domhandler'
import { looksLikeFile } from '../../platform/file-address'
import { arxivFile, europePmcRender, osfFile, pmcidIn } from '../file-urls'
import { hostnameOf, isUnder } from '../../../contract/addresses'
import { decodeEntities, sameSite, webUrl } from '../web-text'
import { unlessDataSet } from '../deposit-files'
import { filesInFrames } from './frames'
import { ELSEWHERE, isElsewhere, textWithin } from './links'
import type { FileLink, ParsedPage } from './page'
import { isRefused } from './refused'

type Rule = (page: ParsedPage, url: URL, host: string) => readonly (string | null | undefined)[]

/** Platforms where every paper is open: the page's address is enough. */
const BY_ADDRESS: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^https?:\/\/(?:www\.|export\.)?arxiv\.org\/(?:abs|html)\/([^?#]+)/i, (m) => arxivFile(m[1] ?? '')],
  [
    /^(https?:\/\/journals\.plos\.org\/[a-z]+)\/article\?(?:[^#]{0,300}&)?id=([^&#]+)/i,
    (m) => `${m[1] ?? ''}/article/file?id=${m[2] ?? ''}&type=printable`
  ],
  [
    /^(https?:\/\/www\.mdpi\.com\/\d{4}-\d{3}[\dxX]\/\d+\/\d+\/\d+)(?:\/htm)?\/?(?:[?#]|$)/i,
    (m) => `${m[1] ?? ''}/pdf`
  ],
  [
    /^(https?:\/\/(?:www|public-pages-files-\d+)\.frontiersin\.org(?:\/journals\/[^/]+)?\/articles\/10\.3389\/[^/?#]+)/i,
    (m) => `${m[1] ?? ''}/pdf`
  ],
  [
    /^(https?:\/\/[^/]*(?:biomedcentral|springeropen)\.com)\/(?:articles|track\/pdf|counter\/pdf)\/(10\.[^?#]+)/i,
    (m) => `${m[1] ?? ''}/counter/pdf/${m[2] ?? ''}.pdf`
  ],
  [
    new RegExp(
      `^(https?://(?:www\\.)?(?:bio|med)rxiv\\.org/content/${BIORXIV_REGISTRANTS}/[^?#]+?v\\d+)(?:\\.(?:full|abstract|short|full-text))?(?:[?#]|$)`,
      'i'
    ),
    (m) => `${m[1] ?? ''}.full.pdf`
  ],
  [/^(https?:\/\/peerj\.com\/articles\/(?:cs-|[a-z]+-)?\d+)\/?(?:[?#]|$)/i, (m) => `${m[1] ?? ''}.pdf`],
  [/^(https?:\/\/cyberleninka\.(?:ru|org)\/article\/n\/[^/?#]+)/i, (m) => `${m[1] ?? ''}/pdf`],
  [/^(https?:\/\/www\.persee\.fr)\/doc\/([^/?#]+)/i, (m) => `${m[1] ?? ''}/docAsPDF/${m[2] ?? ''}.pdf`],
  [
    /^https?:\/\/osf\.io\/preprints\/(?:[a-z0-9]+\/)?([a-z0-9]{5,}(?:_v\d+)?)\/?(?:[?#]|$)/i,
    (m) => osfFile(m[1] ?? '')
  ],
  [
    /^(https?:\/\/www\.nber\.org)\/papers\/(w\d+)/i,
    (m) => `${m[1] ?? ''}/system/files/working_papers/${m[2] ?? ''}/${m[2] ?? ''}.pdf`
  ],
  [
    /^https?:\/\/openreview\.net\/forum\?(?:.*&)?id=([^&#]+)/i,
    (m) => `https://openreview.net/pdf?id=${m[1] ?? ''}`
  ],
  [/^(https?:\/\/aclanthology\.org\/[A-Z0-9][^/?#]+?)(?:\.pdf|\/)?(?:[?#]|$)/i, (m) => `${m[1] ?? ''}.pdf`],
  [
    /^(https?:\/\/escholarship\.org)\/uc\/item\/([a-z0-9]+)/i,
    (m) => `${m[1] ?? ''}/content/qt${m[2] ?? ''}/qt${m[2] ?? ''}.pdf`
  ],
  [
    /^(https?:\/\/[^/]*scielo[^/]*\/scielo\.php\?)(.*?)script=sci_(?:arttext|abstract)(.*)$/i,
    (m) => `${m[1] ?? ''}${m[2] ?? ''}script=sci_pdf${m[3] ?? ''}`
  ],
  [
    /^(https?:\/\/openaccess\.thecvf\.com\/.*)\/html\/(.+)_paper\.html/i,
    (m) => `${m[1] ?? ''}/papers/${m[2] ?? ''}_paper.pdf`
  ],
  [
    /^(https?:\/\/proceedings\.mlr\.press\/v\d+)\/([a-z0-9-]+)\.html/i,
    (m) => `${m[1] ?? ''}/${m[2] ?? ''}/${m[2] ?? ''}.pdf`
  ]
]

/** Platforms whose page must show that the file is available. */
const BY_PAGE: readonly Rule[] = [
  scienceDirect,
  ieee,
  openJournalSystems,
  halArchive,
  dspace,
  jstage,
  atypon,
  natureAndSpringer,
  pmcPages,
  eprintsAndFedora,
  dataRepositories,
  pure,
  radioForms,
  filesInFrames
]

export function linksByPlatform(page: ParsedPage): FileLink[] {
  const url = new URL(page.url)
  const host = hostnameOf(page.url)
  const byPage = BY_PAGE.flatMap((rule) => rule(page, url, host))
  const byAddress = BY_ADDRESS.map(([pattern, make]) => {
    const found = pattern.exec(page.url)
    return found === null ? null : make(found)
  })
  return [...byPage, ...byAddress].flatMap((address, index) => {
    const file = webUrl(address, page.base)
    const where = `where ${host} keeps its files`
    return file === null
      ? []
      : [{ url: file, format: 'pdf' as const, rank: 10 + Math.min(index, 9), evidence: where }]
  })
}

/** The page's data states whether this reader may access the file; only then it is proposed. */
function scienceDirect(page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  if (!isUnder(host, 'sciencedirect.com')) return []
  const pii = /\/pii\/([A-Z0-9()-]+)/i.exec(url.pathname)?.[1]
  if (pii === undefined) return []
  const entitled =
    /"articleEntitlement":\{[^{}]*"entitled":true/.test(page.html) ||
    /"access":\{"openAccess":true/.test(page.html)
  if (!entitled) return []
  const data =
    /"pdfDownload":\{.{0,80}?"queryParams":\{"md5":"([0-9a-f]{32})","pid":"([^"]+)"\},"pii":"([A-Z0-9]+)"/i.exec(
      page.html
    )
  const plain = `/science/article/pii/${pii}/pdf`
  if (data?.[3]?.toUpperCase() !== pii.replace(/[()-]/g, '').toUpperCase()) return [plain]
  return [plain, `/science/article/pii/${pii}/pdfft?md5=${data[1] ?? ''}&pid=${data[2] ?? ''}`]
}

function ieee(page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  if (host !== 'ieeexplore.ieee.org') return []
  const number = /\/document\/(\d+)/.exec(url.pathname)?.[1]
  const isOpen = /"(?:isOpenAccess|isFreeDocument|isEphemera)":\s*true|"openAccessFlag":\s*"T"/.test(
    page.html
  )
  if (number === undefined || !isOpen) return []
  const path = /"pdfPath":\s*"(\/iel[^"]+\.pdf)"/.exec(page.html)?.[1]
  return [`/stampPDF/getPDF.jsp?tp=&arnumber=${number}`, path ?? null]
}

/** OJS: a galley is `article/view/<article>/<galley>`, its file `article/download/<article>/<galley>`. */
function openJournalSystems(page: ParsedPage, url: URL): readonly (string | null)[] {
  const article = /\/article\/view\/([^/?#]+)/.exec(url.pathname)?.[1]
  if (article === undefined) return []
  const { $ } = page
  const found: string[] = []
  $('a[href*="/article/view/"], a[href*="/article/download/"]').each((_, element) => {
    const words = textWithin(element)
    const href = element.attribs['href'] ?? ''
    const parts = /\/article\/(?:view|download)\/([^/?#]+)\/([^/?#]+)/.exec(href)
    if (parts?.[1] !== article) return
    const marks = element.attribs['class'] ?? ''
    const isPdf =
      /\bpdf\b/i.test(words) ||
      /(?:^|\s)pdf(?:\s|$)/i.test(marks) ||
      /\bpdf\b/i.test(element.attribs['title'] ?? '')
    const isGalley = /galley|download|pdf/i.test(marks) || element.attribs['download'] !== undefined
    if (!isPdf && !(isGalley && /download/i.test(marks))) return
    if (/supp|html|epub|xml|audio|video/i.test(`${words} ${marks}`)) return
    found.push(href.replace('/article/view/', '/article/download/'))
  })
  return found.slice(0, 3)
}

function halArchive(page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  if (!/(?:^|\.)(?:hal\.science|archives-ouvertes\.fr|hal\.inria\.fr|inrae\.fr|univ-[a-z]+\.fr)$/.test(host))
    return []
  const id = /^\/([a-z]+-\d{6,})(?:v\d+)?\/?$/i.exec(url.pathname)?.[1]
  if (id === undefined) return []
  // A notice without a file may link to another one that has a file.
  const own = new RegExp(`/${id}(?:v\\d+)?/(?:document|file/[^"'\\s]{1,200}\\.pdf)`, 'i')
  return own.test(page.html) ? [`/${id}/document`] : []
}

/**
 * DSpace keeps a paper's files under `/bitstream`; those of other sites, and cited ones, do not belong to
 * this item.
 */
function dspace(page: ParsedPage): readonly string[] {
  return ownFiles(page, 'a[href*="/bitstream"]')
    .filter(({ href }) => /\/bitstream\/.*\.pdf(?:[?#]|$)|\/bitstreams\/[0-9a-f-]{36}\/download/i.test(href))
    .filter(
      ({ href, words }) =>
        !/licen[cs]e|thumbnail|\.pdf\.(?:txt|jpg)|cover|deposit|agreement/i.test(`${href} ${words}`)
    )
    .slice(0, 2)
    .map(({ href }) => href)
}

/** Links to files of this site in the part about the page's own paper, without supplements. */
function ownFiles(
  page: ParsedPage,
  selector: string
): readonly { readonly href: string; readonly words: string }[] {
  const { $ } = page
  const elsewhere = new Set($<Element, string>(ELSEWHERE).toArray())
  return $<Element, string>(selector)
    .toArray()
    .slice(0, 400)
    .filter((element) => !isElsewhere(element, elsewhere))
    .map((element) => ({
      href: decodeEntities(element.attribs['href'] ?? ''),
      words: textWithin(element).replace(/\s+/g, ' ').trim().slice(0, 200)
    }))
    .filter(({ href, words }) => {
      const url = webUrl(href, page.base)
      return url !== null && sameSite(url, page.url) && !isRefused(words, url, '')
    })
}

/** Pure: `/ws/portalfiles/portal/<number>/<name>.pdf`, named after the paper's title. */
function pure(page: ParsedPage): readonly string[] {
  return ownFiles(page, 'a[href*="/portalfiles/"], a[href*="/ws/files/"], a.document-link')
    .filter(({ href }) => /\.pdf(?:[?#]|$)/i.test(href))
    .slice(0, 2)
    .map(({ href }) => href)
}

/** RePEc's pages offer their files as the options of a form; the checked one comes first. */
function radioForms(page: ParsedPage): readonly string[] {
  const { $ } = page
  return $('form input[type="radio" i][name="url" i], form input[type="hidden" i][name="url" i]')
    .toArray()
    .slice(0, 20)
    .sort((one, other) => Number('checked' in other.attribs) - Number('checked' in one.attribs))
    .map((element) => element.attribs['value'] ?? '')
    .filter((value) => {
      const url = webUrl(value, page.base)
      return url !== null && looksLikeFile(url)
    })
    .slice(0, 2)
}

function jstage(page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  if (!isUnder(host, 'jstage.jst.go.jp') || !/\/_pdf/.test(page.html)) return []
  return /\/_article/.test(url.pathname) ? [url.pathname.replace(/\/_article(?:\/.*)?$/, '/_pdf')] : []
}

/** Wiley, ACS, Taylor & Francis, SAGE, Science …: the page links `/doi/(e)pdf/<DOI>` when there is one. */
function atypon(page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  const doi = /\/doi\/(?:(?:abs|full|epdf|pdf|book|figure|ref)\/)?(10\.\d{4,9}\/[^?#]+)/i.exec(
    url.pathname
  )?.[1]
  if (doi === undefined) return []
  const escaped = doi.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  if (!new RegExp(`href=["'][^"']*/doi/(?:e?pdf|pdfdirect|pdfplus|reader)/${escaped}`, 'i').test(page.html))
    return []
  if (isUnder(host, 'onlinelibrary.wiley.com'))
    return [`/doi/pdfdirect/${doi}?download=true`, `/doi/pdf/${doi}`]
  return [`/doi/pdf/${doi}?download=true`, `/doi/pdf/${doi}`]
}

function natureAndSpringer(page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  if (host === 'www.nature.com') {
    const article = /^\/articles\/([a-z0-9.-]+?)(?:\.pdf)?$/i.exec(url.pathname)?.[1]
    return article !== undefined && page.html.includes(`/articles/${article}.pdf`)
      ? [`/articles/${article}.pdf`]
      : []
  }
  if (host === 'link.springer.com') {
    const doi =
      /^\/(?:article|chapter|protocol|referenceworkentry)\/(10\.[^?#]+?)(?:\/fulltext\.html)?$/i.exec(
        url.pathname
      )?.[1]
    return doi !== undefined && page.html.includes(`/content/pdf/${doi}.pdf`)
      ? [`/content/pdf/${doi}.pdf`]
      : []
  }
  return []
}

/** PMC's own PDF page is guarded; Europe PMC renders the same file. */
function pmcPages(_page: ParsedPage, url: URL, host: string): readonly (string | null)[] {
  const isPmc = isUnder(host, 'ncbi.nlm.nih.gov') && /\/articles\//.test(url.pathname)
  const isEurope = isUnder(host, 'europepmc.org') && /\/articles?\//.test(url.pathname)
  if (!isPmc && !isEurope) return []
  const pmcid = pmcidIn(url.pathname.replace(/\/article\/PMC\/(?:PMC)?/i, '/article/PMC'))
  return pmcid === null ? [] : [europePmcRender(pmcid)]
}

/** EPrints (`/id/eprint/12/1/paper.pdf`, `/12/1/paper.pdf`) and Fedora/Islandora datastreams. */
function eprintsAndFedora(page: ParsedPage, url: URL): readonly (string | undefined)[] {
  const { $ } = page
  const item = /^\/(?:id\/eprint\/)?(\d+)\/?$/.exec(url.pathname)?.[1]
  const files = $('a.ep_document_link[href], a[href*="/datastream/PDF"], a[href*="/datastream/OBJ"]')
    .toArray()
    .map((element) => element.attribs['href'])
    .filter((href) => href !== undefined && /\.pdf(?:[?#]|$)|\/datastream\/(?:PDF|OBJ)/i.test(href))
    .filter((href) => item === undefined || href?.includes(`/${item}/`) === true)
  return files.slice(0, 2)
}

/** Zenodo, figshare and similar repositories keep files under the record's own number. */
function dataRepositories(page: ParsedPage, url: URL, host: string): readonly (string | undefined)[] {
  const record = /\/records?\/(\d+)/.exec(url.pathname)?.[1]
  if (record === undefined && !isUnder(host, 'figshare.com')) return []
  const hrefs = ownFiles(page, 'a[href]').map(({ href }) => href)
  if (record !== undefined) {
    const files = hrefs.filter(
      (href) => href.includes(`/${record}/files/`) && /\.pdf(?:\?download=1)?(?:$|[?#])/i.test(href)
    )
    const unique = [
      ...new Set(
        files.map((href) => (href.startsWith('?download', href.indexOf('?')) ? href : before(href, '?')))
      )
    ]
    return unlessDataSet(unique)
  }
  const files = hrefs.filter((href) => /ndownloader(?:\.figshare\.com)?\/files\/\d+/.test(href))
  return new Set(files).size === 1 ? files.slice(0, 1) : []
}
