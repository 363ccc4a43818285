/**
 * The meaning of a table's column, by its name in the spellings of databases and reference managers: exact
 * names first, then the words in a name (`Item DOI`, `Article Title (EN)`).
 */
import type { Scheme } from '../../../contract/work'
import { keysOf } from '../../../contract/tables'

export type Column =
  | Scheme
  | 'any'
  | 'isbn'
  | 'issn'
  | 'title'
  | 'authors'
  | 'year'
  | 'venue'
  | 'type'
  | 'language'
  | 'key'
  | 'volume'
  | 'issue'
  | 'pages'
  | 'lastpage'
  | 'publisher'
  | 'abstract'
  | 'keywords'
  | 'notes'
  /** a whole reference in one cell, which names its work */
  | 'citation'

/** Names without spaces, punctuation and case. */
const COLUMNS: Readonly<Record<Column, string>> = {
  doi: 'doi dois di doilink doiurl articledoi digitalobjectidentifier paperdoi doinumber do',
  url: 'url urls link linkurl links uri landingpage landingpageurl pdfurl pdflink pdf fulltexturl fulltextlink fulltextlinks articleurl articlelink weburl href website sourceurl sourceurls primaryurl externalurl ul ur',
  arxiv: 'arxiv arxivid arxivnumber arxivurl eprint',
  pmid: 'pmid pubmedid pubmed pm pmids pubmednumber medlinepmid',
  pmcid: 'pmcid pmc pmcnumber pubmedcentralid pmcids',
  openalex: 'openalex openalexid openalexurl openalexworkid',
  any: 'id ids identifier identifiers workid ref uid paperid accession eid accessionnumber an',
  isbn: 'isbn isbns isbn13 isbn10 eisbn',
  issn: 'issn issns eissn issne issnprint issnonline',
  title:
    'title articletitle documenttitle papertitle ti name itemtitle primarytitle titleprimary t1 titel titre titulo titolo tytul 标题 题名 篇名 题目 论文题目 標題 題名 タイトル 論文名 제목 논문명 표제 название заглавие заголовок',
  authors:
    'author authors authorfullnames authorsfullnames au af a1 creator creators authornames authorlist firstauthor autor autoren auteur auteurs autores autori verfasser 作者 著者 저자 автор авторы',
  year: 'year publicationyear py pubyear date publicationdate published yearpublished issued publishedyear datepublished onlinedate coverdate yr jahr annee ano anno rok 年 年份 出版年 发表年份 年度 発行年 연도 발행년도 год',
  venue:
    'journal journaltitle sourcetitle venue publicationtitle containertitle source so journalbook journalname booktitle publication publicationname fulljournal jf jo t2 secondarytitle conferencename hostvenue locationsourcename primarylocationsourcedisplayname zeitschrift revue revista rivista 期刊 刊名 文献来源 来源 誌名 掲載誌 학술지명 журнал',
  type: 'type itemtype documenttype publicationtype dt contenttype',
  language: 'language lang la languageoforiginaldocument',
  key: 'key citationkey citekey bibtexkey',
  volume: 'volume vol vl journalvolume',
  issue: 'issue is journalissue number',
  pages: 'pages page pagerange pagination startpage pagestart bp firstpage sp',
  lastpage: 'endpage pageend ep lastpage op',
  publisher: 'publisher pu pb',
  abstract: 'abstract ab abstractnote summary',
  keywords: 'keywords keyword authorkeywords manualtags de kw',
  citation:
    'reference citation fullcitation fullreference bibliographicreference formattedcitation referencetext citationtext quellenangabe literaturangabe referencia referenciabibliografica',
  notes: 'extra notes note comments remarks'
}
const COLUMN_OF = new Map<string, Column>(
  keysOf(COLUMNS).flatMap((column) =>
    COLUMNS[column].split(' ').map((name) => [plain(name), column] as const)
  )
)

/** Letters and digits only, lower case and without accents. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .normalize('NFC')
    .toLowerCase()
}

/** The meaning of each column, or null when the row does not name columns. */
export function columnsOf(cells: readonly string[]): (Column | null)[] | null {
  const columns = cells.map(columnOf)
  return columns.some((column) => column !== null) ? columns : null
}

/** `Digital Object Identifier (DOI)`: the text in brackets only explains the name. */
function columnOf(cell: string): Column | null {
  const name = cell.slice(0, 100)
  const known = (text: string): Column | undefined => COLUMN_OF.get(plain(text))
  return (
    known(name) ??
    known(name.replace(/\([^()]*\)|\[[^[\]]*\]/g, '')) ??
    columnOfPath(name, known) ??
    columnByWords(name)
  )
}

/** `externalIds.DOI`: a flattened answer of a service. Identifiers of cited works are excluded. */
function columnOfPath(name: string, known: (text: string) => Column | undefined): Column | undefined {
  const [, path = '', last = ''] = /^([\w.]{1,60})[./](\w{2,20})$/.exec(name) ?? []
  if (!/^(?:\w+[./])?(?:external_?ids?|identifiers?|ids|metadata|attributes|paper|work|item)$/i.test(path))
    return undefined
  const column = known(last)
  return column !== undefined && IDENTIFIERS.has(column) ? column : undefined
}

const IDENTIFIERS: ReadonlySet<Column> = new Set(['doi', 'arxiv', 'pmid', 'pmcid', 'openalex'])

const HOSTS: ReadonlySet<string> = new Set([
  'source',
  'journal',
  'publication',
  'container',
  'book',
  'series',
  'conference',
  'host',
  'secondary',
  'abbreviated',
  'short'
])
const SHORTENED: ReadonlySet<string> = new Set(['abbreviated', 'short', 'series'])

/** The title of the work, or of its container; the abbreviation of a journal and a series are neither. */
function titleColumn(words: readonly string[]): Column | null {
  if (!words.some((word) => HOSTS.has(word))) return 'title'
  return words.some((word) => SHORTENED.has(word)) ? null : 'venue'
}

/** A name of several words, one of which gives the meaning. Identifiers of cited works are excluded. */
function columnByWords(name: string): Column | null {
  if (!/^[\p{L}\s()/_-]{2,60}$/u.test(name.trim())) return null
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
  if (words.length < 2 || words.length > 5) return null
  const has = (...wanted: string[]): boolean => wanted.some((word) => words.includes(word))
  if (has('cited', 'citing', 'references', 'referenced', 'related', 'citations', 'count', 'times', 'date'))
    return null
  if (has('doi') && !has('book', 'series', 'journal', 'data')) return 'doi'
  if (has('pmcid') || (has('pmc') && has('id'))) return 'pmcid'
  if (has('pmid') || (has('pubmed') && has('id'))) return 'pmid'
  if (has('arxiv')) return 'arxiv'
  if (has('openalex') && has('id')) return 'openalex'
  if (has('title', 'titles')) return titleColumn(words)
  if (
    has('authors', 'author') &&
    !has('id', 'ids', 'affiliations', 'affiliation', 'keywords', 'address', 'email', 'orcid')
  )
    return 'authors'
  if (has('year') && has('publication', 'published', 'pub')) return 'year'
  return null
}
