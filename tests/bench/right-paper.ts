/**
 * Is a wrong paper recognised, and a right one kept? Every PDF is judged as itself and under the names
 * of others: any other, one of the same publisher, one that shares a family name. Prints how many swaps
 * are found (refused), doubted (unsure) and believed (match), and how many true papers are refused.
 *
 *   npm run bench -- right-paper [--folder <folder of PDFs>]… [--misses] [--all-styles] [--pdfium]
 *
 * A preprint given for its article, or the other way round, is a row of its own: there `match` is right.
 *
 * Measured are invented papers made into PDFs, real works (Crossref, OpenAlex, Europe PMC as recorded)
 * set in the styles of journals and repositories (each in one of them, or in all), and the folders.
 * A folder may hold `papers.json`: an array of `{file, title, authors, year, doi, arxiv, publisher}`.
 * Without one, a PDF's own title and author fields say what it is (and are then hidden from the judge).
 * Pages are read by pdf.js, or, where it is sure of them, by PDFium (`--pdfium`).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { z } from 'zod'
import { familyNameOf } from '../../src/main/library/family-name'
import type { PdfText } from '../../src/main/library/pdf-text'
import { readLayout, type Layout } from '../../src/main/library/pdf-layout'
import { withOpenFile } from '../../src/main/library/pdfium'
import { piecesOf } from '../../src/main/library/pdfium-page'
import { judgeRightPaper, type WantedPaper } from '../../src/main/library/right-paper'
import type { RightPaper } from '../../src/main/library/right-paper-verdict'
import { makePdf } from '../kit/make-pdf'
import { SAMPLE_PAPERS } from './right-paper-samples'
import { realWorks, STYLES, typeset } from './right-paper-styles'

const TEXT_PAGES = 3
const describedSchema = z.array(
  z.object({
    file: z.string(),
    title: z.string(),
    authors: z.array(z.string()).default([]),
    year: z.number().optional(),
    doi: z.string().optional(),
    arxiv: z.string().optional(),
    publisher: z.string().optional()
  })
)

const isQuick = process.argv.includes('--pdfium')

interface Paper {
  readonly name: string
  readonly publisher: string
  readonly wanted: WantedPaper
  readonly layouts: readonly Layout[]
  readonly metadataTitle: string | null
  readonly pageCount: number
}

interface Opened {
  readonly layouts: readonly Layout[]
  readonly title: string | null
  readonly author: string | null
  readonly pageCount: number
}

async function open(bytes: Uint8Array): Promise<Opened> {
  const copy = isQuick ? bytes.slice() : null
  const task = getDocument({
    data: bytes,
    verbosity: VerbosityLevel.ERRORS,
    disableFontFace: true,
    useSystemFonts: false
  })
  try {
    const document = await task.promise
    const info = z
      .object({ Title: z.string().optional(), Author: z.string().optional() })
      .catch({})
      .parse((await document.getMetadata()).info)
    const layouts: Layout[] = []
    for (let number = 1; number <= Math.min(document.numPages, TEXT_PAGES); number += 1) {
      const page = await document.getPage(number)
      const quick = copy === null ? null : await withOpenFile(copy, (file) => piecesOf(file, number - 1))
      layouts.push(readLayout(quick ?? (await page.getTextContent()).items))
    }
    return {
      layouts,
      title: info.Title?.trim() ?? null,
      author: info.Author?.trim() ?? null,
      pageCount: document.numPages
    }
  } finally {
    await task.destroy()
  }
}

/** As the PDF reader does: page by page, until one says that it is the paper. */
function judge(paper: Paper, wanted: WantedPaper): RightPaper {
  const withText = paper.layouts.find((layout) => layout.runs.length > 0)
  let last: RightPaper | null = null
  for (let count = 1; count <= Math.max(1, paper.layouts.length); count += 1) {
    const pages = paper.layouts.slice(0, count).map((layout) => layout.text)
    const text: PdfText = {
      pages,
      prominent: withText?.prominent ?? [],
      runs: withText?.runs ?? [],
      metadataTitle: paper.metadataTitle,
      pageCount: paper.pageCount
    }
    last = judgeRightPaper(text, wanted)
    if (last.verdict === 'match') break
  }
  if (last === null) throw new Error('A paper without a page.')
  return last
}

async function generated(): Promise<Paper[]> {
  const papers: Paper[] = []
  for (const sample of SAMPLE_PAPERS) {
    const { publisher, ...text } = sample
    const opened = await open(makePdf(text))
    const { title, authors, year, doi } = text
    papers.push({
      name: title.slice(0, 40),
      publisher,
      wanted: { ids: doi === undefined ? {} : { doi }, facts: { title, authors, year } },
      layouts: opened.layouts,
      metadataTitle: opened.title,
      pageCount: opened.pageCount
    })
  }
  return papers
}

function styled(all: boolean): Paper[] {
  const works = realWorks()
  const names = Object.keys(STYLES)
  return works.flatMap((work, index) => {
    const styles = all ? names : [names[index % names.length] ?? '']
    return styles.map((style, at): Paper => ({
      name: `${style}: ${work.title.slice(0, 40)}`,
      publisher: work.doi.split('/')[0] ?? '',
      wanted: {
        ids: { doi: work.doi },
        facts: { title: work.title, authors: work.authors, year: work.year }
      },
      layouts: typeset({ work, style, others: works, seed: index * 31 + at }),
      metadataTitle: null,
      pageCount: 8
    }))
  })
}

