/**
 * A folder as a student has it: 200 PDFs with names of all kinds. 24 are the real PDFs of the repository
 * (files of other programs, hardly any of them a paper), 176 are recorded works (title, authors, year and DOI
 * from Crossref, OpenAlex and Europe PMC), set in the different ways in which PDFs state, or do not state,
 * which paper they are.
 */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { realWorks, type RealWork } from '../bench/right-paper-styles'
import type { WorldWork } from '../web/works'
import { makePdf, type PaperText } from './make-pdf'
import { recordedPath } from './shared'

export const STUDENT_FILES = 200

export interface StudentFolder {
  /** file name → DOI of its paper; null: no paper that a service knows */
  readonly truth: ReadonlyMap<string, string | null>
  readonly works: readonly WorldWork[]
  readonly realFiles: number
}

type Way = (work: RealWork, n: number) => { readonly name: string; readonly paper: PaperText }

const plain = ({ title, authors, year }: RealWork): PaperText => ({ title, authors, year, pages: 2 })

export const STUDENT_WAYS: Readonly<Record<string, Way>> = {
  'DOI printed': (work, n) => ({ name: `paper ${String(n)}.pdf`, paper: { ...plain(work), doi: work.doi } }),
  'DOI and journal, no metadata': (work, n) => ({
    name: `s${String(n)}-main.pdf`,
    paper: { ...plain(work), doi: work.doi, header: `${work.journal} ${String(work.year)}`, metadata: false }
  }),
  'title and authors alone': (work, n) => ({ name: `download (${String(n)}).pdf`, paper: plain(work) }),
  'no metadata, no DOI': (work, n) => ({
    name: `${String(n)}.pdf`,
    paper: { ...plain(work), header: work.journal, metadata: false }
  }),
  'DOI in the file’s name': (work, n) => ({
    name: `${work.doi.replaceAll('/', '_')} ${String(n)}.pdf`,
    paper: { ...plain(work), metadata: false }
  }),
  'capital letters': (work, n) => ({
    name: `${work.authors[0]?.split(' ').at(-1) ?? 'x'} ${String(work.year)} ${String(n)}.pdf`,
    paper: { ...plain(work), title: work.title.toUpperCase() }
  })
}

/** The characters that the standard fonts of a PDF have (Windows-1252). */
const WRITTEN = /^[\x20-\x7e\u00a0-\u00ffŠšŽžŒœŸ–—‘’“”…€™]*$/

/** Fills the folder, half of it one level down. */
export function makeStudentFolder(folder: string): StudentFolder {
  const real = readdirSync(recordedPath('pdf')).filter((name) => name.endsWith('.pdf'))
  const truth = new Map<string, string | null>()
  mkdirSync(join(folder, 'semester 2'), { recursive: true })
  for (const name of real) {
    copyFileSync(recordedPath(`pdf/${name}`), join(folder, name))
    truth.set(name, null)
  }
  const ways = Object.values(STUDENT_WAYS)
  const chosen = realWorks()
    .filter(({ title, authors }) => [title, ...authors].every((text) => WRITTEN.test(text)))
    .slice(0, STUDENT_FILES - real.length)
  for (const [n, work] of chosen.entries()) {
    const made = ways[n % ways.length]?.(work, n)
    if (made === undefined) continue
    writeFileSync(join(folder, n % 2 === 0 ? '' : 'semester 2', made.name), makePdf(made.paper))
    truth.set(made.name, work.doi)
  }
  const works = chosen.map(({ title, authors, year, doi }, n): WorldWork => ({
    key: `s${String(n)}`,
    title,
    authors,
    year,
    doi
  }))
  return { truth, works, realFiles: real.length }
}
