/**
 * Real references without their identifiers, and a pool of real records in Crossref's shape with the near
 * misses that Crossref has beside them. Origin: tests/fixtures/titles/README.md.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { WorkFacts } from '../../src/contract/work'
import type { CrossrefRecord } from '../web/bibliographic-search'
import { repositoryRoot } from './shared'

const citedSchema = z.object({
  doi: z.string(),
  from: z.string(),
  independent: z.boolean(),
  cited: z.object({
    title: z.string(),
    authors: z.array(z.string()),
    year: z.number().exactOptional(),
    type: z.string().exactOptional(),
    venue: z.string().exactOptional()
  })
})
export interface TitleReference {
  readonly doi: string
  readonly from: string
  /** the pool's record was written by another author than the reference */
  readonly independent: boolean
  readonly cited: WorkFacts & { readonly title: string; readonly authors: readonly string[] }
}

const recordSchema = z.object({
  DOI: z.string(),
  title: z.array(z.string()),
  subtitle: z.array(z.string()).exactOptional(),
  author: z
    .array(z.object({ family: z.string().exactOptional(), given: z.string().exactOptional() }))
    .exactOptional(),
  issued: z.object({ 'date-parts': z.array(z.array(z.number())) }).exactOptional(),
  'container-title': z.array(z.string()).exactOptional(),
  type: z.string().exactOptional()
})

const linesOf = (name: string): readonly unknown[] =>
  readFileSync(join(repositoryRoot, 'tests/fixtures/titles', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

export const titlePool = (): readonly CrossrefRecord[] =>
  linesOf('pool.jsonl').map((line) => recordSchema.parse(line))

/** As found, and, where the record comes from the same entry, in other spellings. */
export function titleReferences(): readonly TitleReference[] {
  return linesOf('references.jsonl').map((line, at) => {
    const reference = citedSchema.parse(line)
    return reference.independent ? reference : { ...reference, cited: rewritten(reference.cited, at) }
  })
}

type Cited = TitleReference['cited']

const HANDS: readonly ((cited: Cited) => Cited)[] = [
  (cited) => cited,
  (cited) => ({ ...cited, title: cited.title.toLowerCase() }),
  (cited) => ({ ...cited, title: cited.title.replace(/^(.{25,}?): .+$/, '$1') }),
  (cited) => ({ ...cited, ...(cited.year === undefined ? {} : { year: cited.year + 1 }) }),
  (cited) => ({ ...cited, authors: cited.authors.slice(0, 1).map(withInitials) }),
  (cited) => ({ ...cited, title: cited.title.normalize('NFKD').replace(/\p{M}/gu, '').replace(/-/g, ' ') }),
  (cited) => ({ ...cited, title: cited.title.replace(/(\p{L}{5})(\p{L})(\p{L}{3})/u, '$1$3') }),
  (cited) => ({ ...cited, title: `{${cited.title.replace(/&/g, '\\&')}}.` })
]

function rewritten(cited: Cited, at: number): Cited {
  return (HANDS[at % HANDS.length] ?? ((one: Cited) => one))(cited)
}

/** `Smith, John Paul` → `J. P. Smith` */
function withInitials(author: string): string {
  const [family = author, given = ''] = author.split(/,\s*/)
  return `${given
    .split(/[\s.]+/)
    .filter((name) => name !== '')
    .map((name) => `${name[0] ?? ''}.`)
    .join(' ')} ${family}`.trim()
}

/** Records that Crossref has beside a work and that are not it. */
export function lookAlikes(record: CrossrefRecord): readonly CrossrefRecord[] {
  const [title = ''] = record.title
  const year = record.issued?.['date-parts'][0]?.[0] ?? 2000
  const suffix = (name: string): string => `${record.DOI}.${name}`
  const like = (name: string, changed: Partial<CrossrefRecord>): CrossrefRecord => ({
    ...record,
    ...changed,
    DOI: suffix(name)
  })
  const isBook = ['book', 'monograph', 'edited-book'].includes(record.type ?? '')
  return [
    like('correction', { title: [`Correction to: ${title}`] }),
    like('erratum', { title: [`${title}: erratum`], subtitle: [] }),
    like('comment', { title: [`Comment on “${title}”`], author: [{ family: 'Otherman', given: 'A.' }] }),
    like('review', { title: [`Review of: ${title}`], author: [{ family: 'Reviewer', given: 'B.' }] }),
    like('peer', { type: 'peer-review' }),
    like('same-title', { author: [{ family: 'Namesake', given: 'C.' }], issued: { 'date-parts': [[year]] } }),
    like('next', { title: [`${title} II`], issued: { 'date-parts': [[year + 1]] } }),
    like('later', { issued: { 'date-parts': [[year + 6]] }, 'container-title': ['Another Journal'] }),
    ...(isBook
      ? [
          like('chapter', { type: 'book-chapter' }),
          like('book-review', { type: 'journal-article', author: [{ family: 'Reviewer', given: 'B.' }] })
        ]
      : /preprint/i.test(record['container-title']?.[0] ?? '')
        ? []
        : [like('preprint', { type: 'posted-content', 'container-title': [] })])
  ]
}
