/**
 * One record of an XML list as RIS tags. Elements are recognised by their local names; parts about other works
 * (references, comments, the host's own DOI) are skipped.
 */
import { spansOf } from './common-reference'
import { yearIn } from './entry'
import { tagsOfMarc } from './marc-record'
import { nameOf } from './person-names'
import type { Tags } from './ris'
import { pushIdentifiers } from './xml-identifiers'
import { clean, firstNamed, HOSTS, type Found, type XmlNode } from './xml-node'

/** Parts of a record that name other works, or contain dates other than the publication's. */
const OTHERS = new Set(
  (
    'citation_list references referencelist reference-list ref-list relateditem relatedidentifiers relatedidentifier commentscorrectionslist ' +
    'commentscorrections component_list component program back sub-article response citations datecompleted daterevised datecreated history ' +
    'pubmedpubdate acceptance_date archive_locations crossmark custom_metadata journal_metadata journal_issue proceedings_metadata event_metadata ' +
    'book_series_metadata series_metadata journal-meta affiliationinfo affiliation affiliations aff chemicallist grantlist related-article related-object notesstmt header listbibl'
  ).split(' ')
)

/** Null when it has neither an identifier nor a title nor authors: then it is not a record of a work. */
export function tagsOfRecord(record: XmlNode): Tags | null {
  if (record.children.some(({ name }) => name === 'datafield')) return tagsOfMarc(record)
  const found: Found[] = []
  collect(record, [], found)
  const tags: Tags = [['TY', typeOf(record, found)]]
  pushTitles(record, found, tags)
  for (const { node, path } of found) if (isPerson(node)) pushPerson(node, path, tags)
  pushAuthorString(found, tags)
  pushIdentifiers(found, tags)
  pushDetails(record, found, tags)
  return tags.some(([tag, value]) => tag !== 'TY' && tag !== 'KW' && value !== '') ? tags : null
}

function collect(node: XmlNode, path: readonly string[], found: Found[]): void {
  for (const child of node.children) {
    if (OTHERS.has(child.name)) continue
    found.push({ node: child, path })
    // A journal element around its article is the host of the journal's own fields only.
    collect(child, ARTICLES.test(child.name) ? [] : [...path, child.name], found)
  }
}

const ARTICLES =
  /^(?:journal_article|conference_paper|content_item|posted_content|dissertation|article-meta)$/

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/journal|article|^17$|jour/i, 'JOUR'],
  [/inproceedings|conference|proceedings|^10$|^47$|speech/i, 'CPAPER'],
  [/incollection|chapter|section|content_item|^5$/i, 'CHAP'],
  [/thesis|dissertation|^32$/i, 'THES'],
  [/report|^27$/i, 'RPRT'],
  [/dataset|^59$/i, 'DATA'],
  [/preprint|posted_content/i, 'UNPB'],
  [/book|monograph|^6$/i, 'BOOK']
]

function typeOf(record: XmlNode, found: readonly Found[]): string {
  const typed = found.find(({ node }) =>
    /^(?:ref-type|publicationtype|sourcetype|rt|genre|pub_type|pubtype)$/.test(node.name)
  )?.node
  const resource = found
    .find(({ node }) => node.name === 'resourcetype')
    ?.node.attributes.get('resourcetypegeneral')
  const said = [
    typed?.attributes.get('name'),
    typed?.text,
    resource,
    record.attributes.get('article-type'),
    record.name
  ]
  for (const word of said) {
    const type = word === undefined ? undefined : TYPES.find(([pattern]) => pattern.test(clean(word)))?.[1]
    if (type !== undefined) return type
  }
  const inner = found.find(({ node }) =>
    /^(?:journal_article|conference_paper|posted_content|dissertation|content_item)$/.test(node.name)
  )
  return TYPES.find(([pattern]) => pattern.test(inner?.node.name ?? ''))?.[1] ?? 'GEN'
}

