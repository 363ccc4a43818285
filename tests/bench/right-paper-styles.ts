/**
 * First pages for the measure `right-paper`: real works (title, authors, DOI, abstract as Crossref and
 * OpenAlex record them, from tests/fixtures/recorded) set in the styles that journals, preprint servers,
 * repositories and scans use. A page is given as the pieces of text that pdf.js reports for it, so a
 * style is a list of lines with size and font. Deterministic.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { familyNameOf } from '../../src/main/library/family-name'
import { readLayout, type Layout } from '../../src/main/library/pdf-layout'
import { withoutMarkup } from '../../src/main/library/plain-words'

export interface RealWork {
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  readonly doi: string
  readonly journal: string
  readonly abstract: string | null
}

const RECORDED = join(import.meta.dirname, '../fixtures/recorded')
const crossrefSchema = z.object({
  title: z.array(z.string()).min(1),
  author: z.array(z.object({ given: z.string().optional(), family: z.string().optional() })).min(1),
  DOI: z.string(),
  abstract: z.string().optional(),
  'container-title': z.array(z.string()).optional(),
  issued: z.object({ 'date-parts': z.array(z.array(z.number().nullable())) }).optional()
})
const openAlexSchema = z.object({
  display_name: z.string(),
  doi: z.string(),
  publication_year: z.number(),
  authorships: z.array(z.object({ author: z.object({ display_name: z.string() }) })).min(1),
  abstract_inverted_index: z.record(z.string(), z.array(z.number())).nullish()
})

const pubMedSchema = z.object({
  title: z.string(),
  authorString: z.string(),
  doi: z.string(),
  pubYear: z.string(),
  journalTitle: z.string().optional(),
  abstractText: z.string().optional()
})

/** Every work with a title of its own and authors with given names, once. */
export function realWorks(): readonly RealWork[] {
  const works = new Map<string, RealWork>()
  const add = (work: RealWork): void => {
    const key = work.title.toLowerCase().slice(0, 60)
    if (work.title.split(/\s+/).length < 3 || works.has(key)) return
    if (/^(?:journal|volume|index|editorial|book review)/i.test(work.title)) return
    works.set(key, work)
  }
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) walk(one)
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return
    const crossref = crossrefSchema.safeParse(value)
    const openAlex = openAlexSchema.safeParse(value)
    const pubMed = pubMedSchema.safeParse(value)
    if (crossref.success) add(ofCrossref(crossref.data))
    else if (openAlex.success) add(ofOpenAlex(openAlex.data))
    else if (pubMed.success) add(ofPubMed(pubMed.data))
    else for (const one of Object.values(value)) walk(one)
  }
  for (const source of ['crossref', 'openalex', 'europepmc'])
    for (const file of readdirSync(join(RECORDED, source)).sort())
      if (file.endsWith('.json') && !file.endsWith('.meta.json')) {
        try {
          walk(JSON.parse(readFileSync(join(RECORDED, source, file), 'utf8')))
        } catch {
          // Some recorded answers are broken on purpose.
        }
      }
  return [...works.values()].filter((work) => work.authors.length > 0)
}

function ofCrossref(record: z.infer<typeof crossrefSchema>): RealWork {
  return {
    title: (record.title[0] ?? '').replace(/\s+/g, ' ').trim(),
    authors: record.author
      .filter((one) => one.family !== undefined)
      .map((one) => `${one.given ?? ''} ${one.family ?? ''}`.trim()),
    year: record.issued?.['date-parts'][0]?.[0] ?? 2010,
    doi: record.DOI.toLowerCase(),
    journal: record['container-title']?.[0] ?? 'Preprint',
    abstract: record.abstract?.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') ?? null
  }
}

function ofPubMed(record: z.infer<typeof pubMedSchema>): RealWork {
  return {
    title: record.title.replace(/\.$/, ''),
    authors: record.authorString.replace(/\.$/, '').split(', ').slice(0, 12),
    year: Number(record.pubYear),
    doi: record.doi.toLowerCase(),
    journal: record.journalTitle ?? 'Journal of Recorded Works',
    abstract: record.abstractText?.replace(/<[^>]*>/g, ' ') ?? null
  }
}

