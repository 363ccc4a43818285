/**
 * The readable name of a paper, safe on Windows, macOS and Linux: no reserved names, no trailing
 * dots, bounded in bytes, Unicode NFC. Pure; whether a name is taken is not decided here.
 * Source: Microsoft, “Naming Files, Paths, and Namespaces”; NAME_MAX of 255 bytes on most systems.
 */
import type { Identifiers, WorkFacts } from '../../contract/work'
import type { Format } from '../../contract/words'

export interface Naming {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly workId: string
}

/** Bytes of the whole name with its extension; leaves room for ` (12)` and a temporary ending. */
const MOST_BYTES = 180
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i

/** `n` is 1 for the plain name, 2 for ` (2)`, … */
export function paperName(template: string, naming: Naming, format: Format, n = 1): string {
  const ending = `${n === 1 ? '' : ` (${String(n)})`}.${format}`
  const filled = fill(template, naming)
  const base = filled === '' ? fallback(naming) : filled
  return `${unreserved(cut(base, MOST_BYTES - Buffer.byteLength(ending)))}${ending}`
}

/** Two names that some system would take for one. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function fill(template: string, { ids, facts, workId }: Naming): string {
  const values: Readonly<Record<string, string>> = {
    firstAuthor: familyName(facts.authors?.[0] ?? ''),
    authors: (facts.authors ?? []).slice(0, 3).map(familyName).join(', '),
    year: facts.year === undefined ? '' : String(facts.year),
    title: facts.title ?? '',
    venue: facts.venue ?? '',
    doi: ids.doi ?? '',
    workId
  }
  let known = false
  const text = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    const clean = plain(value)
    if (clean !== '' && name !== 'year') known = true
    return clean
  })
  return known ? tidy(text) : ''
}

/** Parts that are missing vanish with their separators. */
function tidy(text: string): string {
  const separator = String.raw`[\s\-–—_,;.]`
  return clean(
    text
      .replace(/\(\s*\)|\[\s*\]/g, ' ')
      .replace(/(\s[-–—]\s)(?:\s*[-–—]\s)+/g, '$1')
      .replace(new RegExp(`^${separator}+|${separator}+$`, 'gu'), '')
  )
}

function fallback({ ids, workId }: Naming): string {
  const name = ids.doi ?? ids.arxiv ?? ids.pmcid ?? workId
  return clean(name.startsWith('url:') ? `paper ${name.slice(4, 16)}` : name) || 'paper'
}

function familyName(author: string): string {
  const text = plain(author)
  if (text.includes(',')) return text.slice(0, text.indexOf(',')).trim()
  return text.split(/\s+/).at(-1) ?? ''
}

/** Markup, MathML and LaTeX become the words they dress. */
function plain(text: string): string {
  return clean(
    text
      .replace(/<[^<>]*>/g, '')
      .replace(/&amp;/g, '&')
      .replace(/&lt;|&gt;|&quot;|&#\d+;|&\w+;/g, ' ')
      .replace(/\\[a-zA-Z]+\s*/g, '')
      .replace(/[{}$\\^]/g, '')
  )
}

/** What no system takes in a name becomes a space; one space for many; no dot or space at the ends. */
function clean(text: string): string {
  return (
    text
      .normalize('NFC')
      // Controls, surrogates without a partner, invisible direction marks, and the forbidden nine.
      .replace(/[\p{Cc}\p{Cs}\p{Cn}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]/gu, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[\s.]+|[\s.]+$/g, '')
  )
}

function unreserved(base: string): string {
  const stem = base.split('.')[0]?.trim() ?? ''
  return RESERVED.test(stem) ? `_${base}` : base
}

/** At most so many bytes, cut between characters as a person sees them, at a word when one is near. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes - 1) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (Buffer.byteLength(kept) + Buffer.byteLength(segment) > bytes - 1) break
    kept += segment
  }
  const word = kept.lastIndexOf(' ')
  return clean(word > kept.length * 0.7 ? kept.slice(0, word) : kept) || 'paper'
}
