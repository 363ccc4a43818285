/**
 * Citation keys: readable, and permanently the same in every export. A key depends on its work alone, never
 * on other works: a suffix assigned in order would change when a paper is added, and with it every `\cite` in
 * a user's thesis. Hence four digits of the work's own hash.
 */
import { sha256Hex } from '../../platform/sha256'
import type { WriteEntry } from './entry'
import { splitName } from './person-names'

/** The result of the user's pattern, else `vaswani2017attention-1f3a`: letters, digits and a hyphen only. */
export function citationKeyOf({ workId, facts, key }: Pick<WriteEntry, 'workId' | 'facts' | 'key'>): string {
  if (key !== undefined) return key
  const name = splitName(facts.authors?.[0] ?? '')
  const family = ascii('family' in name ? name.family : name.literal).slice(0, 24)
  const words = (facts.title ?? '').split(/[\s\-–—/]+/).map(ascii)
  const word =
    words.find((candidate) => candidate.length > 2 && !SMALL_WORDS.has(candidate)) ?? words[0] ?? ''
  const readable = `${family}${facts.year ?? ''}${word.slice(0, 24)}`
  return `${readable === '' ? 'work' : readable}-${sha256Hex(workId).slice(0, 4)}`
}

const SMALL_WORDS = new Set(
  'a an the on in of for from and to with by at as is are der die das ein eine und le la les un une des el los las del una sur'.split(
    ' '
  )
)

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i'
}

function ascii(text: string): string {
  return text
    .toLowerCase()
    .replace(/[ßæœøđðþłı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replace(/[^a-z0-9]/g, '')
}
