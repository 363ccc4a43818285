/** The options that select works, and those that only preview. */
import type { IdentifierOption } from './invocation'
import { flag, option, textOption, type OptionSpec } from './option-spec'
import { originOf, wholeNumber } from './option-values'

const YEAR = 'a year such as 2019'
const year = (text: string): number | null => wholeNumber(text, 1000, 2999)

const identifier = (name: IdentifierOption, value: string, allowed: string, about: string): OptionSpec =>
  textOption(`${name} <${value}>`, allowed, about, (text, draft) => {
    draft.given.push({ kind: 'identifier', option: name, text })
  })

export const SELECTOR_OPTIONS: readonly OptionSpec[] = [
  textOption(
    '--topic <text>',
    'a topic in words',
    'works about a topic, found by its name at OpenAlex',
    (text, d) => {
      d.search.topic = text
    }
  ),
  option('--topic-id <id>', 'an OpenAlex topic such as T10102', 'works of an OpenAlex topic', (text, d) => {
    const id = /^(?:https:\/\/openalex\.org\/)?(T\d{1,12})$/i.exec(text.trim())?.[1]
    return id === undefined ? null : (d.search.topicId = id.toUpperCase())
  }),
  textOption('--query <text>', 'words to search for', 'works found by a search at OpenAlex', (text, d) => {
    d.search.query = text
  }),
  option('--year-start <year>', YEAR, 'published in this year or later', (text, d) => {
    const read = year(text)
    return read === null ? null : (d.search.yearStart = read)
  }),
  option('--year-end <year>', YEAR, 'published in this year or earlier', (text, d) => {
    const read = year(text)
    return read === null ? null : (d.search.yearEnd = read)
  }),
  flag('--oa-only', 'only works with an open copy', (d) => {
    d.search.oaOnly = true
  }),
  option('--max <n>', 'a whole number from 1 to 1000000', 'at most so many works of a search', (text, d) => {
    const read = wholeNumber(text, 1, 1_000_000)
    return read === null ? null : (d.search.max = read)
  }),
  option('--per-page <n>', 'a whole number from 1 to 200', 'works per page of a search', (text, d) => {
    const read = wholeNumber(text, 1, 200)
    return read === null ? null : (d.search.perPage = read)
  }),
  identifier('--doi', 'doi', 'a DOI such as 10.7717/peerj.4375', 'a work by its DOI (repeatable)'),
  identifier('--arxiv', 'id', 'an arXiv id such as 2401.00001', 'a work by its arXiv id (repeatable)'),
  identifier('--pmcid', 'id', 'a PMC id such as PMC5815332', 'a work by its PMC id (repeatable)'),
  identifier('--pmid', 'id', 'a PubMed id such as 29456894', 'a work by its PubMed id (repeatable)'),
  identifier(
    '--openalex',
    'id',
    'an OpenAlex work such as W2741809807',
    'a work by its OpenAlex id (repeatable)'
  ),
  identifier('--url', 'url', 'a web address', 'a work by the address of its page or file (repeatable)'),
  textOption(
    '--from <file>',
    'a file, or - for standard input',
    'works listed in a reference file: BibTeX, RIS, PubMed, EndNote (.enw, XML), Web of Science, RefWorks, CSL-JSON or -YAML, answers of services in JSON or XML, tables (.csv, .tsv), text (repeatable)',
    (text, d) => {
      d.given.push({ kind: 'file', path: text })
    }
  )
]

/** Single works and files of references, without searches. */
export const NAMED_OPTIONS: readonly OptionSpec[] = SELECTOR_OPTIONS.filter(({ flags }) =>
  /^--(?:doi|arxiv|pmcid|pmid|openalex|url|from) /.test(flags)
)

export const TITLE_OPTIONS: readonly OptionSpec[] = [
  flag(
    '--accept-matches',
    'references without an identifier are looked up by title, author and year: plan those that match with a score of 0.90 or more',
    (d) => d.flags.add('accept-matches')
  ),
  flag('--no-matches', 'ask no service about references that only a title names', (d) =>
    d.flags.add('no-matches')
  )
]

export const PREVIEW_OPTIONS: readonly OptionSpec[] = [
  flag('--dry-run', 'plan and resolve, show what would be fetched, write no job and no file', (d) => {
    d.preview = 'dry-run'
  }),
  flag('--list-only', 'resolve and list all candidates', (d) => {
    d.preview = 'list-only'
  })
]

export const FROM_ZOTERO = flag('--from-zotero', 'items of your Zotero library that have no file', (d) =>
  d.flags.add('from-zotero')
)

/** Options that select a Zotero library and parts of it. */
export const ZOTERO_OPTIONS: readonly OptionSpec[] = [
  textOption(
    '--collection <name>',
    'the name of a collection',
    'only items of this collection of Zotero; with zotero send: the one that takes them',
    (text, d) => {
      d.collection = text
    }
  ),
  textOption(
    '--zotero-data <dir>',
    'the folder with zotero.sqlite in it',
    'Zotero’s data folder (default: found through its profile)',
    (text, d) => {
      d.zoteroData = text
    }
  ),
  option(
    '--zotero-url <origin>',
    'an origin such as http://127.0.0.1:23119',
    'where Zotero answers (default for send and attach: http://127.0.0.1:23119)',
    (text, d) => {
      const origin = originOf(text.trim())
      return origin === null ? null : (d.zoteroUrl = origin)
    }
  )
]
