/** Sentences about named lists, and about the length of a list. */
import { isolate, number } from './figures'

/** Rows that “Show more” adds to a list. */
export const MORE_ROWS = 200

export const LISTS = {
  all: 'All papers',
  /** label of the list selector */
  chooser: (shown: string) => `List shown: ${shown}`,
  entry: (name: string, papers: number) => `${isolate(name)} (${number(papers)})`,
  show: (name: string) => `Show list ${isolate(name)}`,
  showAll: 'Show all papers',
  noneYet: (name: string) => `No paper of the list “${isolate(name)}” is here.`,
  put: 'Add to list',
  putPlaceholder: 'none',
  putHint: 'Papers that you have already are put in it too.'
} as const
