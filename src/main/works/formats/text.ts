/**
 * Plain text: one identifier per line, `#` for comments, pasted references, and prose that is searched for
 * identifiers. A line without a recognised identifier is always reported as a problem.
 */
import { allIdentifiers } from '../find-identifiers'
import { recognise } from '../recognise'
import { QUOTED_CHARS, type FormatReading } from './entry'

export function readTextReferences(
  text: string,
  /** of the file: PubMed names its list of numbers `pmid-….txt` */
  name = ''
): FormatReading {
  const lines = withoutDocument(text).split('\n')
  const plain = isListOfPmids(text, name) ? lines.map(asPmids) : underHeadings(lines).map(withoutRemark)
  const { found, notUnderstood } = allIdentifiers(plain.join('\n'))
  return {
    entries: found.map(({ line, text: quoted, places, ...known }) => ({
      line,
      text: quoted.slice(0, QUOTED_CHARS),
      names: [],
      urls: places ?? [],
      prose: [],
      facts: {},
      known
    })),
    problems: notUnderstood.map((nothing) => ({ ...nothing, text: nothing.text.slice(0, QUOTED_CHARS) }))
  }
}

/** A remark follows an identifier; in a sentence `#` is a number sign. */
function withoutRemark(line: string): string {
  if (/^\s*(?:#(?!\d)|\/\/|%)/.test(line)) return ''
  if (AROUND_BIBITEMS.test(line) && !/10\.\d{4}|https?:/.test(line)) return ''
  const at = line.search(/\s#\s/)
  if (at < 0 || at > 500) return line
  const before = line.slice(0, at)
  return recognise(before).kind === 'ids' ? before : line
}

/** A LaTeX document without everything but its bibliography; lines keep their numbers. */
function withoutDocument(text: string): string {
  const from = text.search(/\\begin\s?\{thebibliography\}/)
  if (from < 0 || !/\\documentclass\b/.test(text.slice(0, from))) return text
  const end = text.indexOf('\\end{thebibliography}', from)
  const keptTo = end < 0 ? text.length : end
  const lines = (part: string): string => part.replace(/[^\n]+/g, '')
  return lines(text.slice(0, from)) + text.slice(from, keptTo) + lines(text.slice(keptTo))
}

/** Commands around the items of a LaTeX bibliography. */
const AROUND_BIBITEMS =
  /^\s*\\(?:begin|end|providecommand|(?:re)?newcommand|expandafter|makeat\w+|bibliographystyle|ifx|fi\b|def\b|let\b|addcontentsline|small\b|footnotesize\b|itemsep|setlength|bibsep)/

/**
 * PubMed's “Save → PMID” writes only numbers. A single number could be anything, and so could short ones;
 * several of the length of current PMIDs are PMIDs.
 */
function isListOfPmids(text: string, name: string): boolean {
  if (/[^\d\s,;]/.test(text)) return false
  if (/^pmids?\b/i.test(name)) return true
  const numbers = text.split(/[\s,;]+/).filter((word) => word !== '')
  return numbers.length > 1 && numbers.every((number) => /^[1-9]\d{5,7}$/.test(number))
}

/** `PMIDs:` or `PMCID` alone on a line applies to the numbers on the lines below it. */
function underHeadings(lines: readonly string[]): readonly string[] {
  let label: string | null = null
  return lines.map((line) => {
    const heading = /^\s*["']?(pmc?[ _-]?id|pubmed(?: id)?)s?["']?\s?[:,;]?$/i.exec(line.trimEnd())?.[1]
    if (heading !== undefined) {
      label = /^pmc/i.test(heading) ? 'PMCID' : 'PMID'
      return ''
    }
    if (label === null || line.trim() === '') return line
    if (!/^[\s"']*\d{1,9}(?:[\s,;"']+\d{1,9})*[\s,;"']*$/.test(line)) {
      label = null
      return line
    }
    const own: string = label
    return line.replace(/\d{1,9}/g, (number) => `${own}:${number}`).replace(/[,;"']/g, ' ')
  })
}

function asPmids(line: string): string {
  return line.replace(/\d{1,9}/g, 'PMID:$&').replace(/[,;]/g, ' ')
}