function ofOpenAlex(record: z.infer<typeof openAlexSchema>): RealWork {
  const words: string[] = []
  for (const [word, places] of Object.entries(record.abstract_inverted_index ?? {}))
    for (const place of places) words[place] = word
  return {
    title: record.display_name.replace(/<[^>]*>/g, '').trim(),
    authors: record.authorships.map((one) => one.author.display_name),
    year: record.publication_year,
    doi: record.doi.replace(/^https?:\/\/doi\.org\//, '').toLowerCase(),
    journal: 'Journal of Recorded Works',
    abstract: words.length === 0 ? null : words.join(' ')
  }
}

interface Line {
  readonly text: string
  readonly size?: number
  readonly font?: string
}
type Style = (work: RealWork, words: Words) => readonly (readonly Line[])[]

/** What a style needs besides the record. */
interface Words {
  readonly body: readonly Line[]
  readonly random: () => number
}

const wrap = (text: string, letters: number, line: Omit<Line, 'text'> = {}): Line[] => {
  const lines: Line[] = []
  let now = ''
  for (const word of text.split(/\s+/)) {
    if (now !== '' && now.length + word.length + 1 > letters) {
      lines.push({ text: now, ...line })
      now = ''
    }
    now = now === '' ? word : `${now} ${word}`
  }
  return now === '' ? lines : [...lines, { text: now, ...line }]
}

/** As it is printed: without the tags that services keep. */
const plain = withoutMarkup

const familyFirst = (name: string): string => {
  const family = familyNameOf(name)
  const given = name.replace(family, '').trim()
  const initials = given
    .split(/[\s.-]+/)
    .map((part) => part.slice(0, 1))
    .join('')
  return `${family} ${initials}`
}
const initialsFirst = (name: string): string => {
  const family = familyNameOf(name)
  const initials = name
    .replace(family, '')
    .trim()
    .split(/[\s.-]+/)
    .filter((part) => part !== '')
    .map((part) => `${part.slice(0, 1)}. `)
    .join('')
  return `${initials}${family}`
}
const list = (names: readonly string[], last = ' and '): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')}${last}${names.at(-1) ?? ''}`
const marked = (names: readonly string[]): string =>
  names.map((name, index) => `${name}${String((index % 3) + 1)}${index === 0 ? ',*' : ''}`).join(', ')

const TOWN = ['London', 'Wuhan', 'Jackson', 'Berlin', 'Moreno Valley', 'Washington', 'Campinas', 'Kent']
const affiliation = (random: () => number): string =>
  `Department of Biology, University of ${TOWN[Math.floor(random() * TOWN.length)] ?? 'Kent'}, ${TOWN[Math.floor(random() * TOWN.length)] ?? 'Kent'}`

export const STYLES: Readonly<Record<string, Style>> = {
  'journal line, large title': (work, { body, random }) => [
    [
      {
        text: `${work.journal} ${String(1 + Math.floor(random() * 90))} (${String(work.year)}) 33-41`,
        size: 9
      },
      { text: `doi:${work.doi}`, size: 9 },
      ...wrap(plain(work.title), 50, { size: 18 }),
      ...wrap(list(work.authors), 80, { size: 11 }),
      { text: `Received 3 May ${String(work.year)}; accepted 9 September ${String(work.year)}` },
      { text: 'Abstract' },
      ...body
    ]
  ],
  'journal name largest, names with marks': (work, { body, random }) => [
    [
      { text: 'Contents lists available at ScienceDirect', size: 8 },
      ...wrap(work.journal, 40, { size: 16 }),
      { text: 'journal homepage: www.example.com/locate/jour', size: 8 },
      ...wrap(plain(work.title), 60, { size: 13.5 }),
      ...wrap(marked(work.authors), 90, { size: 10.5 }),
      ...wrap(`a ${affiliation(random)}`, 100, { size: 7 }),
      { text: 'a r t i c l e   i n f o', size: 7 },
      { text: 'a b s t r a c t', size: 7 },
      ...body
    ]
  ],
  'two columns, IEEE': (work, { body, random }) => [
    [
      ...wrap(plain(work.title), 45, { size: 24 }),
      ...wrap(list(work.authors.map(initialsFirst), ', and '), 60, { size: 11 }),
      { text: affiliation(random), size: 10 },
      { text: 'Abstract—', font: 'bold' },
      ...body
    ]
  ],
  'capitals, by, one size of type': (work, { body, random }) => [
    [
      { text: `${work.journal.toUpperCase()}, VOL. 12, ${String(work.year)}` },
      { text: '' },
      ...wrap(plain(work.title).toUpperCase(), 60),
      { text: '' },
      ...wrap(`BY ${list(work.authors.map(initialsFirst), ' AND ').toUpperCase()}`, 70),
      { text: affiliation(random) },
      { text: '' },
      ...body
    ]
  ],
  'bold title of the size of the body': (work, { body, random }) => [
    [
      { text: String(100 + Math.floor(random() * 900)) },
      ...wrap(plain(work.title), 60, { font: 'bold' }),
      ...wrap(list(work.authors), 80, { font: 'italic' }),
      { text: affiliation(random) },
      ...body
    ]
  ],
  'cover page of a repository': (work, { body, random }) => [
    [
      { text: 'University of Exampleton Research Repository', size: 20 },
      { text: 'This is the accepted version of the article published as:', size: 11 },
      ...wrap(
        `${list(work.authors.map(familyFirst), ', ')} (${String(work.year)}). ${plain(work.title)}. ${work.journal}.`,
        80,
        { size: 11 }
      ),
      { text: `https://doi.org/${work.doi}`, size: 11 },
      ...wrap(
        'Copyright and moral rights are retained by the individual authors and other copyright owners. It is a condition of accessing publications that users recognise the legal requirements of these rights and that it may not be copied for profit.',
        80,
        { size: 11 }
      )
    ],
    [
      ...wrap(plain(work.title), 60, { size: 14 }),
      ...wrap(list(work.authors), 80, { size: 12 }),
      { text: affiliation(random) },
      ...body
    ]
  ],
  'arXiv preprint': (work, { body, random }) => [
    [
      ...wrap(plain(work.title), 50, { size: 17 }),
      ...wrap(list(work.authors), 70, { size: 12 }),
      { text: affiliation(random), size: 10 },
      {
        text: `arXiv:${String(work.year % 100).padStart(2, '0')}03.0${String(1000 + Math.floor(random() * 8999))}v1 [q-bio.PE] 2 Mar ${String(work.year)}`,
        size: 20
      },
      { text: 'Abstract' },
      ...body
    ]
  ],
  'citation box beside the text': (work, { body, random }) => [
    [
      { text: 'Article', font: 'italic' },
      ...wrap(plain(work.title), 50, { size: 18 }),
      ...wrap(marked(work.authors), 80, { font: 'bold' }),
      ...wrap(`1 ${affiliation(random)}`, 90, { size: 8 }),
      ...wrap(
        `Citation: ${work.authors.map((name) => `${familyFirst(name)}.`).join('; ')} ${plain(work.title)}. ${work.journal} ${String(work.year)}. https://doi.org/${work.doi}`,
        40,
        { size: 7 }
      ),
      { text: 'Academic Editor: Maria Silva', size: 7 },
      ...body
    ]
  ],
  'editors and reviewers named': (work, { body, random }) => [
    [
      { text: 'ORIGINAL RESEARCH', size: 8 },
      { text: `published: 04 May ${String(work.year)}`, size: 7 },
      { text: `doi: ${work.doi}`, size: 7 },
      ...wrap(plain(work.title), 45, { size: 20 }),
      ...wrap(marked(work.authors), 70, { size: 11 }),
      { text: affiliation(random), size: 8 },
      { text: 'Edited by:', size: 7 },
      { text: 'Li Wang, Peking University, China', size: 7 },
      { text: 'Reviewed by:', size: 7 },
      { text: 'John Smith, University of Kent, UK', size: 7 },
      { text: 'Wei Chen, Zhejiang University, China', size: 7 },
      ...body
    ]
  ],
  'names with family name first': (work, { body, random }) => [
    [
      ...wrap(plain(work.title), 60, { size: 15, font: 'bold' }),
      ...wrap(work.authors.map(familyFirst).join(', '), 80),
      { text: affiliation(random), size: 8 },
      { text: `J Example. ${String(work.year)};12(3):33-41. doi: ${work.doi}`, size: 8 },
      ...body
    ]
  ],
  'capitals for family names, title in capitals': (work, { body, random }) => [
    [
      { text: `${work.journal} • ${String(work.year)}`, size: 8 },
      ...wrap(plain(work.title).toUpperCase(), 50, { size: 14 }),
      ...wrap(
        list(work.authors.map((name) => name.replace(familyNameOf(name), familyNameOf(name).toUpperCase()))),
        80
      ),
      { text: affiliation(random), size: 8 },
      ...body
    ]
  ],
  'authors at the end of a letter': (work, { body }) => [
    [
      { text: 'CORRESPONDENCE', size: 9 },
      ...wrap(plain(work.title), 50, { size: 16 }),
      ...body,
      ...wrap(list(work.authors.map(initialsFirst)), 70, { font: 'italic' })
    ]
  ]
}

const SMALL =
  'the of and in to a is for with that by on as are was were from this be we an at which not have has had it its their than between into over under during'.split(
    ' '
  )
const PLAIN =
  'sample samples value level change area period water number group rate order field season measure model effect time result set site part table line point'.split(
    ' '
  )

/** Text about the work: its abstract, and sentences with the words of its title among small words. */
function bodyOf(work: RealWork, others: readonly RealWork[], random: () => number): readonly Line[] {
  const own = plain(work.title)
    .split(/[^\p{L}\p{N}-]+/u)
    .filter((word) => word.length > 3)
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? 'the'
  const sentence = (): string =>
    Array.from({ length: 14 }, () =>
      random() < 0.5 ? pick(SMALL) : random() < 0.6 ? pick(PLAIN) : pick(own)
    ).join(' ')
  const cited = others[Math.floor(random() * others.length)]
  const names = cited?.authors.slice(0, 2).map(familyNameOf) ?? []
  const citing = `${sentence()} (${names.join(' and ')}, ${String(cited?.year ?? 2001)}).`
  const text = [
    work.abstract ?? '',
    ...Array.from({ length: 10 }, () => `${sentence()}.`),
    citing,
    ...Array.from({ length: 10 }, () => `${sentence()}.`)
  ].join(' ')
  return wrap(text.slice(0, 3_000), 90)
}

/** A small generator (mulberry32): the same seed, the same pages. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The pages of a work in a style, as a PDF reader gives them; its text cites one of the others. */
export function typeset(paper: {
  readonly work: RealWork
  readonly style: string
  readonly others: readonly RealWork[]
  readonly seed: number
}): readonly Layout[] {
  const { work, style, others, seed } = paper
  const random = randomFrom(seed)
  const pages = STYLES[style]?.(work, { body: bodyOf(work, others, random), random }) ?? []
  const second = [{ text: '2' }, ...bodyOf(work, others, random)]
  return [...pages, second].map((lines) =>
    readLayout(
      lines.map((line, index) => ({
        str: line.text,
        transform: [line.size ?? 10, 0, 0, line.size ?? 10, 50, 800 - 12 * index],
        hasEOL: true,
        fontName: line.font ?? 'plain'
      }))
    )
  )
}
