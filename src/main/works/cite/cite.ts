/**
 * Citations and bibliographies in CSL styles, made by citeproc-js. Pure: works and a style in, text out.
 * Loaded on first use, since citeproc is a megabyte.
 */
import CSL from 'citeproc'
import { MOST_CITED, type CitationLocale, type CitationStyle } from '../../../contract/citation-styles'
import { fail } from '../../../contract/errors'
import { forTable } from '../../../contract/exits'
import { cslItemOf } from '../formats/csl-write'
import type { WriteEntry } from '../formats/entry'
import { checkStyle } from './check-style'
import { localeText, styleText } from './bundled'
import { isOneOf } from '../../../contract/tables'

export interface HowToCite {
  /** a bundled style, or the text of a .csl file with its name for errors */
  readonly style: CitationStyle | { readonly xml: string; readonly name: string }
  readonly locale: CitationLocale
  readonly format: 'text' | 'html'
}

export interface Cited {
  /** all works in one citation, as used in a sentence */
  readonly citation: string
  /** in the order of the style; empty when it has no bibliography */
  readonly entries: readonly string[]
  readonly works: number
}

/** Fields that are not part of a citation, or from which citeproc reads commands (`note`). */
const LEFT_OUT = ['abstract', 'annote', 'custom', 'note', 'keyword', 'citation-key', 'id'] as const

/** Throws BAD_FILE for a style that cannot be run, BAD_OPTION for too many works. */
export async function cite(entries: readonly WriteEntry[], how: HowToCite): Promise<Cited> {
  if (entries.length > MOST_CITED)
    fail('BAD_OPTION', `At most ${String(MOST_CITED)} papers are cited at once; choose fewer.`)
  if (entries.length === 0) return { citation: '', entries: [], works: 0 }
  const own = typeof how.style === 'object' ? how.style : null
  const xml = typeof how.style === 'object' ? how.style.xml : await styleText(how.style)
  if (own !== null) checkStyle(own.xml, own.name)
  const locales = new Map<string, string>([
    ['en-US', await localeText('en-US')],
    [how.locale, await localeText(how.locale)]
  ])
  const items = new Map(
    entries.map((entry, at) => [`work-${String(at)}`, itemOf(entry, `work-${String(at)}`)])
  )
  try {
    const engine = new CSL.Engine(
      {
        retrieveLocale: (language) => locales.get(language) ?? false,
        retrieveItem: (id) => structuredClone(items.get(id))
      },
      xml,
      how.locale,
      true
    )
    engine.updateItems([...items.keys()])
    engine.setOutputFormat(how.format)
    const citation = engine.makeCitationCluster([...items.keys()].map((id) => ({ id })))
    const made = engine.makeBibliography()
    const clean = (text: string): string => (how.format === 'text' ? forTable(text.trim()) : text.trim())
    return { citation: clean(citation), entries: made === false ? [] : made[1].map(clean), works: items.size }
  } catch (error) {
    if (own === null) throw error
    return fail('BAD_FILE', `${own.name} cannot be run as a CSL style.`, { cause: error })
  }
}

function itemOf(entry: WriteEntry, id: string): unknown {
  const item = Object.entries(cslItemOf(entry)).filter(
    ([name, value]) => value !== undefined && !isOneOf(LEFT_OUT, name)
  )
  return { ...Object.fromEntries(item), id }
}
