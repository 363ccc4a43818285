/** One record of a MARC 21 list in XML as RIS tags. */
import type { Tags } from './ris'
import { clean, type XmlNode } from './xml-node'

type Subfields = (name: string) => string
const people = (sub: Subfields): Tags => [['AU', sub('a')]]
const imprint = (sub: Subfields): Tags => [
  ['CY', sub('a')],
  ['PB', sub('b')],
  ['PY', sub('c')]
]
const numbers = (sub: Subfields): Tags => [['SN', sub('a')]]
const keywords = (sub: Subfields): Tags => [['KW', sub('a')]]

/**
 * MARC 21, field by field: 024 identifiers, 245 title, 100/700 people, 260/264 publication, 773 host, 856
 * addresses.
 */
const MARC_TAGS: Readonly<Record<string, (sub: Subfields) => Tags>> = {
  '020': numbers,
  '022': numbers,
  '024': marcName,
  '100': people,
  '110': people,
  '245': (sub) => [['TI', marcTitle(sub)]],
  '260': imprint,
  '264': imprint,
  '520': (sub) => [['AB', sub('a')]],
  '650': keywords,
  '653': keywords,
  '700': people,
  '710': people,
  '773': (sub) => [['T2', sub('t')]],
  '856': (sub) => [['UR', sub('u')]]
}

function marcName(sub: Subfields): Tags {
  const kind = sub('2').toLowerCase()
  const name = sub('a')
  if (kind === 'doi' || /^(?:https?:\/\/(?:dx\.)?doi\.org\/)?10\.\d{4,9}\//i.test(name)) return [['DO', name]]
  return kind === 'pmid' || kind === 'arxiv' ? [['AN', `${kind}:${name.replace(/^arxiv:/i, '')}`]] : []
}

function marcTitle(sub: Subfields): string {
  const parts = [sub('a'), sub('b')].filter((part) => part !== '')
  return parts.join(': ').replace(/\.$/, '')
}

export function tagsOfMarc(record: XmlNode): Tags {
  const tags: Tags = []
  const fields = record.children.filter(({ name }) => name === 'datafield')
  const leader = clean(record.children.find(({ name }) => name === 'leader')?.text ?? '')
  tags.push(['TY', leader[7] === 'b' || leader[7] === 'a' ? 'JOUR' : 'BOOK'])
  for (const field of fields) {
    const code = field.attributes.get('tag') ?? ''
    const sub = (name: string): string =>
      clean(field.children.find((child) => child.attributes.get('code') === name)?.text ?? '')
        .replace(/[/:,;=]$/, '')
        .trimEnd()
    tags.push(...(MARC_TAGS[code]?.(sub) ?? []))
  }
  return tags.filter(([, value]) => value !== '')
}
