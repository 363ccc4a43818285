/** Sentences about renaming existing papers. */
import type { RenameOutcome } from '../../contract/settings-views'
import { count } from './figures'

const papers = (n: number): string => count(n, 'paper')
const keeps = (n: number): string =>
  `${papers(n)} ${n === 1 ? 'keeps its name: its file was changed or is missing' : 'keep their names: their files were changed or are missing'}, or Sheaf does not remember fetching ${n === 1 ? 'it' : 'them'}.`

export const RENAME_TEXT = {
  button: 'Rename existing files…',
  looking: 'Comparing names…',
  title: (n: number): string => `Rename ${papers(n)}?`,
  becomes: 'becomes',
  more: (n: number): string => `and ${count(n, 'other')}`,
  about:
    'Files in the library get the names of this template. A file that you changed keeps its name, and no file is overwritten. Links to the former names, for instance in a .bib file, are not changed.',
  kept: keeps,
  confirm: (n: number): string => `Rename ${papers(n)}`,
  cancel: 'Cancel',
  stop: 'Stop',
  progress: (at: { readonly done: number; readonly of: number } | null): string =>
    at === null ? 'Renaming…' : `${papers(at.done)} looked at, of ${count(at.of, 'in all', 'in all')}.`,
  nothing: (kept: number): string =>
    kept === 0 ? 'Every paper has this name already.' : `Nothing to rename. ${keeps(kept)}`,
  outcome: ({ renamed, kept, failed, isStopped }: RenameOutcome): string =>
    [
      `${papers(renamed)} renamed${isStopped ? ', then stopped' : ''}.`,
      ...(kept > 0 ? [keeps(kept)] : []),
      ...(failed > 0 ? [`${papers(failed)} could not be renamed; the paper’s history says why.`] : [])
    ].join(' ')
} as const
