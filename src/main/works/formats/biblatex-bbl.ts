/**
 * The `.bbl` file that Biber writes for BibLaTeX: one `\entry{key}{type}` per work, its fields as commands.
 * The items of BibTeX's own `.bbl` (`\bibitem`) are citations and are read as text. Source: biber 2.19,
 * `Biber::Output::bbl`.
 */
import type { BibtexEntry } from './bibtex-syntax'
import { QUOTED_CHARS } from './entry'

const ENTRY = /^\s*\\entry\{([^{}]*)\}\{([A-Za-z]+)\}/

export function looksLikeBiblatexBbl(text: string): boolean {
  return (
    /^[ \t]{0,20}\\(?:refsection|datalist|sortlist)\b/m.test(text) &&
    /^[ \t]{0,20}\\entry\{[^{}]{0,300}\}\{[A-Za-z]{1,40}\}/m.test(text)
  )
}

/** Works can be in several lists of one file (one for each sorting): each is returned once. */
export function readBiblatexBbl(text: string): readonly BibtexEntry[] {
  const entries = new Map<string, BibtexEntry>()
  let open: { readonly entry: BibtexEntry; readonly fields: Map<string, string> } | null = null
  let verb: string | null = null
  text.split('\n').forEach((line, at) => {
    const [, key, type = ''] = ENTRY.exec(line) ?? []
    if (key !== undefined) {
      const fields = new Map<string, string>()
      const entry = {
        type: type.toLowerCase(),
        key,
        fields,
        line: at + 1,
        text: line.trim().slice(0, QUOTED_CHARS)
      }
      open = { entry, fields }
      if (!entries.has(key)) entries.set(key, entry)
    } else if (open === null) return
    else if (/^\s*\\endentry\b/.test(line)) open = null
    else {
      const [, name, value] = /^\s*\\(?:field|strng)\{(\w+)\}\{(.*)\}\s*$/.exec(line) ?? []
      if (name !== undefined && value !== undefined) open.fields.set(name, value)
      verb = /^\s*\\verb\{(\w+)\}/.exec(line)?.[1] ?? verb
      const said = /^\s*\\verb (\S.*)$/.exec(line)?.[1]
      if (said !== undefined && verb !== null) open.fields.set(verb, said.trim())
      const list = /^\s*\\list\{(\w+)\}/.exec(line)?.[1]
      if (list !== undefined) verb = null
      addName(open.fields, line)
    }
  })
  return [...entries.values()]
}

function addName(fields: Map<string, string>, line: string): void {
  const family = /\bfamily=\{([^{}]*)\}/.exec(line)?.[1]
  if (family === undefined) return
  const given = /\bgiven=\{([^{}]*)\}/.exec(line)?.[1]
  const name = given === undefined ? `{${family}}` : `${family}, ${given.replaceAll('\\bibinitperiod', '.')}`
  const before = fields.get('author')
  fields.set('author', before === undefined ? name : `${before} and ${name}`)
}
