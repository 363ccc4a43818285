/**
 * The identifiers and addresses of one XML record: attributes give the kind of an identifier, else its form does.
 * The host's own are skipped.
 */
import { before } from '../../../contract/scan'
import type { Tags } from './ris'
import { clean, HOSTS, type Found } from './xml-node'

const KIND_ATTRIBUTES = [
  'type',
  'idtype',
  'eidtype',
  'pub-id-type',
  'identifiertype',
  'objectidtype',
  'name',
  'scheme',
  'rel',
  'title'
]

/** An element that may name the work. */
interface Named extends Found {
  readonly text: string
  /** the attributes that give the kind of the identifier */
  readonly kind: string
  readonly found: readonly Found[]
}
type Tag = readonly [tag: string, value: string]

interface IdentifierRule {
  readonly names: RegExp
  readonly when?: (named: Named) => boolean
  readonly write: (named: Named) => Tag | null
}

const as =
  (tag: string) =>
  ({ text }: Named): Tag => [tag, text]

/** The forms in which records write an identifier; for each element the first match counts. */
const IDENTIFIERS: readonly IdentifierRule[] = [
  { names: /^(?:doi|electronic-resource-num|digitalobjectidentifier|do|articledoi)$/, write: as('DO') },
  { names: /^pmid$/, write: pubmedId },
  { names: /^id$/, when: ({ kind }) => /pubmed|med/.test(kind), write: pubmedId },
  { names: /^pmcid$/, write: as('C2') },
  {
    names:
      /^(?:articleid|article-id|pub-id|idno|identifier|elocationid|objectid|alternateidentifier|item|externalid|locator)$/,
    write: typedIdentifier
  },
  { names: /^(?:url|ee|uri|ulink|related-url|fulltexturl|web-url|ul)$/, write: as('UR') },
  { names: /^resource$/, when: ({ path }) => path.includes('doi_data'), write: as('UR') },
  { names: /^id$/, when: ({ text }) => /^https?:/i.test(text), write: as('UR') },
  {
    names: /^link$/,
    when: ({ kind }) => /self|alternate|related|^$|pdf|doi/.test(kind.trim()),
    write: ({ node, text }) => ['UR', node.attributes.get('href') ?? text]
  },
  { names: /^(?:issn|isbn)$/, write: as('SN') },
  { names: /^(?:accession-num|custom\d)$/, when: ({ text }) => /^PMC\d+$/i.test(text), write: as('C2') },
  {
    names: /^accession-num$/,
    when: ({ text, found }) => /^\d{5,9}$/.test(text) && isOfPubmed(found),
    write: pubmedId
  },
  { names: /^(?:eprint|arxivid)$/, write: ({ text }) => ['AN', `arXiv:${text.replace(/^arxiv:/i, '')}`] }
]

/** Of these a record may have several. */
const MANY: ReadonlySet<string> = new Set(['UR', 'SN'])

export function pushIdentifiers(found: readonly Found[], tags: Tags): void {
  const said = new Set<string>()
  for (const one of found) {
    if (isOfHost(one)) continue
    const named = namedIn(one, found)
    const rule = IDENTIFIERS.find(({ names, when }) => names.test(one.node.name) && when?.(named) !== false)
    const [tag, value] = rule?.write(named) ?? ['', '']
    // One PMID and one arXiv id: `AN` begins with which it is.
    const once = tag === 'AN' ? tag + value.slice(0, 4) : tag
    if (value === '' || (!MANY.has(tag) && said.has(once))) continue
    said.add(once)
    tags.push([tag, value])
  }
}

/** It names the journal or the book. An ISSN from there is also accepted. */
function isOfHost({ node, path }: Found): boolean {
  return node.name !== 'issn' && path.some((name) => HOSTS.test(name) && !OF_THE_WORK.has(name))
}
const OF_THE_WORK: ReadonlySet<string> = new Set(['source', 'monogr', 'imprint'])

function namedIn(one: Found, found: readonly Found[]): Named {
  const { attributes, text } = one.node
  const kind = KIND_ATTRIBUTES.map((name) => attributes.get(name) ?? '')
    .join(' ')
    .toLowerCase()
  // Web of Science: `<identifier type="doi" value="10.…"/>`.
  return { ...one, found, kind, text: clean(text) || clean(attributes.get('value') ?? '') }
}

function pubmedId({ text }: Named): Tag | null {
  return /^\d+$/.test(text) ? ['AN', `PMID: ${text}`] : null
}

/** EndNote names the database of an accession number. */
function isOfPubmed(found: readonly Found[]): boolean {
  return found.some(
    ({ node }) =>
      /^remote-database-(?:name|provider)$/.test(node.name) && /pubmed|medline|\bnlm\b/i.test(node.text)
  )
}

/** By the kind in its attributes, else by its form. */
function typedIdentifier({ kind, text }: Named): Tag | null {
  if (/\bdoi\b/.test(kind)) return ['DO', text]
  if (/\bpmcid?\b|\bpmc\b/.test(kind))
    return ['C2', before(text.replace(/^pmc-?id:\s*/i, '').replace(/^(?=\d)/, 'PMC'), ';')]
  if (/\bpubmed\b|\bpmid\b/.test(kind)) return ['AN', `PMID: ${text}`]
  if (/\barxiv\b/.test(kind)) return ['AN', `arXiv:${text.replace(/^arxiv:\s*/i, '')}`]
  if (/\bisbn\b|\bissn\b/.test(kind)) return ['SN', text]
  if (/\buri\b|\burl\b/.test(kind)) return ['UR', text]
  if (/^(?:doi:|https?:\/\/(?:dx\.)?doi\.org\/|10\.\d{4,9}\/)/i.test(text)) return ['DO', text]
  if (/^https?:/i.test(text)) return ['UR', text]
  return /^(?:pmid|arxiv|pmc)/i.test(text) ? ['AN', text] : null
}
