/** Sentences about citation styles that the user added. */
import { isolate } from './figures'

export const STYLES = {
  name: 'Citation styles',
  help: 'Eight styles come with Sheaf. Add others as .csl files, such as from zotero.org/styles or your journal; drop them anywhere on the window.',
  add: 'Add a style…',
  remove: 'Remove this style',
  removeOne: (title: string) => `Remove ${isolate(title)}`,
  own: 'Your styles',
  bundled: 'Come with Sheaf',
  none: 'No style added',
  added: (title: string) => `${isolate(title)} was added to the styles.`,
  tooLarge: (name: string) => `${isolate(name)} is larger than 1 MB: no citation style is.`
} as const
