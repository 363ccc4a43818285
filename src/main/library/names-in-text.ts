/**
 * The identifiers and people a first page speaks of. Pure. A DOI in a list of references is somebody
 * else's; one split over a line end is still one.
 */
import { familyNameOf } from './family-name'
import { wordsOf } from './plain-words'

/** The text before the list of references, if there is one. */
export function beforeReferences(text: string): string {
  const at = text.search(
    /(?:^|\n)\s*(?:\d+\.?\s*)?(?:references(?: and notes| cited)?|bibliography|literature cited|works cited|literatur(?:verzeichnis)?|r[ée]f[ée]rences(?: bibliographiques)?|bibliograf[íi]a|referencias|refer[êe]ncias)\s*:?\s*(?:\n|$|\[?1[\].\s])/i
  )
  return at < 0 ? text : text.slice(0, at)
}

/** Does this very DOI stand in the text, perhaps parted by a line end? */
export function hasDoi(text: string, doi: string): boolean {
  // The pattern is slow, and most pages do not have it at all.
  if (
    !text
      .replace(/[\s\u00ad]+/g, '')
      .toLowerCase()
      .includes(doi.toLowerCase())
  )
    return false
  const letters = Array.from(doi, (letter) => letter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  // A longer number or a supplement's suffix is another DOI.
  const pattern = new RegExp(
    `(?<![\\d.])${letters.join('[\\s\\u00ad]{0,3}')}(?![\\p{L}\\p{N}]|\\.[st]\\d)`,
    'iu'
  )
  return pattern.test(text)
}

export const FOREIGN =
  /(?:related|companion|errat|corrig|correct(?:ion|ed|s)|original (?:article|paper|publication|version)|supplement|data ?set|data (?:are|is|available)|code|software|available (?:at|from|in|on)|see also|comment(?:ary)? on|repl(?:y|ies) to|preprint|previous version|version of record|cited|[\]\d]\.\s*$|et al)/i

/** The DOI that the page gives as its own: labelled, not foreign by what stands before it, and alone. */
export function ownDoiOf(page: string): string | null {
  const text = beforeReferences(page)
  const found = new Set<string>()
  for (const match of text.matchAll(/\b10\.\d{4,9}\/[^\s"<>|]+/g)) {
    const before = text.slice(Math.max(0, match.index - 90), match.index)
    const labelled = /doi(?:\.org\/|\s*:?\s*(?:https?:\/\/)?(?:dx\.)?(?:doi\.org\/)?|:\s*)$/i.test(before)
    if (!labelled || FOREIGN.test(before)) continue
    const doi = match[0].replace(/[).,;:\]}]+$/, '').toLowerCase()
    if (doi.length > 9) found.add(doi)
  }
  const [only] = found
  return found.size === 1 && only !== undefined ? only : null
}

/** The id in the stamp that arXiv prints on the margin of the first page, without its version. */
export function arxivStampOf(page: string): string | null {
  const found = /arXiv:\s*((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7}))(?:v\d+)?\s*\[[a-z-]+/i.exec(page)
  return found?.[1]?.toLowerCase() ?? null
}

/** How many of the first authors' family names stand in the text. */
export function countAuthors(authors: readonly string[], text: string): { found: number; of: number } {
  const page = ` ${wordsOf(text).join(' ')} `
  const tight = page.replaceAll(' ', '')
  let found = 0
  let of = 0
  for (const author of authors.slice(0, 8)) {
    const name = wordsOf(familyNameOf(author)).join(' ')
    if (name.length < 2) continue
    of += 1
    // Superscripts cling to names (`Müller1,2`), so longer names may end in digits.
    const whole = page.includes(` ${name} `) || new RegExp(` ${name}\\d{1,3} `, 'u').test(page)
    if (whole || (name.length >= 6 && tight.includes(name.replaceAll(' ', '')))) found += 1
  }
  return { found, of }
}

export function hasYear(text: string, year: number): boolean {
  return new RegExp(`(?<!\\d)${String(year)}(?!\\d)`).test(text)
}
