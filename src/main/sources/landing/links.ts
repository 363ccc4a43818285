/**
 * Scores the links in a page's body by their text, their address, whether they contain this paper's own name,
 * and their position on the page. A link must have strong evidence to be proposed; supplements, references,
 * guides and other articles are never proposed.
 */
import type { Cheerio } from 'cheerio'
import type { AnyNode, Element, ParentNode } from 'domhandler'
import { looksLikeFile } from '../../platform/file-address'
import { unescaped } from '../../../contract/addresses'
import { decodeEntities, sameSite, urlKey, webUrl } from '../web-text'
import { DOI_TAGS, TITLE_TAGS } from './meta'
import { MOST_ADDRESS_CHARS, versionIn, type FileLink, type ParsedPage } from './page'
import { isRefused } from './refused'

/** The least score at which a link is accepted. */
const BELIEVED = 60
/** Accepted on a page without metadata, when it is the only one and a marked PDF button. */
const ALONE = 85
/** Proposed in addition to a file that the page's own head named: a fallback, so it needs a higher score. */
export const SURE = 90

/** Words around “PDF” on a download button, in the languages of journals. */
const AROUND_PDF =
  /(?<![\p{L}\p{N}])(?:view|download|open|get|see|read|save|print|access|show|full|text|article|paper|the|a|an|as|in|of|this|free|file|version|format|manuscript|author|accepted|preprint|document|here|complete|original|entire|main|english|size|link|opens|new|window|tab|mb|kb|k|m|télécharger|texte|intégral|article|descargar|texto|completo|artículo|en|baixar|em|artigo|arquivo|herunterladen|volltext|als|scarica|testo|completo|articolo|pobierz|pełny|tekst|indir|tam|metin|download(?:en)?|unduh|lihat|buka|görüntüle|indir|i̇ndir|İndir|dosyası|stáhnout|stiahnuť|ladda|ner|ned|hent|last|lataa|letöltése|letöltés|preuzmi|prenesi|descarcă|descărcați|tải|xuống|về|toàn|văn|ver|voir|lire|ouvrir|abrir|apri|öffnen|ansehen|anzeigen|bekijken|otwórz|zobacz|leggi|leer|ler|muat|turun|aç|le|la|les|el|os|il|der|die|das|den|du|do|d|l|artikels?|beitrag|beitrags|aufsatz|datei|dokument|fichier|document[oe]|plik|pliku|artykuł|artykułu|článek|článku|článok|soubor|artikkeli|artikkelen|artikkel|artikeln|artiklen|cikk|članak|članka|rad|articol|articolul|fișier|straipsnis|straipsnį|raksts|makale|makaleyi|makalenin|naskah|berkas|bài|báo|nl|fr|es|pt|de|it|ru)(?![\p{L}\p{N}])|скачать|статью|статьи|статья|файл|стаття|статтю|полный|текст|загрузить|завантажити|переглянути|повний|открыть|изтегли|下载|下載|浏览|查看|閲覧|全文|原文|论文|論文|ダウンロード|本文|文件|点击|點擊|を|の|다운로드|파일|논문|원문|보기|전문|저장|تحميل|تنزيل|النص|الكامل|عرض|ملف|المقال|المقالة|البحث|دانلود|متن|کامل|اصل|مقاله|فایل|הורדה|λήψη|κείμενο|άρθρο|άρθρου|αρχείο|ดาวน์โหลด|डाउनलोड|[\d.,()[\]{}|:/•·»›↓⬇’'-]|\bpages?\b|\bp\b/giu

/** Parts of a page that are about something other than this paper. */
export const ELSEWHERE =
  'footer, aside, nav, #references, .references, .ref-list, .reference-list, .references-list, .bibliography, ol.citations, .citation-list, .footnotes, .related, .related-articles, .related-content, .recommended, .recommendations, .recommended-articles, .suggested-articles, .also-read, .most-read, .most-viewed, .cited-by, .citedby, .sidebar-issue, .issue-toc, .toc, .breadcrumb, .cookie, .advert, .ad, [id*="related" i], [class*="related" i], [id*="recommend" i], [class*="recommend" i], [id*="citedby" i], [role="contentinfo"]'
/** The same, but they may contain a download button. */
const MAYBE_TOOLS = /tool|download|pdf|galley|fulltext|full-text|article|action|access/i

/** A page with more links is a directory; a paper’s button is among the first. */
const MOST_LINKS = 4_000
const DEEPEST = 200
/** The number of nodes of a link that are read for its text. */
const MOST_NODES = 400
const MOST_TEXT_CHARS = 2_000

const titleOf = (page: ParsedPage): string =>
  TITLE_TAGS.flatMap((tag) => page.meta.get(tag) ?? [])
    .join(' ')
    .slice(0, 1_000)

interface Judged {
  readonly link: FileLink
  readonly score: number
  readonly own: boolean
  readonly plain: boolean
}

export interface BodyLinks {
  readonly links: readonly (FileLink & { readonly score: number })[]
  /** many equal PDF links and none that belongs to the page: a list of papers */
  readonly isListing: boolean
}

export function linksInBody(page: ParsedPage, isArticle: boolean): BodyLinks {
  const names = ownNames(page)
  const elsewhere = new Set(page.$<Element, string>(ELSEWHERE).toArray())
  const title = titleOf(page)
  const judged = new Map<string, Judged>()
  page
    .$('a, area, button, iframe[src], embed[src], object[data]')
    .slice(0, MOST_LINKS)
    .each((_, element) => {
      const node = page.$(element)
      for (const address of addressesOf(element)) {
        const found = judge(node, element, address, { page, names, elsewhere, title })
        if (found === null) continue
        const key = urlKey(found.link.url)
        const before = judged.get(key)
        if (before === undefined || before.score < found.score) judged.set(key, found)
      }
    })
  const all = [...judged.values()]
  const anonymous = all.filter((one) => one.plain && !one.own)
  const isListing =
    !isArticle && anonymous.length >= 3 && !all.some((one) => one.own && one.score >= BELIEVED)
  const believed = all
    .filter(
      (one) =>
        one.score >= BELIEVED && (isArticle || one.own || (one.score >= ALONE && anonymous.length === 1))
    )
    .sort((a, b) => b.score - a.score)
    // Among several equal links without a name, the paper's cannot be identified.
    .filter((one, _, kept) => one.own || anonymous.length < 3 || kept.length === 1)
  return {
    isListing,
    links: isListing
      ? []
      : believed.map((one, index) => ({ ...one.link, rank: 20 + index, score: one.score }))
  }
}

const ADDRESS_ATTRIBUTES = [
  'href',
  'src',
  'data',
  'pdfurl',
  'data-pdf-url',
  'data-pdfurl',
  'data-pdf',
  'data-href',
  'data-url',
  'data-popup',
  'data-download-url',
  'data-downloadurl',
  'data-file-url',
  'data-article-pdf-url'
]

/** The address that a button's script opens: `window.open('/files/1.pdf')`, `location.href='…'`. */
const OPENED =
  /(?:\bopen\(|\blocation(?:\.href|\.assign|\.replace)?\s?[=(])\s?(?:'([^'\s<>]{1,2000})'|"([^"\s<>]{1,2000})")/i

function openedBy(element: Element): string[] {
  const { onclick = '', href = '' } = element.attribs
  const scripts = [onclick, /^\s*javascript:/i.test(href) ? unescaped(href) : '']
  return scripts.flatMap((script) => {
    const found = OPENED.exec(script.slice(0, MOST_ADDRESS_CHARS))
    const address = found?.[1] ?? found?.[2]
    return address === undefined ? [] : [address]
  })
}

function addressesOf(element: Element): string[] {
  return [...ADDRESS_ATTRIBUTES.flatMap((name) => addressIn(element, name)), ...openedBy(element)]
}

function addressIn(element: Element, name: string): string[] {
  const value = element.attribs[name]
  if (value === undefined || value.length > MOST_ADDRESS_CHARS || value === 'true' || value === 'false')
    return []
  // A viewer page has the file in its query: `viewer.html?file=…`.
  const inside = /[?&](?:file|url|pdf|src)=([^?&#]+)/i.exec(value)?.[1]
  if (inside === undefined || !/viewer|embed|pdfjs|reader|gview/i.test(value)) return [value]
  if (!/\.pdf/i.test(inside) && !/^(?:https?(?::|%3a)|%2f|\/)/i.test(inside)) return [value]
  return [unescaped(inside)]
}

interface Around {
  readonly page: ParsedPage
  readonly names: readonly string[]
  /** the parts of the page that are about something else */
  readonly elsewhere: ReadonlySet<Element>
  /** the paper's title according to the page, or '' */
  readonly title: string
}

/** The evidence for a link, or against it. */
interface Signs {
  /** a button for the file */
  readonly plain: boolean
  readonly saysPdf: boolean
  /** its address looks like that of a file */
  readonly isFile: boolean
  /** its `type` is PDF */
  readonly typed: boolean
  /** its address contains one of the paper's own names */
  readonly own: boolean
  /** names and classes that scripts and styles use */
  readonly marks: string
  readonly said: string
  readonly isNear: boolean
  /** in a part of the page that is about something else */
  readonly isElsewhere: boolean
  readonly isDownload: boolean
}

const POINTS: readonly (readonly [points: number, applies: (signs: Signs) => boolean])[] = [
  [40, ({ plain }) => plain],
  [20, ({ plain, saysPdf }) => saysPdf && !plain],
  [25, ({ isFile }) => isFile],
  [30, ({ typed }) => typed],
  [15, ({ marks }) => /pdf/i.test(marks)],
  [
    10,
    ({ marks }) => /\bgalley\b|full-?text|article-?(?:pdf|download)|download-?(?:article|pdf)/i.test(marks)
  ],
  [5, ({ isDownload }) => isDownload],
  [25, ({ own }) => own],
  [5, ({ isNear }) => isNear],
  [-5, ({ isNear, own }) => !isNear && own],
  [-40, ({ isNear, own }) => !isNear && !own],
  [-20, ({ isElsewhere, own, plain }) => isElsewhere && own && plain],
  [-60, ({ isElsewhere, own, plain }) => isElsewhere && !(own && plain)],
  [-20, ({ isFile, typed, plain }) => !isFile && !typed && !plain],
  // A download button of the page itself: its address may be uninformative.
  [
    15,
    ({ plain, isFile, isNear, marks, said }) =>
      plain && !isFile && isNear && /download|btn|button|pdf/i.test(`${marks} ${said}`)
  ]
]

/** The score of a link as the file of this paper; null when it is not one. */
function judge(node: Cheerio<Element>, element: Element, address: string, around: Around): Judged | null {
  const { page, names } = around
  const url = webUrl(decodeEntities(address), page.base)
  if (url === null || urlKey(url) === urlKey(page.url)) return null
  const attributes = element.attribs
  const said = wordsOf(node, element)
  const hint = [attributes['title'], attributes['aria-label']].find((text) => /\bpdf\b/i.test(text ?? ''))
  // `Download`, and only its hint names the object: “PDF (1.1 MB) opens in new window”.
  const words = /\be?pdf\b/i.test(said) || hint === undefined ? said : hint.slice(0, 200)
  const marks = [
    'class',
    'id',
    'data-track-action',
    'data-download-type',
    'data-article-pdf',
    'data-test',
    'data-gtm-event',
    'data-ga-label',
    'name',
    'data-item-name',
    'data-dl_object_type'
  ]
    .map((name) => (attributes[name] === undefined ? '' : `${name} ${attributes[name]}`))
    .join(' ')
  const isFile = looksLikeFile(url)
  const typed = /^application\/(?:x-)?pdf/i.test(attributes['type'] ?? '')
  const saysPdf = /\be?pdf\b/i.test(words)
  // A button for the file: with the address of a file it need not contain “PDF”.
  const plain = (saysPdf && isButton(words)) || (isFile && /\p{L}/u.test(said) && isButton(said))
  if (!isFile && !typed && !saysPdf && !/pdf/i.test(marks)) return null
  const path = decodedPath(url)
  const own = names.some((name) => path.includes(name))
  if (isRefused(said, url, marks, around.title)) return null
  if (
    /\.(?:html?|docx?|epub|xml|zip|jpe?g|png|gif|mp4|tiff?|csv|xlsx?|txt|ris|bib|enw)$/i.test(
      new URL(url).pathname
    )
  )
    return null

  const signs: Signs = {
    plain,
    saysPdf,
    isFile,
    typed,
    own,
    marks,
    said,
    isNear: sameSite(url, page.url),
    isElsewhere: isElsewhere(element, around.elsewhere),
    isDownload: 'download' in attributes
  }
  const score = POINTS.reduce((sum, [points, applies]) => (applies(signs) ? sum + points : sum), 0)
  const version = versionIn(words)
  return {
    link: {
      url,
      format: 'pdf',
      rank: 20,
      evidence: words === '' ? 'a PDF link on the page' : `the page’s link “${words.slice(0, 60)}”`,
      ...(version === undefined ? {} : { version })
    },
    score,
    own,
    plain
  }
}

const SIZE = /[\d.,]{1,16}\s?(?:[kmg]i?b?|bytes?|octets?|[kmg]o|[кмг]б)(?![\p{L}\p{N}])/giu

/** Only words that occur on a download button, with the size of the file. */
function isButton(words: string): boolean {
  return (
    words
      .replace(SIZE, ' ')
      .replace(/\be?pdfs?\b/gi, ' ')
      .replace(AROUND_PDF, ' ')
      .trim() === ''
  )
}

function wordsOf(node: Cheerio<Element>, element: Element): string {
  const text = textWithin(element).replace(/\s+/g, ' ').trim()
  if (text !== '') return text.slice(0, 200)
  const { title = '', 'aria-label': label = '' } = element.attribs
  const image = node.find('img[alt]').attr('alt') ?? ''
  return (label || title || image).replace(/\s+/g, ' ').trim().slice(0, 200)
}

/** The first words of an element; otherwise nested links would be read repeatedly. */
export function textWithin(element: Element): string {
  const left: AnyNode[] = [...element.children].reverse()
  let text = ''
  for (let looked = 0; looked < MOST_NODES && text.length < MOST_TEXT_CHARS; looked += 1) {
    const node = left.pop()
    if (node === undefined) break
    if (node.nodeType === 3 && 'data' in node) text += node.data.slice(0, MOST_TEXT_CHARS)
    else if ('children' in node) {
      for (const child of node.children.slice(0, MOST_NODES).reverse()) left.push(child)
    }
  }
  return text
}

/** The nearest enclosing part of the page that is about something else, if any. */
export function isElsewhere(element: Element, parts: ReadonlySet<Element>): boolean {
  let part: ParentNode | null = element.parent
  for (let depth = 0; part !== null && depth < DEEPEST; depth += 1) {
    if ('attribs' in part && parts.has(part)) {
      const { name, attribs } = part
      const marks = `${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`
      return !((name === 'aside' || name === 'nav') && MAYBE_TOOLS.test(marks))
    }
    part = part.parent
  }
  return false
}

function decodedPath(url: string): string {
  const parsed = new URL(url)
  return unescaped(`${parsed.pathname}${parsed.search}`).toLowerCase()
}

const EVERY_SITE =
  /^(?:full|abstract|article|articles|view|index|html|fulltext|pdf|paper|papers|document|item|content|download|doi|abs|en|current|files?)$/i

/**
 * The names of this paper in its own addresses: the end of its DOI and the long segments of its page's path.
 * A link that contains one of these is about this paper.
 */
function ownNames(page: ParsedPage): string[] {
  const names = new Set<string>()
  for (const tag of DOI_TAGS) {
    for (const content of page.meta.get(tag) ?? []) {
      const suffix = /10\.\d{4,9}\/(\S+)$/.exec(content.slice(0, 500))?.[1]?.toLowerCase()
      if (suffix !== undefined && suffix.length >= 4) names.add(suffix)
      // Many publishers use only the last part of the DOI: `10.1186/bcr3351` → `bcr3351.pdf`.
      const last = suffix?.split('/').at(-1)
      if (last !== undefined && last.length >= 5) names.add(last)
    }
  }
  const url = new URL(page.url)
  const parts = url.pathname.split('/').map((part) => withoutEnding(part))
  for (const part of parts) {
    if (part.length < 4 || EVERY_SITE.test(part) || !/\d/.test(part)) continue
    names.add(unescaped(part).toLowerCase())
  }
  // `/content/98/3/377` names a paper only as a whole.
  const numbers = /(?:\/\d{1,12}){2,9}$/.exec(url.pathname.slice(-200).replace(/\.\w+$/, ''))?.[0]
  if (numbers !== undefined) names.add(numbers)
  for (const [key, value] of url.searchParams) {
    if (/^(?:id|pid|doi|pii|article|handle|arnumber|docid|paper|itemid)/i.test(key) && value.length >= 3) {
      names.add(value.toLowerCase())
    }
  }
  return [...names].filter((name) => name.length >= 3)
}

/** A path segment without `.full`, `.html` and the like. */
function withoutEnding(part: string): string {
  return part.replace(/(?:\.(?:full|abstract|html?|php|xhtml|aspx?|long|short)){1,3}$/i, '')
}
