/**
 * Plain text: one identifier a line, `#` for comments, and prose in which identifiers are looked for.
 * A line in which nothing was understood is a problem, never silence.
 */
import { findIdentifiers } from '../find-identifiers'
import { QUOTED_CHARS, type FormatReading } from './entry'

export function readTextReferences(text: string): FormatReading {
  const uncommented = text
    .split('\n')
    .map((line) => (/^\s*(?:#|\/\/)/.test(line) ? '' : line.replace(/\s#\s.*$/, '')))
    .join('\n')
  const { found, repeated, notUnderstood } = findIdentifiers(uncommented)
  return {
    repeated,
    entries: found.map(({ line, text: quoted, ...known }) => ({
      line,
      text: quoted.slice(0, QUOTED_CHARS),
      names: [],
      urls: [],
      prose: [],
      facts: {},
      known
    })),
    problems: notUnderstood.map((nothing) => ({ ...nothing, text: nothing.text.slice(0, QUOTED_CHARS) }))
  }
}