async function ofFolder(folder: string): Promise<Paper[]> {
  const list = join(folder, 'papers.json')
  const described = existsSync(list) ? describedSchema.parse(JSON.parse(readFileSync(list, 'utf8'))) : null
  const files =
    described?.map((one) => one.file) ??
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.pdf$/i.test(file))
  const papers: Paper[] = []
  for (const file of files.sort()) {
    let opened: Opened
    try {
      opened = await open(new Uint8Array(readFileSync(join(folder, file))))
    } catch {
      continue
    }
    const said = described?.find((one) => one.file === file)
    const title = said?.title ?? opened.title
    const authors = said?.authors ?? namesIn(opened.author ?? '')
    // What a word processor writes there is no title.
    if (title === null || /^microsoft word|\.(?:docx?|txt|tex|dvi)$/i.test(title)) continue
    if (said === undefined && (title.split(/\s+/).length < 4 || authors.length === 0)) continue
    papers.push({
      name: basename(file),
      publisher: said?.publisher ?? file.split(/[/\\]/)[0] ?? '',
      wanted: {
        ids: {
          ...(said?.doi === undefined ? {} : { doi: said.doi.toLowerCase() }),
          ...(said?.arxiv === undefined ? {} : { arxiv: said.arxiv })
        },
        facts: { title, authors, ...(said?.year === undefined ? {} : { year: said.year }) }
      },
      layouts: opened.layouts,
      metadataTitle: said === undefined ? null : opened.title,
      pageCount: opened.pageCount
    })
  }
  return papers
}

const namesIn = (text: string): string[] =>
  text
    .split(/\s*(?:;|,|&|\band\b)\s*/)
    .map((name) => name.trim())
    .filter((name) => name.length > 3)

const familiesOf = (paper: Paper): readonly string[] =>
  (paper.wanted.facts.authors ?? []).map((author) => familyNameOf(author).toLowerCase())

/** Deterministic: the same papers give the same swaps. */
function swapsOf(
  papers: readonly Paper[],
  fits: (file: Paper, asked: Paper) => boolean,
  each: number
): [Paper, Paper][] {
  return papers.flatMap((file, index) => {
    const others = papers.filter(
      (asked) => asked !== file && asked.wanted.facts.title !== file.wanted.facts.title && fits(file, asked)
    )
    const step = Math.max(1, Math.floor(others.length / each))
    return Array.from({ length: Math.min(each, others.length) }, (_, k): [Paper, Paper] => [
      file,
      others[(index + k * step) % others.length] ?? file
    ])
  })
}

/**
 * A preprint and the article that came of it: the title of one is within the other's, and most of the people
 * are the same. A version of the work that was asked for is no wrong paper (docs/design.md §10).
 */
function areVersions(file: Paper, asked: Paper): boolean {
  const wordsOf = ({ wanted }: Paper): string[] =>
    (wanted.facts.title ?? '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const [short = [], long = []] = [wordsOf(file), wordsOf(asked)].sort((a, b) => a.length - b.length)
  const people = new Set(familiesOf(asked))
  const shared = familiesOf(file).filter((name) => people.has(name)).length
  const least = Math.min(familiesOf(file).length, people.size)
  return short.length >= 5 && short.every((word) => long.includes(word)) && shared >= 2 && shared * 2 > least
}

const shown: string[] = []
function row(name: string, pairs: readonly (readonly [Paper, Paper])[]): void {
  const counts = { mismatch: 0, unsure: 0, match: 0 }
  for (const [file, asked] of pairs) {
    const answer = judge(file, asked.wanted)
    counts[answer.verdict] += 1
    const isMiss = file === asked ? answer.verdict !== 'match' : answer.verdict !== 'mismatch'
    if (isMiss)
      shown.push(
        `${name.trim()}: ${file.name} as “${(asked.wanted.facts.title ?? '').slice(0, 60)}”: ${answer.verdict}, ${answer.because} ${JSON.stringify(answer.evidence['found'])}`
      )
  }
  const part = (count: number): string =>
    `${String(count).padStart(5)} ${pairs.length === 0 ? '   –  ' : `${((100 * count) / pairs.length).toFixed(1).padStart(5)} %`}`
  console.log(
    `${name.padEnd(26)} ${String(pairs.length).padStart(5)}   refused ${part(counts.mismatch)}   unsure ${part(counts.unsure)}   match ${part(counts.match)}`
  )
}

const args = process.argv.slice(2)
const folders = args.flatMap((arg, at) => (arg === '--folder' ? [resolve(args[at + 1] ?? '.')] : []))
const sets = [
  await generated(),
  styled(args.includes('--all-styles')),
  ...(await Promise.all(folders.map(ofFolder)))
]
const papers = sets.flat()
console.log(`${String(papers.length)} papers with a known title and authors`)
const began = performance.now()
row(
  'true papers',
  papers.map((paper): [Paper, Paper] => [paper, paper])
)
row(
  'swapped at random',
  swapsOf(papers, () => true, 3)
)
row(
  'swapped, same publisher',
  swapsOf(papers, (file, asked) => file.publisher === asked.publisher, 3)
)
const related = swapsOf(
  papers,
  (file, asked) => familiesOf(file).some((name) => familiesOf(asked).includes(name)),
  3
)
row(
  'swapped, shared surname',
  related.filter((pair) => !areVersions(...pair))
)
row(
  'other version of the work',
  related.filter((pair) => areVersions(...pair))
)
console.log(`${(performance.now() - began).toFixed(0)} ms for all judgements`)
if (args.includes('--misses')) for (const line of shown) console.log(line)
