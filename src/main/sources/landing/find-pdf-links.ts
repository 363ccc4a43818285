/**
 * The landing page extractor: which files of a paper a page names. Pure; the same page gives the same answer.
 * A page that is not about one paper proposes nothing, and returns the reason.
 */
import { formatOf } from '../file-urls'
import { unescaped } from '../../../contract/addresses'
import { decodeEntities, urlKey, webUrl } from '../web-text'
import { readJsonLd } from './json-ld'
import { SURE, linksInBody } from './links'
import { factsInMeta, linksInHead, linksInHeader, linksInMeta, readMeta } from './meta'
import {
  MOST_ADDRESS_CHARS,
  type FileLink,
  type PageAddress,
  type PageFinding,
  type ParsedPage
} from './page'
import { judgeKind } from './page-kind'
import { linksByPlatform } from './platforms'
import { readTree } from '../../platform/page-tree'

/** Longer pages exist; a paper's page names its file in the first part. */
const MOST_CHARACTERS = 3_000_000
const MOST_LINKS = 6

export function findPdfLinks(html: string, address: PageAddress): PageFinding {
  try {
    return lookThrough(html, address)
  } catch (error) {
    // Only a page nested deeper than the stack, which no paper's page is.
    if (error instanceof RangeError) return { pageKind: 'page', blocker: null, links: [] }
    throw error
  }
}

function lookThrough(html: string, address: PageAddress): PageFinding {
  const page = parsePage(html.slice(0, MOST_CHARACTERS), address)
  const json = readJsonLd(page)
  const { kind, blocker } = judgeKind(page, json.isArticle)
  const facts = factsInMeta(page)
  const refresh = kind === 'challenge' || kind === 'not_found' ? null : refreshOf(page)
  const about = {
    ...(json.doi === undefined ? {} : { doi: json.doi }),
    ...(json.title === undefined ? {} : { title: json.title }),
    ...facts,
    ...(refresh === null ? {} : { refresh })
  }
  if (blocker !== null) return { pageKind: kind, blocker, links: [], ...about }

  const named = [...linksInMeta(page), ...linksInHeader(page), ...linksInHead(page), ...json.links].map(
    (link) => (about.doi !== undefined && isOfNeighbour(link.url, about.doi) ? { ...link, rank: LAST } : link)
  )
  const derived = linksByPlatform(page)
  const body = linksInBody(page, kind === 'article' || json.isArticle)
  if (body.isListing && named.length === 0 && derived.length === 0) {
    return { pageKind: 'listing', blocker: 'HTML_PAGE', links: [], ...about }
  }
  const hasNamed = named.some((link) => link.format === 'pdf' && link.rank < LAST)
  const read = body.links
    .filter((link) => !hasNamed || link.score >= SURE)
    .map((link): FileLink => ({
      url: link.url,
      format: link.format,
      rank: link.rank,
      evidence: link.evidence,
      ...(link.version === undefined ? {} : { version: link.version })
    }))
  return {
    pageKind: kind,
    blocker: null,
    links: inOrder([...named, ...derived, ...read], page.url),
    ...about
  }
}

/** Ranks after everything that the page shows. */
const LAST = 60
const DOI_IN_ADDRESS = /10\.\d{4,9}\/[^/?#&\s]{3,200}/

/**
 * The address has another article's DOI of the same registrant: a template that named a neighbouring article.
 */
function isOfNeighbour(url: string, doi: string): boolean {
  const found = DOI_IN_ADDRESS.exec(unescaped(url).toLowerCase())?.[0]
  if (found === undefined) return false
  const plain = (text: string): string => text.replace(/(?:\.full)?(?:\.pdf)?$/, '').replace(/[^a-z0-9]/g, '')
  const [there, ours] = [plain(found), plain(doi)]
  const registrant = /^10\.\d+/.exec(doi)?.[0] ?? ''
  // One may be cut at a slash of its suffix, the other followed by a version.
  return found.startsWith(`${registrant}/`) && !there.startsWith(ours) && !ours.startsWith(there)
}

export function parsePage(html: string, address: PageAddress): ParsedPage {
  const $ = readTree(html)
  const url = webUrl(address.url) ?? 'http://unknown.invalid/'
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  return {
    $,
    html,
    url,
    base,
    headers: address.headers ?? {},
    status: address.status ?? 200,
    meta: readMeta($)
  }
}

/** Best first, each address once. */
function inOrder(links: readonly FileLink[], pageUrl: string): FileLink[] {
  const best = new Map<string, FileLink>()
  for (const link of [...links].sort((a, b) => a.rank - b.rank)) {
    const key = urlKey(link.url)
    if (key === urlKey(pageUrl) && formatOf(link.url) === 'html') continue
    if (!best.has(key)) best.set(key, link)
  }
  return [...best.values()].slice(0, MOST_LINKS)
}

/** The page's own redirect: meta refresh, or the form of a redirecting hub. */
function refreshOf(page: ParsedPage): string | null {
  const target = metaRefresh(page) ?? hubTarget(page)
  return target === null || urlKey(target) === urlKey(page.url) ? null : target
}

function metaRefresh(page: ParsedPage): string | null {
  const targets = page
    .$('meta[http-equiv="refresh" i]')
    .toArray()
    .map((element) => {
      const content = decodeEntities((element.attribs['content'] ?? '').trim().slice(0, MOST_ADDRESS_CHARS))
      const found = /^(\d{1,9})?(?:\.\d{0,9})?[\s;,]{0,40}url\s{0,20}=/i.exec(content)
      // A page with a longer delay is for reading, and only refreshes its content.
      if (found === null || Number(found[1] ?? 0) > 30) return null
      const target = content.slice(found[0].length).trim()
      return webUrl(target.replace(/^['"]|['"]$/g, ''), page.base)
    })
  return targets.find((target) => target !== null) ?? null
}

/** Elsevier's linking hub answers with a page whose form contains the real address. */
function hubTarget(page: ParsedPage): string | null {
  const carried = page.$('input[name="redirectURL" i]').first().attr('value')
  return carried === undefined ? null : webUrl(unescaped(carried), page.base)
}
