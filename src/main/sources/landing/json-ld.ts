/**
 * The JSON-LD of a page: the article, its DOI, and the file in its `encoding`. Only the node about the page's
 * own article counts; cited, related and containing works are other papers. Source: schema.org (MediaObject,
 * encoding, distribution), JSON-LD 1.1 embedding in HTML.
 */
import { normaliseDoi } from '../../../contract/doi'
import { looksLikeFile } from '../../platform/file-address'
import { plainText, webUrl } from '../web-text'
import type { FileLink, ParsedPage } from './page'
import { isObject, itemsOrOne, type UnknownFields } from '../../../contract/unknown-values'

type Json = UnknownFields

const ARTICLE_TYPES =
  /^(?:Scholarly|MedicalScholarly|Tech|News|Review)?Article$|^(?:Thesis|Report|Chapter|Book|CreativeWork|PublicationIssue|DigitalDocument|WebPage|ItemPage)$/i
const SCHOLARLY = /^(?:Medical)?ScholarlyArticle$|^(?:Thesis|Report|Chapter)$/i

export interface JsonLdFinding {
  readonly links: readonly FileLink[]
  readonly isArticle: boolean
  readonly doi?: string
  readonly title?: string
}

export function readJsonLd(page: ParsedPage): JsonLdFinding {
  const nodes: Json[] = []
  page.$('script[type*="ld+json" i]').each((_, element) => {
    collect(parse(page.$(element).text()), nodes)
  })
  const own = nodes.filter((node) => typesOf(node).some((type) => ARTICLE_TYPES.test(type)))
  const scholarly = own.filter((node) => typesOf(node).some((type) => SCHOLARLY.test(type)))
  // Several articles on one page form a list, whose files are not this work's file.
  const spoken = scholarly.length > 1 ? [] : scholarly.length === 1 ? scholarly : own
  const links = spoken.flatMap((node) => filesOf(node, page))
  const doi = spoken.flatMap(doisOf)[0]
  const title = spoken
    .map((node) => node['headline'] ?? node['name'])
    .map((value) => (typeof value === 'string' ? plainText(value) : null))
    .find((value) => value !== null)
  return {
    links,
    isArticle: scholarly.length === 1,
    ...(doi === undefined ? {} : { doi }),
    ...(title === undefined ? {} : { title })
  }
}

function parse(text: string): unknown {
  const bare = text
    .replace(/^\s*(?:<!--|\/\/<!\[CDATA\[|\/\*<!\[CDATA\[\*\/)/, '')
    .replace(/(?:-->|\/\/\]\]>|\/\*\]\]>\*\/)\s*$/, '')
    .trim()
    .replace(/;$/, '')
  try {
    return JSON.parse(bare)
  } catch {
    try {
      // Raw line breaks inside strings are the most frequent error in hand-written templates.
      return JSON.parse(bare.replace(/[\r\n\t]+/g, ' '))
    } catch {
      return null
    }
  }
}

/** The top-level nodes: arrays, `@graph` and `mainEntity` are expanded, nothing deeper. */
function collect(value: unknown, nodes: Json[]): void {
  for (const item of itemsOrOne(value)) {
    if (!isObject(item)) continue
    nodes.push(item)
    collect(item['@graph'], nodes)
    collect(item['mainEntity'], nodes)
  }
}

function typesOf(node: Json): string[] {
  return itemsOrOne(node['@type']).filter((type) => typeof type === 'string')
}

function filesOf(node: Json, page: ParsedPage): FileLink[] {
  const links: FileLink[] = []
  for (const property of ['encoding', 'encodings', 'associatedMedia', 'distribution', 'contentUrl']) {
    for (const item of itemsOrOne(node[property])) {
      const media: Json = typeof item === 'string' ? { contentUrl: item } : isObject(item) ? item : {}
      const type = [media['encodingFormat'], media['fileFormat']]
        .flatMap(itemsOrOne)
        .find((x) => typeof x === 'string')
      const isPdf = typeof type === 'string' && /pdf/i.test(type)
      for (const address of [media['contentUrl'], media['url'], media['@id']].flatMap(itemsOrOne)) {
        if (typeof address !== 'string') continue
        const url = webUrl(address, page.base)
        if (url === null || (!isPdf && !looksLikeFile(url))) continue
        if (typeof type === 'string' && !isPdf) continue
        links.push({ url, format: 'pdf', rank: 5, evidence: `the page’s JSON-LD (${property})` })
        break
      }
    }
  }
  return links
}

function doisOf(node: Json): string[] {
  const texts = ['identifier', 'sameAs', '@id', 'doi', 'url'].flatMap((property) =>
    itemsOrOne(node[property]).map((item) =>
      isObject(item) ? (item['value'] ?? item['@id'] ?? item['url']) : item
    )
  )
  return texts.flatMap((text) => {
    const doi = typeof text === 'string' ? normaliseDoi(text) : null
    return doi === null ? [] : [doi]
  })
}
