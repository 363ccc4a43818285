/** What a file is by its name: a list of references, a PDF, a citation style. Pure. */
import { isOneOf } from './tables'

/** The extensions of reference files: for file dialogs and for what is dropped. Files with other names are read too. */
export const REFERENCE_EXTENSIONS = [
  'bib',
  'bibtex',
  'biblatex',
  'ris',
  'nbib',
  'medline',
  'enw',
  'ciw',
  'isi',
  'json',
  'csljson',
  'jsonl',
  'ndjson',
  'xml',
  'mods',
  'yaml',
  'yml',
  'cff',
  'csv',
  'tsv',
  'tab',
  'txt',
  'text',
  'bbl',
  'md',
  'list',
  'html',
  'htm'
] as const
export type ReferenceExtension = (typeof REFERENCE_EXTENSIONS)[number]

/** Those that start Sheaf with a file, and that a hint names. */
export const OPENED_EXTENSIONS = [
  'bib',
  'ris',
  'nbib',
  'json',
  'csv',
  'txt'
] as const satisfies readonly ReferenceExtension[]

/** `.bib, .ris, …` */
export const OPENED_FILES = OPENED_EXTENSIONS.map((extension) => `.${extension}`).join(', ')

/** Main's name for the text of the box of Add papers, where a line number is enough. */
export const PASTED = 'Pasted text'

/** In lower case, without the dot; empty where there is none. */
export function extensionOf(name: string): string {
  return /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
}

export type FileKind = 'references' | 'pdf' | 'style' | 'other'

export function kindOfFile(name: string): FileKind {
  const extension = extensionOf(name)
  if (extension === 'pdf') return 'pdf'
  if (extension === 'csl') return 'style'
  return isOneOf(REFERENCE_EXTENSIONS, extension) ? 'references' : 'other'
}

/** Hidden files, and the resource forks that macOS leaves on other disks, are not papers. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX'
}
