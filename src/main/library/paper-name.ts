/**
 * The readable name of a paper, from a template. Pure. Invariant: the name is valid on Windows, macOS and
 * Linux, since a library may be moved, and is never empty. A `/` of the template (not one of a value)
 * separates folders. Source: Microsoft, "Naming Files, Paths, and Namespaces"; 255 bytes per name on ext4 and
 * APFS.
 */
import { cutTo } from '../../contract/limits'
import { before, trimEndOf } from '../../contract/scan'
import type { Identifiers, WorkFacts } from '../../contract/work'
import { MOST_FOLDERS, NAME_WORDS, type Format } from '../../contract/words'
import { isDeviceName } from '../platform/recorded-path'
import { familyNameOf } from './family-name'
import { withoutMarkup } from './plain-words'
import { sha256Hex } from '../platform/sha256'

export interface Naming {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly workId: string
  readonly format: Format
}

/** Including its extension; leaves room for ` (2)` and for a temporary suffix below every system's limit. */
export const MOST_BYTES = 180
/** Per folder: current Windows programs still limit a path to 260 characters. */
const MOST_FOLDER_BYTES = 60

const PARTS = NAME_WORDS
type PartName = (typeof PARTS)[number]
/** Fields that distinguish papers; for a template without any of them every known field is enough. */
const TELLING: readonly PartName[] = ['title', 'doi', 'workId']

/**
 * Relative to the folder of papers, with forward slashes; a folder whose fields are all unknown is left out.
 */
export function paperName(template: string, naming: Naming): string {
  const ending = `.${naming.format}`
  const values = valuesOf(naming)
  const parts = template.split('/')
  const own = parts.pop() ?? ''
  const stem = fillIn(own, values) ?? unnamed(naming)
  const room = MOST_BYTES - Buffer.byteLength(ending)
  const safe = safeStem(stem, room)
  const name = (safe === '' ? safeStem(`work ${hashOf(naming.workId)}`, room) : safe) + ending
  const folders = parts
    .slice(0, MOST_FOLDERS)
    .map((part) => safeStem(fillWords(part, values), MOST_FOLDER_BYTES))
  return [...folders.filter((folder) => folder !== ''), name].join('/')
}

/** `name (2).pdf`, shortened to fit. */
export function numbered(name: string, number: number): string {
  if (number <= 1) return name
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  const own = name.slice(folder.length)
  const dot = own.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [own.slice(0, dot), own.slice(dot)] : [own, '']
  const suffix = ` (${String(number)})`
  return folder + safeStem(stem, MOST_BYTES - Buffer.byteLength(suffix + ending)) + suffix + ending
}

/**
 * Whether this name is the template's result, with or without a number after it. Relative to the folder of
 * papers.
 */
export function isNamedBy(template: string, naming: Naming, name: string): boolean {
  const wanted = paperName(template, naming)
  const number = / \((\d{1,5})\)\.\w+$/.exec(name)?.[1]
  return sameName(name, wanted) || (number !== undefined && sameName(name, numbered(wanted, Number(number))))
}

/** Two names that at least one of the three systems treats as equal. */
export function sameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other)
}

export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC')
}

/** The known fields of a work, as the template's values. */
function valuesOf(naming: Naming): Readonly<Record<PartName, string>> {
  const authors = (naming.facts.authors ?? [])
    .map((author) => familyNameOf(withoutMarkup(author)))
    .filter((name) => name !== '')
  const [first = '', second = ''] = authors
  const crowd = authors.length > 2 ? `${first} et al.` : authors.length === 2 ? `${first} & ${second}` : first
  return {
    firstAuthor: first,
    authors: crowd,
    year: naming.facts.year === undefined ? '' : String(naming.facts.year),
    title: withoutMarkup(naming.facts.title ?? ''),
    venue: withoutMarkup(naming.facts.venue ?? ''),
    doi: naming.ids.doi ?? '',
    workId: naming.workId
  }
}

/** Placeholder for an unknown field until it is removed; no service's text contains it. */
const MISSING = '\ue000'
const SEPARATOR = '[\\s–—_,;:.&-]{0,9}'

/**
 * The template with its fields filled in (`fillWords`). An unknown field is removed with its brackets and one
 * separator. Null when no field that distinguishes papers is left.
 */
function fillIn(template: string, values: Readonly<Record<PartName, string>>): string | null {
  const telling = PARTS.filter((part) => TELLING.includes(part) && template.includes(`{${part}}`))
  const known = (telling.length > 0 ? telling : PARTS).some((part) => values[part].trim() !== '')
  if (!known) return null
  return fillWords(template, values)
}

/** The template with its fields filled in; unknown ones are removed with their separators. */
function fillWords(template: string, values: Readonly<Record<PartName, string>>): string {
  const filled = template.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => {
    const part = PARTS.find((one) => one === name)
    if (part === undefined) return whole
    return cutTo(values[part], 'title').replaceAll(MISSING, '').trim() || MISSING
  })
  const bare = filled.replace(new RegExp(`[([{]\\s*${MISSING}\\s*[)\\]}]`, 'g'), MISSING)
  let name = bare
  while (name.includes(MISSING)) {
    name = name.replace(
      new RegExp(`(${SEPARATOR})${MISSING}(${SEPARATOR})`),
      (whole, before: string, after: string, at: number) => {
        const isEdge = at === 0 || at + whole.length === name.length || /[([{]/.test(name[at - 1] ?? '')
        return isEdge ? '' : moreTelling(before, after)
      }
    )
  }
  return name
}

/** Of the separators around a missing field the more visible one stays. */
function moreTelling(one: string, other: string): string {
  return other.trim().length > one.trim().length || one === '' ? other : one
}

function unnamed(naming: Naming): string {
  const name = naming.ids.doi ?? naming.ids.arxiv ?? naming.ids.pmcid ?? naming.workId
  return name.startsWith('url:') ? `paper ${name.slice(4, 20)}` : name
}

/** Replaces or removes every character that a system refuses, and every form that it would change. */
function safeStem(text: string, room: number): string {
  let stem = text
    .replace(/\p{Cs}/gu, '')
    .normalize('NFC')
    .replace(/["“”„«»]/g, '’')
    .replace(/\s+/g, ' ')
    .replace(/ ?[:|] ?/g, ' – ')
    .replace(/[/\\]/g, '_')
    .replace(/[<>*?]/g, '')
    // Controls, invisible marks, private and unassigned characters; joiners are letters in many scripts.
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, (mark) =>
      /\s/.test(mark) ? ' ' : ''
    )
    .replace(/\s+/gu, ' ')
    .replace(/^(?:[.\s~–-]|\u200c|\u200d)+/u, '')
    .normalize('NFC')
  if (isDeviceName(before(stem, ' '))) stem = `_${stem}`
  return trimEndOf(cutToBytes(trimEndOf(stem, /[.\s\u200c\u200d]/u), room), /[.\s]/u)
}

/** Cut between grapheme clusters, and at a word boundary when that costs little. */
function cutToBytes(text: string, room: number): string {
  if (Buffer.byteLength(text) <= room) return text
  let kept = ''
  let bytes = 0
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > room) break
    kept += segment
  }
  const word = kept.lastIndexOf(' ')
  return trimEndOf(word > kept.length * 0.7 ? kept.slice(0, word) : kept, /[\s,;–-]/u)
}

const hashOf = (text: string): string => sha256Hex(text).slice(0, 16)