/** Size: one line for each form in which records write a title, of the work or of its container. */
function pushTitles(record: XmlNode, found: readonly Found[], tags: Tags): void {
  let title = ''
  let venue = ''
  for (const { node, path } of found) {
    const text = clean(node.text)
    if (
      text === '' ||
      /^(?:alternative|translated|abbrev|uniform|subtitle|source_abbrev)/i.test(
        node.attributes.get('type') ?? node.attributes.get('titletype') ?? ''
      )
    )
      continue
    const level = node.attributes.get('level')
    const inHost = path.some((name) => HOSTS.test(name)) && level !== 'a'
    if (/^(?:title|articletitle|article[-_]title|t1|atitle|title_full|booktitle_article)$/.test(node.name)) {
      const isVenue = inHost || level === 'j' || level === 's' || node.attributes.get('type') === 'source'
      if (isVenue) venue ||= text
      else title ||= text
    } else if (
      /^(?:secondary-title|full-title|full_title|journal|journaltitle|journalname|fulljournalname|booktitle|jf|publicationname|periodicaltitle|containertitle|jtl|conferencename)$/.test(
        node.name
      )
    )
      venue ||= node.children.length > 0 && node.name === 'journal' ? '' : text
    else if (node.name === 'item' && /^title$/i.test(node.attributes.get('name') ?? '')) title ||= text
    else if (node.name === 'item' && /^fulljournalname$/i.test(node.attributes.get('name') ?? ''))
      venue ||= text
  }
  venue ||= hostTitle(record)
  if (title === '' && venue !== '' && !/journal/i.test(record.name)) [title, venue] = [venue, '']
  tags.push(['TI', title.replace(/(?<=\p{L}{2}[)\]”"’]?)\.$/u, '')], ['T2', venue])
}

/** The title of the containing journal or book, wherever it is given: it does not name a work. */
function hostTitle(node: XmlNode): string {
  for (const child of node.children) {
    const isHost =
      /^(?:journal_metadata|proceedings_metadata|book_series_metadata|journal-meta)$/.test(child.name) ||
      (child.name === 'relateditem' && child.attributes.get('type') === 'host')
    const found = isHost
      ? firstNamed(child, /^(?:full_title|proceedings_title|journal-title|title)$/)
      : hostTitle(child)
    if (found !== '') return found
  }
  return ''
}

const PERSON = /^(?:author|creator|person_name|contrib|person|editor|a1|au|collectivename)$/

function isPerson(node: XmlNode): boolean {
  if (node.name === 'name') return node.children.some(({ name }) => name === 'namepart')
  if (node.name === 'item') return /^author$/i.test(node.attributes.get('name') ?? '')
  return PERSON.test(node.name) && !hasPersonInside(node)
}

function hasPersonInside(node: XmlNode): boolean {
  return node.children.some(
    (child) => PERSON.test(child.name) || child.name === 'namelist' || hasPersonInside(child)
  )
}

function pushPerson(node: XmlNode, path: readonly string[], tags: Tags): void {
  const role = `${node.attributes.get('contributor_role') ?? ''}${node.attributes.get('contrib-type') ?? ''}${firstNamed(node, /^roleterm$/)} ${node.name} ${path.at(-1) ?? ''}`
  if (/secondary-authors|subsidiary-authors|tertiary-authors|editor|translator|\bedt\b/i.test(role)) {
    if (/edit|edt|secondary/i.test(role)) tags.push(['ED', personIn(node)])
    return
  }
  tags.push(['AU', personIn(node)])
}

function personIn(node: XmlNode): string {
  const part = (type: string): string =>
    clean(
      node.children.find((child) => child.name === 'namepart' && child.attributes.get('type') === type)
        ?.text ?? ''
    )
  const family = part('family') || firstNamed(node, /^(?:lastname|surname|last|familyname|family)$/)
  const given =
    part('given') ||
    firstNamed(node, /^(?:forename|given_name|given-names|firstname|givenname|first|given|initials)$/)
  if (family !== '') return nameOf({ family, given })
  const whole = firstNamed(node, /^(?:creatorname|collectivename|collab|name|namepart|corporate)$/)
  return whole === '' ? clean(node.text).replace(/,$/, '') : whole
}

/** Europe PMC: `Doe J, Roe R.` */
function pushAuthorString(found: readonly Found[], tags: Tags): void {
  if (tags.some(([tag]) => tag === 'AU')) return
  const said = found.find(({ node }) => node.name === 'authorstring')
  for (const name of said === undefined ? [] : clean(said.node.text).replace(/\.$/, '').split(/,\s*/))
    tags.push(['AU', name])
}

const DETAILS: readonly (readonly [RegExp, string])[] = [
  [/^(?:volume|vo|volumenumber)$/, 'VL'],
  [/^(?:issue|number|issuenumber)$/, 'IS'],
  [/^(?:pages|medlinepgn|first_page|fpage|startpage|pagination|pageinfo|first-page|sp)$/, 'SP'],
  [/^(?:last_page|lpage|endpage|op)$/, 'EP'],
  [/^(?:abstract|abstracttext|summary|ab)$/, 'AB'],
  [/^(?:keyword|kw|subject|descriptorname|k1|term|topic)$/, 'KW'],
  [/^(?:publisher|publisher_name|publishername|publisher-name|pb)$/, 'PB'],
  [/^(?:pub-location|publisherlocation|publisher_place|publisher-loc|city|place|pp)$/, 'CY'],
  [/^(?:language|la)$/, 'LA'],
  [/^(?:edition|edition_number)$/, 'ET'],
  [/^(?:notes|note|comment)$/, 'N1'],
  [/^(?:tertiary-title|seriestitle)$/, 'T3']
]
const LISTS = new Set(['KW', 'N1'])

function pushDetails(record: XmlNode, found: readonly Found[], tags: Tags): void {
  const said = new Set<string>()
  let year = ''
  for (const { node } of found) {
    const text = clean(node.text)
    if (
      /^(?:year|pubyear|publicationyear|yr|pubdate|date|dateissued|published|publication_date|issued|pub-date|coverdate|copyrightdate)$/.test(
        node.name
      )
    )
      year ||= yearIn(text)
    else if (node.name === 'item' && /^pubdate$/i.test(node.attributes.get('name') ?? ''))
      year ||= /\d{4}/.exec(text)?.[0] ?? ''
    // Zotero's Extra.
    const isExtra = node.name === 'description' && /^(?:doi|pmid|pmcid|arxiv)\s?:/i.test(text)
    const tag = isExtra ? 'N1' : DETAILS.find(([pattern]) => pattern.test(node.name))?.[1]
    if (tag === undefined || text === '' || (said.has(tag) && !LISTS.has(tag))) continue
    if (tag === 'AB' && node.name === 'abstracttext') continue
    said.add(tag)
    tags.push([tag, tag === 'SP' ? spansOf(text) : text])
  }
  year ||= yearIn(record.attributes.get('date') ?? '') || hostYear(record)
  tags.push(['PY', year])
}

/** Crossref gives the year of an issue in the element. */
function hostYear(node: XmlNode): string {
  for (const child of node.children) {
    const found =
      child.name === 'journal_issue' || child.name === 'proceedings_metadata'
        ? firstNamed(child, /^year$/)
        : hostYear(child)
    if (found !== '') return found
  }
  return ''
}
